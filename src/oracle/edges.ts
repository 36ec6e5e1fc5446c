/** The sources and destinations that an edge of a VPC lets nobody use, whatever the rules say (S115 … S120, S123). */

import { byId } from '../cloud/lookup.js';
import { cidrContains, nthAddress, parseAddress, parseCidr } from '../cloud/network/cidr.js';
import type { Cloud } from '../cloud/types.js';
import type { DropCause } from '../verdict/types.js';
import { ICMP, type ModelPacket, TCP } from './packet.js';
import { isInside } from './routing.js';

/** RFC 1918, RFC 6598, RFC 4193. */
const NOT_ON_THE_INTERNET = ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', '100.64.0.0/10', 'fc00::/7'];

/** The link's own addresses, of which AWS uses a few for its services. */
const ON_THE_LINK = ['169.254.0.0/16', 'fd00:ec2::/32'];

const ECHO_REQUEST = 8;

export function isOnTheLink(address: string): boolean {
  return ON_THE_LINK.some((block) => holds(block, address));
}

/** What no packet between two networks has for a source (RFC 1122, RFC 4291). */
const NO_SENDER = ['0.0.0.0/8', '127.0.0.0/8', '224.0.0.0/3', '::/127', 'fe80::/10', 'ff00::/8'];

/** A packet that the VPC's router gets to forward cannot come from its own services, nor from itself (S120). */
export function claimsService(cloud: Cloud, vpcId: string, { source }: ModelPacket): boolean {
  const { cidrs } = byId(cloud.vpcs, vpcId);
  const subnets = Object.values(cloud.subnets).filter((subnet) => subnet.vpcId === vpcId);
  const routers = subnets.flatMap(({ cidr, ipv6Cidr }) => [cidr, ipv6Cidr]).filter((block) => block !== null);
  const services = [
    ...cidrs.slice(0, 1).map((primary) => nthAddress(parseCidr(primary), 2n)),
    ...routers.map((block) => nthAddress(parseCidr(block), 1n)),
  ];
  return isUnroutable({ source }) || services.includes(source);
}

/** What a gateway brings into a VPC is from elsewhere (S119). */
export function cannotComeIn(cloud: Cloud, vpcId: string, packet: ModelPacket): boolean {
  return claimsService(cloud, vpcId, packet) || isInside(cloud, vpcId, packet.source);
}

/** Why an internet gateway does not let the packet out, before it asks for a public address; null where it may. */
export function refusedOutward(cloud: Cloud, vpcId: string, packet: ModelPacket): DropCause | null {
  if (packet.family === 'ipv6' && !isInside(cloud, vpcId, packet.source)) return 'spoofed';
  return isPrivate(packet.destination) ? 'private-address' : null;
}

/** No router of the internet has such a packet. */
export function isUnroutable({ source }: Pick<ModelPacket, 'source'>): boolean {
  return isNoSender(source) || isOnTheLink(source);
}

/** Why an internet gateway does not let the packet in. */
export function refusedInward(cloud: Cloud, vpcId: string, { source }: ModelPacket): DropCause | null {
  if (isInside(cloud, vpcId, source)) return 'spoofed';
  return isPrivate(source) ? 'private-address' : null;
}

/** A transit gateway carries what the internet or an attached VPC sent: no other network is behind it (S119). */
export function isFromNowhere(cloud: Cloud, vpcIds: readonly string[], { source }: ModelPacket): boolean {
  return isPrivate(source) && !vpcIds.some((id) => isInside(cloud, id, source));
}

/** The VPC of a NAT gateway, and those that a transit gateway connects with it. */
export function networksInside(cloud: Cloud, vpcId: string): string[] {
  const attached = Object.values(cloud.transitGateways)
    .map(({ attachments }) => attachments.map((each) => each.vpcId))
    .filter((ids) => ids.includes(vpcId));
  return [vpcId, ...attached.flat()];
}

/** A gateway endpoint carries TCP and pings (S123). */
export function passesEndpoint({ protocol, icmp }: ModelPacket): boolean {
  return protocol === TCP || (protocol === ICMP && icmp?.type === ECHO_REQUEST);
}

function isNoSender(address: string): boolean {
  return NO_SENDER.some((block) => holds(block, address));
}

function isPrivate(address: string): boolean {
  return NOT_ON_THE_INTERNET.some((block) => holds(block, address));
}

function holds(block: string, address: string): boolean {
  return cidrContains(parseCidr(block), parseAddress(address));
}
