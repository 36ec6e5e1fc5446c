import type { SecurityGroupRule } from '../../cloud/groups/types.js';
import type { PathEntry, ProbeResult } from '../../verdict/types.js';
import type { Pair } from './ends.js';

/** One packet that was sent, and between whom. */
export interface Sent {
  readonly pair: Pair;
  readonly probe: ProbeResult;
  readonly words: string;
}

/** The stage at which the rule of that direction decided about the request. */
export function admission(rule: SecurityGroupRule, { pair, probe }: Sent): PathEntry | undefined {
  const stage = rule.direction === 'ingress' ? 'sg-ingress' : 'sg-egress';
  return probe.path.find(
    (entry) =>
      entry.stage === stage && entry.leg === 'request' && entry.verdict === 'pass' && entry.interface === pair.memberId,
  );
}
