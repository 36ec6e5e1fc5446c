/** One packet in words: what a probe says, and everything that a probe does not let one choose. */

import { CloudError } from '../errors.js';
import type { Family } from '../groups/types.js';
import { isAddress, parseAddress } from '../network/cidr.js';
import type { Cloud } from '../types.js';
import { type ProbeQuestion, type ProbeSpec, probeText, resolveProbe } from './probe.js';
import { quote } from './quote.js';

export const TCP_FLAGS = ['fin', 'syn', 'rst', 'psh', 'ack', 'urg'] as const;
export type TcpFlag = (typeof TCP_FLAGS)[number];

export interface PacketSpec {
  /** Its ends, protocol, destination port, ICMP type and code. */
  readonly probe: ProbeSpec;
  /** The port of a protocol whose ports are not part of a probe (SCTP); else null. */
  readonly port: number | null;
  /** null: any free one. */
  readonly sourcePort: number | null;
  readonly flags: readonly TcpFlag[];
  /** Addresses to write into it instead of those of its ends. */
  readonly source: string | null;
  readonly destination: string | null;
  /** An ICMP error's open flow, a packet of which it quotes, and the next hop's MTU that it reports. */
  readonly about: string | null;
  readonly mtu: number | null;
  /** Its TTL over IPv4. */
  readonly hopLimit: number;
  /** Most bytes of payload that each fragment carries; null: in one piece. */
  readonly fragment: number | null;
}

/** The ends and addresses of the packet. Throws CloudError as `resolveProbe` does, and for addresses that do not fit. */
export function resolvePacket(cloud: Cloud, { probe, source, destination }: PacketSpec): ProbeQuestion {
  const family = familyOf(source) ?? familyOf(destination) ?? probe.family;
  const question = resolveProbe(cloud, { ...probe, family });
  for (const address of [source, destination]) {
    if (address === null || familyOf(address) === question.family) continue;
    throw new CloudError('InvalidParameterValue', `${quote(address)} is of the other family than the packet`);
  }
  return {
    ...question,
    sourceAddress: source ?? question.sourceAddress,
    destinationAddress: destination ?? question.destinationAddress,
  };
}

/** `packet web-1 -> web-2 tcp/5000 from port 80, syn` */
export function packetSpecText(packet: PacketSpec): string {
  const { probe, sourcePort, flags, source, destination, about, mtu, hopLimit, fragment } = packet;
  const details = [
    ...(sourcePort === null ? [] : [`from port ${sourcePort}`]),
    ...(flags.length === 0 ? [] : [flags.join('+')]),
    ...(source === null ? [] : [`as ${source}`]),
    ...(destination === null ? [] : [`to ${destination}`]),
    ...(about === null ? [] : [`about ${about}`]),
    ...(mtu === null ? [] : [`MTU ${mtu}`]),
    ...(hopLimit === defaultHopLimit(probe) ? [] : [`hop limit ${hopLimit}`]),
    ...(fragment === null ? [] : [`in fragments of ${fragment} bytes`]),
  ];
  return ['packet', probeText(probe), details.join(', ')].filter((word) => word !== '').join(' ');
}

/** Linux's own; for neighbour discovery, the highest: that it is unchanged shows that no router forwarded the packet (RFC 4861). */
export function defaultHopLimit({ protocol, icmpType }: ProbeSpec): number {
  return protocol === 'icmpv6' && icmpType !== null && icmpType >= 133 && icmpType <= 137 ? 255 : 64;
}

function familyOf(address: string | null): Family | null {
  if (address === null) return null;
  if (isAddress(address)) return parseAddress(address).family;
  throw new CloudError(
    'InvalidParameterValue',
    `${quote(address)} is not an address`,
    'Write 10.0.1.9 or 2001:db8::9.',
  );
}
