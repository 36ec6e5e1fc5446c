/** Watches the verdicts on flows, and adds one to the history if it differs from that before a change. */
import { addressNamer } from '../cloud/text/address-names.js';
import type { Cloud } from '../cloud/types.js';
import type { LogRecord } from '../kernel/nflog.js';
import type { Lab } from '../lab/lab.js';
import { readSighting, ruleOf } from '../observe/sighting.js';
import { Conversations, withReasons } from '../records/history/conversations.js';
import type { VerdictEntry } from '../records/history/types.js';

/** A packet that passes one stage may be dropped at the next: reports within this time are one verdict. */
const VERDICT_WINDOW_MS = 150;

/** Entries for one change; a scan of every port would add many that say nothing new. */
const MAX_VERDICTS_PER_CHANGE = 500;

/** Watches as long as the lab is live. */
export function watchVerdicts(live: Lab): void {
  const conversations = new Conversations();
  let timer: NodeJS.Timeout | null = null;
  let names: { readonly of: Cloud; readonly nameOf: (address: string) => string } | null = null;
  let written = { change: 0, entries: 0 };

  const write = (entries: readonly VerdictEntry[]) => {
    for (const entry of entries) {
      written = { change: live.history.last, entries: written.change === live.history.last ? written.entries + 1 : 1 };
      if (written.entries <= MAX_VERDICTS_PER_CHANGE) live.history.add(withReasons(entry, live.history.recent));
    }
  };
  const onRecord = (record: LogRecord, interfaceId: string | null) => {
    if (live.isRehearsing) return;
    const sighting = readSighting(record, interfaceId);
    if (sighting === null || (sighting.packet.icmp?.about ?? null) !== null) return;
    if (names?.of !== live.cloud) names = { of: live.cloud, nameOf: addressNamer(live.cloud) };
    const revision = { last: live.history.last, changing: live.isChanging };
    const hop = { ...sighting, rule: ruleOf(live.cloud, sighting) };
    write(conversations.see(hop, names.nameOf, revision));
    timer ??= setTimeout(() => {
      timer = null;
      write(conversations.settle());
    }, VERDICT_WINDOW_MS).unref();
  };
  live.traffic.observer.listen({
    onRecord: ({ interfaceId }, record) => onRecord(record, interfaceId),
    onEnd: () => clearTimeout(timer ?? undefined),
  });
}
