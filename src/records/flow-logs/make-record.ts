import type { Direction } from '../../cloud/groups/types.js';
import { type FlowEnds, isIcmp } from '../../observe/flow-key.js';
import type { Stage } from '../../verdict/types.js';
import type { FlowRecord, LoggedInterface } from './types.js';

export interface SeenTraffic
  extends Pick<
    FlowRecord,
    'action' | 'packets' | 'bytes' | 'start' | 'end' | 'tcpFlags' | 'rule' | 'reply' | 'minute'
  > {
  readonly protocol: number;
  readonly ends: FlowEnds;
  /** Where it was reported; null where it was only counted. */
  readonly stage: Stage | null;
}

/**
 * AWS's view of it: the interface's own side has its primary address, also where the packet was for another one of its addresses or is on
 * its way through; ICMP has no ports.
 */
export function makeRecord(about: LoggedInterface, { ends, stage, ...seen }: SeenTraffic): FlowRecord {
  const { addresses, ...ids } = about;
  const direction = directionOf(addresses, ends, stage);
  const own = (address: string) => addresses.find((each) => each.includes(':') === address.includes(':')) ?? address;
  const hasPorts = !isIcmp(seen.protocol);
  return {
    ...ids,
    ...seen,
    direction,
    srcaddr: direction === 'egress' ? own(ends.source) : ends.source,
    dstaddr: direction === 'ingress' ? own(ends.destination) : ends.destination,
    srcport: hasPorts ? ends.sourcePort : 0,
    dstport: hasPorts ? ends.destinationPort : 0,
    pktSrcaddr: ends.source,
    pktDstaddr: ends.destination,
    stage: seen.action === 'REJECT' ? stage : null,
  };
}

function directionOf(addresses: readonly string[], ends: FlowEnds, stage: Stage | null): Direction {
  if (stage === 'sg-egress' || stage === 'nacl-outbound') return 'egress';
  if (stage === 'sg-ingress' || stage === 'nacl-inbound') return 'ingress';
  return addresses.includes(ends.source) ? 'egress' : 'ingress';
}
