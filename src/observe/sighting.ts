/** What the kernel said about one packet at one place. */
import type { LogRecord } from '../kernel/nflog.js';
import { MARK_RULE_MASK, MARK_UNTRACKED } from '../ruleset/names.js';
import type { Leg, Stage } from '../verdict/types.js';
import { type Packet, parsePacket } from './packet.js';

export interface Sighting {
  readonly verdict: 'pass' | 'drop';
  readonly stage: Stage;
  /** Why, where the stage alone does not say it: `no-route`, `no-public-address`, `no-interface`. */
  readonly cause: string | null;
  /** `SecurityGroupRule.index` of the rule that let it pass; 0 where none did. */
  readonly ruleIndex: number;
  /** Let pass as part of an untracked flow: each of its packets is judged again. */
  readonly untracked: boolean;
  /** The card's network interface; null on a router. */
  readonly interfaceId: string | null;
  readonly packet: Packet;
}

/** A sighting as part of one flow. */
export interface Seen {
  readonly sighting: Sighting;
  readonly leg: Leg;
  /** It was an ICMP error about the flow, not a packet of it. */
  readonly error: boolean;
}

/** Reads the prefix that the rulesets write: `pass <stage>`, `drop <stage>`, `drop <stage> <cause>`. */
export function readSighting(record: LogRecord, interfaceId: string | null): Sighting | null {
  const [verdict, stage, cause] = record.prefix.split(' ');
  const packet = parsePacket(record.packet);
  if ((verdict !== 'pass' && verdict !== 'drop') || stage === undefined || packet === null) return null;
  return {
    verdict,
    stage: stage as Stage,
    cause: cause ?? null,
    ruleIndex: record.mark & MARK_RULE_MASK,
    untracked: record.mark >= MARK_UNTRACKED,
    interfaceId,
    packet,
  };
}
