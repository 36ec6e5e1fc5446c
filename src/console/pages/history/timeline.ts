/** The history as lines of the page. Pure. */
import type { ChangeEntry, HistoryEntry, VerdictEntry } from '../../../records/history/types.js';
import { flowVerdictText } from '../../../verdict/phrases.js';

export interface Line {
  /** Unique. */
  readonly key: string;
  readonly type: HistoryEntry['type'];
  readonly time: string;
  /** The number of a change; null for all else. */
  readonly number: number | null;
  readonly who: string;
  readonly what: string;
  readonly details: readonly string[];
}

/** Lines that one change may fill; the definition of a whole lab is counted. */
const MAX_DETAILS = 12;

/** Entries of two sources, of which the later may repeat some of the earlier. */
export function joined(loaded: readonly HistoryEntry[], news: readonly HistoryEntry[]): HistoryEntry[] {
  const last = loaded.slice(-news.length * 2 || loaded.length).map((entry) => JSON.stringify(entry));
  const known = new Set(last);
  return [...loaded, ...news.filter((entry) => !known.has(JSON.stringify(entry)))];
}

/** The newest first. A verdict stands with the changes that may have turned it, and as a line of its own. */
export function linesOf(entries: readonly HistoryEntry[]): Line[] {
  const verdicts = entries.filter((entry) => entry.type === 'verdict');
  return entries.map((entry, at) => lineOf(entry, String(at), verdicts)).reverse();
}

function lineOf(entry: HistoryEntry, key: string, verdicts: readonly VerdictEntry[]): Line {
  const { type, time } = entry;
  switch (entry.type) {
    case 'change': {
      const turned = verdicts.filter(({ changes }) => changes.includes(entry.number)).map(verdictText);
      const details = [...differences(entry), ...limited(turned, 'verdicts')];
      return { key, type, time, number: entry.number, who: entry.caller, what: entry.action, details };
    }
    case 'verdict': {
      const since = `since change ${entry.changes.map((number) => `#${number}`).join(', ')}`;
      return { key, type, time, number: null, who: 'packets', what: verdictText(entry), details: [since] };
    }
    case 'drift': {
      const what = entry.isMended ? 'repaired' : 'somebody else has changed the kernel';
      const details = entry.places.flatMap(({ namespace, differences }) =>
        differences.map((difference) => `${namespace}: ${difference}`),
      );
      return { key, type, time, number: null, who: entry.isMended ? 'sglab' : 'unknown', what, details };
    }
  }
}

function verdictText({ from, to, traffic, before, after }: VerdictEntry): string {
  return `${from} → ${to} ${traffic}: ${flowVerdictText(before)} before, ${flowVerdictText(after)} since`;
}

function differences({ changes }: ChangeEntry): string[] {
  return limited(
    changes.flatMap(({ words }) => words),
    'differences',
  );
}

function limited(lines: readonly string[], what: string): string[] {
  if (lines.length <= MAX_DETAILS) return [...lines];
  return [...lines.slice(0, MAX_DETAILS - 1), `and ${lines.length - MAX_DETAILS + 1} more ${what}`];
}
