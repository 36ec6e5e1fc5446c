import type { Direction } from '../cloud/groups/types.js';
import { nthAddress, parseCidr } from '../cloud/network/cidr.js';
import type { Subnet, Vpc } from '../cloud/network/types.js';
import { ICMP, ICMPV6, type ModelPacket, TCP, UDP } from './packet.js';

interface Service {
  readonly address: string;
  readonly protocols: readonly number[];
  readonly port: number;
}

const ANYWHERE: readonly Service[] = [
  { address: '169.254.169.253', protocols: [TCP, UDP], port: 53 },
  { address: 'fd00:ec2::253', protocols: [TCP, UDP], port: 53 },
  { address: '169.254.169.254', protocols: [TCP], port: 80 },
  { address: 'fd00:ec2::254', protocols: [TCP], port: 80 },
  { address: '169.254.170.2', protocols: [TCP], port: 80 },
  { address: '169.254.169.123', protocols: [UDP], port: 123 },
  { address: 'fd00:ec2::123', protocols: [UDP], port: 123 },
  { address: '169.254.169.250', protocols: [TCP], port: 1688 },
  { address: '169.254.169.251', protocols: [TCP], port: 1688 },
];

/** Traffic with AWS's own services, which neither groups nor network ACLs filter (4.7, S87-S90). */
export function isExempt(vpc: Vpc, subnet: Subnet, direction: Direction, packet: ModelPacket): boolean {
  const outward = direction === 'egress';
  const service = outward ? packet.destination : packet.source;
  const port = outward ? packet.destinationPort : packet.sourcePort;
  const isService = services(vpc).some(
    ({ address, protocols, port: own }) => address === service && protocols.includes(packet.protocol) && port === own,
  );
  return isService || (isRouter(subnet, service) && !isIcmpError(packet));
}

function services(vpc: Vpc): readonly Service[] {
  const [primary] = vpc.cidrs;
  if (primary === undefined) return ANYWHERE;
  return [...ANYWHERE, { address: nthAddress(parseCidr(primary), 2n), protocols: [TCP, UDP], port: 53 }];
}

function isRouter({ cidr, ipv6Cidr }: Subnet, address: string): boolean {
  return [cidr, ipv6Cidr].some((block) => block !== null && nthAddress(parseCidr(block), 1n) === address);
}

/** Errors are judged like all ICMP, or path MTU discovery would need no rule (S82). */
function isIcmpError({ protocol, icmp }: ModelPacket): boolean {
  if (icmp === null) return false;
  return (protocol === ICMP && [3, 4, 5, 11, 12].includes(icmp.type)) || (protocol === ICMPV6 && icmp.type < 128);
}
