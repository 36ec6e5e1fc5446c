/** The conversations between machines, and whether each passed when it was tried last: a history of verdicts is made of them. */
import { keyOfPacket, reverseKeyOfPacket } from '../../observe/flow-key.js';
import type { Packet } from '../../observe/packet.js';
import { trafficText } from '../../verdict/phrases.js';
import type { Hop } from '../../verdict/types.js';
import type { ChangeEntry, FlowVerdict, VerdictEntry } from './types.js';

/** Flows and conversations that are remembered; the oldest make room. */
const MAX_CONVERSATIONS = 4096;

/** A hop of a packet, with the rule or entry that decided. */
export type ReportedHop = Pick<Hop, 'stage' | 'verdict' | 'rule'> & { readonly packet: Packet };

/** The changes of the lab that were in force. */
export interface LabRevision {
  /** Number of the last change. */
  readonly last: number;
  /** Another one is being made: what is seen may be due to it already. */
  readonly changing: boolean;
}

/** Everything that one machine asks of another one by one protocol and port. */
interface Conversation {
  readonly from: string;
  readonly to: string;
  readonly traffic: string;
  latest: { readonly verdict: FlowVerdict; readonly at: number } | null;
  /** Heard just now: the verdict is known when its packets have passed every place. */
  pending: { readonly verdict: FlowVerdict; readonly revision: LabRevision } | null;
}

export class Conversations {
  readonly #conversations = new Map<string, Conversation>();
  /** Conversations by the key of a flow that asks. */
  readonly #flows = new Map<string, Conversation>();
  readonly #pending = new Set<Conversation>();

  /**
   * @param nameOf the machine that has an address, by its private or its public one
   * @returns what differs from before a change
   */
  see(hop: ReportedHop, nameOf: (address: string) => string, revision: LabRevision): VerdictEntry[] {
    const asked = this.#flows.get(this.#key(reverseKeyOfPacket, hop.packet, nameOf));
    const conversation = asked ?? this.#add(hop.packet, nameOf);
    const verdict = verdictOf(hop, asked !== undefined);
    const { pending } = conversation;
    const isLater =
      pending !== null && (pending.revision.last !== revision.last || pending.revision.changing !== revision.changing);
    const reported = isLater ? this.#report(conversation) : null;
    // A pass at one place says nothing against a drop at another.
    conversation.pending = { verdict: joined(conversation.pending?.verdict ?? null, verdict), revision };
    this.#pending.add(conversation);
    return reported === null ? [] : [reported];
  }

  /** Takes what was heard for all that there is to hear. @returns what differs from before a change */
  settle(): VerdictEntry[] {
    return [...this.#pending].flatMap((each) => this.#report(each) ?? []);
  }

  #report(conversation: Conversation): VerdictEntry | null {
    const { latest, pending, from, to, traffic } = conversation;
    if (pending === null) return null;
    const { verdict, revision } = pending;
    conversation.pending = null;
    this.#pending.delete(conversation);
    const isOther = latest !== null && !isSame(latest.verdict, verdict);
    const at = isOther && revision.changing ? revision.last + 1 : revision.last;
    conversation.latest = { verdict, at };
    if (!isOther || latest.at >= at) return null;
    const changes = Array.from({ length: at - latest.at }, (_, place) => latest.at + 1 + place);
    const time = new Date().toISOString();
    return { type: 'verdict', time, changes, from, to, traffic, before: latest.verdict, after: verdict };
  }

  #add(packet: Packet, nameOf: (address: string) => string): Conversation {
    const key = this.#key(keyOfPacket, packet, nameOf);
    const [from, to] = [nameOf(packet.source), nameOf(packet.destination)];
    const traffic = trafficText(packet.protocol, packet.destinationPort);
    const name = `${from} ${to} ${traffic}`;
    const conversation = this.#conversations.get(name) ?? { from, to, traffic, latest: null, pending: null };
    remember(this.#conversations, name, conversation);
    remember(this.#flows, key, conversation);
    return conversation;
  }

  /** An internet gateway exchanges addresses: names stay. */
  #key(keyOf: (packet: Packet) => string, packet: Packet, nameOf: (address: string) => string): string {
    return keyOf({ ...packet, source: nameOf(packet.source), destination: nameOf(packet.destination) });
  }
}

function verdictOf({ verdict, stage, rule }: ReportedHop, isReply: boolean): FlowVerdict {
  const rules = rule === null ? [] : [rule];
  if (verdict === 'pass') return { verdict: 'passed', stage: null, leg: null, rules };
  return { verdict: 'dropped', stage, leg: isReply ? 'reply' : 'request', rules };
}

/** The verdict on a packet after several places, or on a packet and its answer. */
function joined(one: FlowVerdict | null, other: FlowVerdict): FlowVerdict {
  if (one === null || other.verdict === 'dropped') return other;
  return one.verdict === 'dropped' ? one : { ...one, rules: [...new Set([...one.rules, ...other.rules])] };
}

function isSame(one: FlowVerdict, other: FlowVerdict): boolean {
  return one.verdict === other.verdict && one.stage === other.stage && one.leg === other.leg;
}

function remember<T>(map: Map<string, T>, key: string, value: T): void {
  map.delete(key);
  map.set(key, value);
  const [oldest] = map.keys();
  if (oldest !== undefined && map.size > MAX_CONVERSATIONS) map.delete(oldest);
}

/**
 * Leaves of several changes between two verdicts those that are the reason: the kernel says which rule decided before and after, and
 * these changed it. All of them stay where no such rule is known, for groups that were attached or detached.
 */
export function withReasons(entry: VerdictEntry, changes: readonly ChangeEntry[]): VerdictEntry {
  if (entry.changes.length < 2) return entry;
  const rules = [...entry.before.rules, ...entry.after.rules];
  const reasons = changes.filter(
    (change) => entry.changes.includes(change.number) && rules.some((rule) => concerns(change, rule)),
  );
  return reasons.length === 0 ? entry : { ...entry, changes: reasons.map(({ number }) => number) };
}

/** @param rule `sgr-…`, or an entry of a network ACL: `acl-…/90` */
function concerns({ changes }: ChangeEntry, rule: string): boolean {
  const [list = '', entry] = rule.split('/');
  if (entry !== undefined) return changes.some(({ id }) => id === list);
  return changes.some(
    ({ kind, before, after }) => kind === 'securityGroups' && JSON.stringify([before, after]).includes(rule),
  );
}
