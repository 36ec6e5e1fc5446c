/** References by which a command finds resources again: names if they are unambiguous, else ids. */

import type { SecurityGroup, SecurityGroupRule } from '../../cloud/groups/types.js';
import { byId } from '../../cloud/lookup.js';
import { hostCidr } from '../../cloud/network/cidr.js';
import { hasPorts } from '../../cloud/protocol.js';
import { peerName, type Traffic, type UnresolvedRule } from '../../cloud/text/rule.js';
import type { Cloud } from '../../cloud/types.js';
import { protocolName } from '../../oracle/match.js';
import type { ModelPacket } from '../../oracle/packet.js';
import type { Leg } from '../../verdict/types.js';

interface Named {
  readonly id: string;
  readonly name: string;
}

/** Ports that clients take (S103): each reply goes to a different one. */
const CLIENT_PORTS = { fromPort: 1024, toPort: 65_535 } as const;
const CLEAR = /^[A-Za-z][\w.-]*$/;

/**
 * The name, if no other resource among these has it and it cannot be taken for a block or keyword, nor changed by a
 * shell.
 */
export function unambiguousName(all: Readonly<Record<string, Named>>, { id, name }: Named): string {
  const same = Object.values(all).filter((each) => each.name.toLowerCase() === name.toLowerCase());
  return CLEAR.test(name) && same.length === 1 ? name : id;
}

export function groupReference(cloud: Cloud, group: SecurityGroup): string {
  return unambiguousName({ ...cloud.securityGroups, ...cloud.prefixLists }, group);
}

/** Refers to a stored rule by text that finds it again. */
export function toUnresolvedRule(cloud: Cloud, rule: SecurityGroupRule): UnresolvedRule {
  const { direction, protocol, fromPort, toPort, peer } = rule;
  const word =
    peer.type === 'group' ? groupReference(cloud, byId(cloud.securityGroups, peer.groupId)) : peerName(cloud, peer);
  return { direction, protocol, fromPort, toPort, peer: word, description: null };
}

/** The narrowest traffic that includes the packet. */
export function trafficOf({ protocol, destinationPort, icmp }: ModelPacket, leg: Leg): Traffic {
  const name = protocolName(protocol);
  if (icmp !== null) return { protocol: name, fromPort: icmp.type, toPort: icmp.code };
  if (!hasPorts(name)) return { protocol: name, fromPort: null, toPort: null };
  if (leg === 'reply' && destinationPort >= CLIENT_PORTS.fromPort) return { protocol: name, ...CLIENT_PORTS };
  return { protocol: name, fromPort: destinationPort, toPort: destinationPort };
}

/** The address of the packet's peer as a block. */
export function otherEnd({ source, destination }: ModelPacket, direction: 'ingress' | 'egress'): string {
  return hostCidr(direction === 'ingress' ? source : destination);
}
