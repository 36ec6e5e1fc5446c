/** Keeps the flow logs of a running lab: it gets every report, and polls what connections have carried since. */
import { setTimeout as sleep } from 'node:timers/promises';
import { traitsOfInterface } from '../cloud/instances/kinds.js';
import { byId } from '../cloud/lookup.js';
import type { Cloud } from '../cloud/types.js';
import { connectionCount, countConnections } from '../kernel/conntrack-counters.js';
import { KernelError } from '../kernel/errors.js';
import { cardNamespace } from '../kernel/lab-names.js';
import type { Netns } from '../kernel/netns.js';
import type { LogRecord } from '../kernel/nflog.js';
import type { Lab } from '../lab/lab.js';
import type { ObservedNamespace } from '../observe/observer.js';
import { ruleIdsByIndex } from '../observe/sighting.js';
import { InterfaceLog, type PollContext } from '../records/flow-logs/interface-log.js';
import { type InterfaceIndex, indexInterfaces, placeKey } from '../records/flow-logs/logged-interfaces.js';
import { readFlowReport } from '../records/flow-logs/read-report.js';
import type { InterfaceRecords } from '../records/flow-logs/types.js';
import { MARK_RULE_MASK } from '../ruleset/names.js';

/**
 * Shorter than the shortest time for which a card tracks a connection (a reset one: 10 s), so that no packet is missed.
 */
const POLL_MS = 5000;

/** A card with more connections is not polled: it would delay everything else. Its log says SKIPDATA. */
const MAX_CONNECTIONS = 20_000;

/** Logs of deleted interfaces that are kept; beyond that the oldest are dropped. */
const MAX_DELETED_LOGS = 100;

/** Reports that the kernel has sent until now are read within this time. */
const READ_MS = 10;

export class FlowRecorder {
  readonly #live: Lab;
  readonly #logs = new Map<string, InterfaceLog>();
  readonly #unlisten: readonly (() => void)[];
  readonly #timer: NodeJS.Timeout;
  /** Interfaces whose rules do not report: the packets that pass them are only counted. */
  #unreported: readonly string[] = [];
  #index: { readonly of: Cloud; readonly interfaces: InterfaceIndex } | null = null;
  /** Seconds by which the lab's clock has been advanced. */
  #advanced = 0;

  constructor(live: Lab) {
    this.#live = live;
    this.#follow(live.cloud);
    this.#unlisten = [
      live.traffic.observer.listen({
        onRecord: (place, record) => this.#onRecord(place, record),
        onEnd: () => this.close(),
      }),
      live.changing.add((before, next) => this.#onChange(before, next)),
    ];
    this.#timer = setInterval(() => this.#poll(this.#active()), POLL_MS).unref();
  }

  /**
   * Returns everything that was seen until now.
   * @param interfaceIds null: all interfaces, including deleted ones
   */
  async records(interfaceIds: readonly string[] | null): Promise<InterfaceRecords[]> {
    await this.settle();
    return [...this.#logs]
      .filter(([id]) => interfaceIds === null || interfaceIds.includes(id))
      .map(([, log]) => log.content);
  }

  /** Called before time advances, so that traffic until now is recorded with the old time. */
  async settle(): Promise<void> {
    await sleep(READ_MS);
    this.#poll([...this.#logs.keys()]);
  }

  /** Called after time has advanced: an interval of records may be over. */
  advance(seconds: number): void {
    this.#advanced += seconds;
  }

  close(): void {
    clearInterval(this.#timer);
    for (const unlisten of this.#unlisten) unlisten();
  }

  #onRecord(place: ObservedNamespace, record: LogRecord): void {
    const report = readFlowReport(this.#live.cloud, record, place.interfaceId);
    if (report === null) return;
    const interfaceId = place.interfaceId ?? this.#interfaceAt(place, record, report.stage, report.packet.destination);
    if (interfaceId !== null) this.#logs.get(interfaceId)?.report(report, this.#minute(report.time));
  }

  /**
   * A network ACL is filtered in the VPC's router: outbound it applies to the sender's interface, inbound to the
   * receiver's.
   */
  #interfaceAt(
    { netns }: ObservedNamespace,
    { linkHeader }: LogRecord,
    stage: string,
    destination: string,
  ): string | null {
    const { byMac, byAddress } = this.#interfaces;
    if (stage === 'nacl-inbound') return byAddress.get(placeKey(netns.name, destination)) ?? null;
    return (
      byMac.get(
        linkHeader
          .subarray(6, 12)
          .toString('hex')
          .replace(/..(?=.)/g, '$&:'),
      ) ?? null
    );
  }

  #onChange(before: Cloud, next: Cloud): void {
    const { networkInterfaces } = before;
    if (networkInterfaces === next.networkInterfaces) return;
    this.#poll(Object.keys(networkInterfaces).filter((id) => !Object.hasOwn(next.networkInterfaces, id)));
    this.#follow(next);
  }

  /** Called before the first packet of a new interface can pass. */
  #follow(cloud: Cloud): void {
    for (const [id, about] of indexInterfaces(cloud).byId) {
      const log = this.#logs.get(id);
      if (log === undefined) this.#logs.set(id, new InterfaceLog(about, seconds()));
      else log.about = about;
    }
    this.#unreported = Object.values(cloud.networkInterfaces)
      .filter((eni) => Object.values(traitsOfInterface(cloud, eni)).includes('open'))
      .map(({ id }) => id);
    const gone = [...this.#logs.keys()].filter((id) => !Object.hasOwn(cloud.networkInterfaces, id));
    for (const id of gone.slice(0, -MAX_DELETED_LOGS)) this.#logs.delete(id);
  }

  #active(): string[] {
    const active = [...this.#logs].filter(([, log]) => log.isActive).map(([id]) => id);
    return [...new Set([...active, ...this.#unreported])];
  }

  #poll(interfaceIds: readonly string[]): void {
    const { cloud, namespaces } = this.#live;
    const rules = ruleIdsByIndex(cloud);
    const now = seconds();
    const ruleOf = (mark: number) => rules.get(mark & MARK_RULE_MASK) ?? null;
    const look: PollContext = { now, minute: this.#minute(now), ruleOf };
    for (const id of interfaceIds) {
      const [log, eni] = [this.#logs.get(id), cloud.networkInterfaces[id]];
      if (log === undefined || eni === undefined) continue;
      const netns = namespaces.netns(
        cardNamespace(cloud.name, byId(cloud.instances, eni.instanceId).name, eni.deviceIndex),
      );
      const connections = connectionsOf(netns);
      if (connections === null) log.skip(now);
      else log.settle(connections, look);
    }
  }

  get #interfaces(): InterfaceIndex {
    const { cloud } = this.#live;
    if (this.#index?.of !== cloud) this.#index = { of: cloud, interfaces: indexInterfaces(cloud) };
    return this.#index.interfaces;
  }

  #minute(time: number): number {
    return Math.floor((time + this.#advanced) / 60);
  }
}

/** @returns null where they are too many, or this process lacks what it needs to look */
function connectionsOf(netns: Netns): ReturnType<typeof countConnections> | null {
  try {
    const count = connectionCount(netns);
    if (count > MAX_CONNECTIONS) return null;
    return count === 0 ? [] : countConnections(netns);
  } catch (error) {
    if (error instanceof KernelError) return null;
    throw error;
  }
}

function seconds(): number {
  return Date.now() / 1000;
}
