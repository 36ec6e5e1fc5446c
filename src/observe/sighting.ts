/** Reads the kernel's record of one packet at one place as a hop. */
import type { Cloud } from '../cloud/types.js';
import type { LogRecord } from '../kernel/nflog.js';
import { MARK_RULE_MASK, MARK_UNTRACKED } from '../ruleset/names.js';
import { DROP_CAUSES, type Hop, type PacketHop, type Stage } from '../verdict/types.js';
import { type Packet, parsePacket } from './packet.js';

/** A hop as the kernel's record has it: rules of security groups are numbers, which only the cloud turns into ids. */
export interface Sighting extends PacketHop {
  readonly verdict: 'pass' | 'drop';
  /** Id of the network ACL's entry that dropped it; null for everything else. */
  readonly rule: string | null;
  /** `SecurityGroupRule.index` of the rule that let it pass; 0 where none did. */
  readonly ruleIndex: number;
  /** Let pass as part of an untracked flow: each of its packets is judged again. */
  readonly untracked: boolean;
  readonly packet: Packet;
}

/** A sighting whose flow is known. */
export interface Seen extends Sighting, Hop {
  readonly verdict: 'pass' | 'drop';
  /** It was an ICMP error about the flow, not a packet of it. */
  readonly error: boolean;
}

/** Reads the prefix that the rulesets write: `pass <stage>`, `drop <stage>`, `drop <stage> <cause or entry>`. */
export function readSighting(record: LogRecord, interfaceId: string | null): Sighting | null {
  const [verdict, stage, word] = record.prefix.split(' ');
  const packet = parsePacket(record.packet);
  if ((verdict !== 'pass' && verdict !== 'drop') || stage === undefined || packet === null) return null;
  const cause = DROP_CAUSES.find((each) => each === word) ?? null;
  return {
    verdict,
    stage: stage as Stage,
    cause,
    rule: cause === null ? (word ?? null) : null,
    ruleIndex: record.mark & MARK_RULE_MASK,
    untracked: record.mark >= MARK_UNTRACKED,
    interface: interfaceId,
    packet,
  };
}

/** The id of the rule or entry that decided, by the cloud that was in force; null where none did, or where it is gone. */
export function ruleOf(cloud: Cloud, { rule, ruleIndex }: Sighting): string | null {
  return rule ?? ruleIdsByIndex(cloud).get(ruleIndex) ?? null;
}

const cache = new WeakMap<Cloud['securityGroups'], Map<number, string>>();

/** Rule ids by the index that the kernel carries; computed once per set of groups. */
export function ruleIdsByIndex(cloud: Cloud): ReadonlyMap<number, string> {
  const known = cache.get(cloud.securityGroups);
  if (known) return known;
  const rules = Object.values(cloud.securityGroups).flatMap((group) => group.rules);
  const made = new Map(rules.map((rule) => [rule.index, rule.id]));
  cache.set(cloud.securityGroups, made);
  return made;
}
