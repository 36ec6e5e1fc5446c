import { byId } from '../by-id.js';
import type { InterfaceBody, NetworkInterface } from '../interfaces/types.js';
import { allInterfaces, vpcIdOfInterface } from '../lookup.js';
import { type Cidr, hostCidr, parseCidr } from '../network/cidr.js';
import type { Cloud } from '../types.js';
import type { Family, Peer, SecurityGroupRule } from './types.js';

/** The interfaces with a card that have the group now. */
export function groupInterfaces(cloud: Cloud, groupId: string): NetworkInterface[] {
  return Object.values(cloud.networkInterfaces).filter((eni) => eni.groupIds.includes(groupId));
}

/**
 * The addresses that a reference to the group stands for: every private address of its interfaces, secondary ones
 * included, public ones never (section 3.1 of the semantics, S44, S45), also while nothing answers there. In no particular
 * order.
 * @param vpcIds those whose interfaces count; null: all
 */
export function groupMembers(
  cloud: Cloud,
  groupId: string,
  family: Family,
  vpcIds: ReadonlySet<string> | null = null,
): string[] {
  const members = allInterfaces(cloud).filter(
    (eni) => eni.groupIds.includes(groupId) && (vpcIds === null || vpcIds.has(vpcIdOfInterface(cloud, eni))),
  );
  return members.flatMap((eni) => addressesOf(eni, family));
}

/** The addresses that the instance itself has on the interface; the primary one first. */
export function addressesOf(eni: InterfaceBody, family: Family): readonly string[] {
  return family === 'ipv4' ? eni.privateIpAddresses : eni.ipv6Addresses;
}

/** The blocks that a rule's peer stands for in this moment: its own, its prefix list's, or one per member. */
export function peerCidrs(cloud: Cloud, rule: Pick<SecurityGroupRule, 'peer'>): string[] {
  const { peer } = rule;
  if (peer.type === 'cidr') return [peer.cidr];
  if (peer.type === 'prefix-list') return byId(cloud.prefixLists, peer.prefixListId).entries.map((entry) => entry.cidr);
  return [...groupMembers(cloud, peer.groupId, 'ipv4'), ...groupMembers(cloud, peer.groupId, 'ipv6')].map(hostCidr);
}

/** The blocks of a peer other than a group, of either family. */
export function blocksOf(cloud: Cloud, peer: Peer): Cidr[] {
  if (peer.type === 'cidr') return [parseCidr(peer.cidr)];
  if (peer.type === 'group') return [];
  return byId(cloud.prefixLists, peer.prefixListId).entries.map(({ cidr }) => parseCidr(cidr));
}

/** The families that the interface has addresses of; IPv4 always. */
export function familiesOf({ ipv6Addresses }: NetworkInterface): readonly Family[] {
  return ipv6Addresses.length > 0 ? ['ipv4', 'ipv6'] : ['ipv4'];
}
