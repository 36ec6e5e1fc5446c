import { CloudError } from '../errors.js';
import { getPrefixList, getSecurityGroup } from '../lookup.js';
import { parsePeerCidr } from '../network/cidr.js';
import { normaliseProtocol, normaliseRange } from '../protocol.js';
import { checkDescription } from '../text/names.js';
import type { Cloud } from '../types.js';
import { canReferenceGroup } from './group-vpcs.js';
import type { Direction, Family, Peer, SecurityGroup, SecurityGroupRule } from './types.js';

/** A rule as it is asked for: anything the EC2 API takes in one entry of an IpPermission. */
export interface RuleSpec {
  readonly direction: Direction;
  /** A name in any case, a number, or `-1`. */
  readonly protocol: string;
  /** First port or ICMP type; ignored where the protocol has neither. */
  readonly fromPort?: number | null;
  /** Last port or ICMP code. */
  readonly toPort?: number | null;
  readonly peer: PeerSpec;
  readonly description?: string | null;
}

export type PeerSpec =
  /** `family` when the caller says which one it expects, as CidrIp and CidrIpv6 do. */
  | { readonly type: 'cidr'; readonly cidr: string; readonly family?: Family }
  | { readonly type: 'prefix-list'; readonly prefixListId: string }
  | { readonly type: 'group'; readonly groupId: string };

/** A rule without what the lab gives it. */
export type RuleBody = Omit<SecurityGroupRule, 'id' | 'index'>;

/** Checks a rule for a group and puts it in the form in which it is stored and compared. Throws CloudError. */
export function normaliseRule(cloud: Cloud, group: SecurityGroup, spec: RuleSpec): RuleBody {
  const protocol = normaliseProtocol(spec.protocol);
  const range = normaliseRange(protocol, spec.fromPort ?? null, spec.toPort ?? null);
  if (spec.description != null) checkDescription('rule', spec.description);
  return {
    direction: spec.direction,
    protocol,
    ...range,
    peer: normalisePeer(cloud, group, spec.direction, spec.peer),
    description: spec.description || null,
  };
}

/** The peer with its block canonicalised (A6), after checking that what it refers to exists and is in reach. */
function normalisePeer(cloud: Cloud, group: SecurityGroup, direction: Direction, peer: PeerSpec): Peer {
  if (peer.type === 'cidr') {
    const { family, text } = parsePeerCidr(peer.cidr, peer.family);
    return { type: 'cidr', family, cidr: text };
  }
  if (peer.type === 'prefix-list')
    return { type: 'prefix-list', prefixListId: getPrefixList(cloud, peer.prefixListId).id };
  const referenced = getSecurityGroup(cloud, peer.groupId);
  // What has become stale must still be found, or nobody could revoke it (3.4).
  if (!group.rules.some((rule) => refersTo(rule, referenced))) checkReach(cloud, group, direction, referenced);
  return { type: 'group', groupId: referenced.id };
}

/** Throws AWS's error if a new rule of the group cannot refer to what it refers to (3.3). */
export function checkReference(cloud: Cloud, group: SecurityGroup, { direction, peer }: RuleBody): void {
  if (peer.type === 'group') checkReach(cloud, group, direction, getSecurityGroup(cloud, peer.groupId));
}

function checkReach(cloud: Cloud, group: SecurityGroup, direction: Direction, referenced: SecurityGroup): void {
  if (canReferenceGroup(cloud, direction, group, referenced)) return;
  throw differentNetworks(`${group.name} and ${referenced.name}`);
}

function refersTo({ peer }: RuleBody, group: SecurityGroup): boolean {
  return peer.type === 'group' && peer.groupId === group.id;
}

/** AWS's text for a group of an unconnected VPC (section 3.3 of the semantics, LIVE). */
export function differentNetworks(which: string): CloudError {
  return new CloudError(
    'InvalidGroup.NotFound',
    'You have specified two resources that belong to different networks.',
    `They are in different VPCs: ${which}. Use a group of the same VPC or of one with an active peering, or a CIDR block as a rule's peer.`,
  );
}

/** The identity of a rule in its group: everything but the description (A7). */
export function ruleIdentity(rule: RuleBody): string {
  const { direction, protocol, fromPort, toPort, peer } = rule;
  return [direction, protocol, fromPort, toPort, peerIdentity(peer)].join(' ');
}

/** The one value that names the peer: a block or an id. */
export function peerIdentity(peer: Peer): string {
  if (peer.type === 'cidr') return peer.cidr;
  return peer.type === 'group' ? peer.groupId : peer.prefixListId;
}
