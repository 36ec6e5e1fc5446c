import { CloudError } from '../errors.js';
import type { Direction, Family } from '../groups/types.js';
import { hasPorts, normaliseProtocol, normaliseRange, type PortRange } from '../protocol.js';
import { trafficWords } from '../text/rule-text.js';
import { parsePeerCidr } from './block.js';
import type { NetworkAclEntry } from './types.js';

/** 32767 is the `*` entry, which nobody can write (MODEL). */
const NUMBERS = { first: 1, last: 32766 } as const;

/** An entry as it is asked for: plain JSON, anything that CreateNetworkAclEntry takes. */
export interface EntryInput {
  readonly number: number;
  readonly direction: Direction;
  readonly action: 'allow' | 'deny';
  /** A name in any case, a number, or `-1`. */
  readonly protocol: string;
  /** First port or ICMP type; needed for tcp, udp and icmp, ignored where the protocol has neither (S102). */
  readonly fromPort: number | null;
  readonly toPort: number | null;
  readonly cidr: string;
}

/** Checks an entry and puts it in the form in which it is stored. Throws CloudError. */
export function normaliseEntry(input: EntryInput): NetworkAclEntry {
  const { number, direction, action } = input;
  if (!Number.isInteger(number) || number < NUMBERS.first || number > NUMBERS.last) {
    throw new CloudError(
      'InvalidParameterValue',
      `Value (${number}) for parameter ruleNumber is invalid. The rule number must be between ${NUMBERS.first} and ${NUMBERS.last}.`,
      'Leave gaps between the numbers, so that entries can be put between others.',
    );
  }
  const protocol = normaliseProtocol(input.protocol);
  const { family, text: cidr } = parsePeerCidr(input.cidr);
  return { number, direction, action, protocol, ...rangeOf(protocol, family, input), family, cidr };
}

/** `deny tcp/22 from 0.0.0.0/0` */
export function entryWords(entry: EntryInput): string {
  const preposition = entry.direction === 'ingress' ? 'from' : 'to';
  return `${entry.action} ${trafficWords(entry)} ${preposition} ${entry.cidr}`;
}

/** ICMPv6 with an IPv4 block means every type (MODEL); protocols other than TCP, UDP and ICMP have no ports (S102). */
function rangeOf(protocol: string, family: Family, { fromPort, toPort }: EntryInput): PortRange {
  if (protocol === 'icmpv6' && family === 'ipv4') return normaliseRange(protocol, -1, -1);
  return hasPorts(protocol) || protocol === 'icmp' || protocol === 'icmpv6'
    ? normaliseRange(protocol, fromPort, toPort)
    : normaliseRange(protocol, null, null);
}
