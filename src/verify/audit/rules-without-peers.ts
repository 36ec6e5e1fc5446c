/** SGA011 to SGA014: rules whose peer includes no machine. */

import { isPeered } from '../../cloud/gateways/peering.js';
import { isAttached } from '../../cloud/gateways/transit-gateway.js';
import { blocksOf, groupInterfaces, isStale } from '../../cloud/groups/members.js';
import { byId } from '../../cloud/lookup.js';
import {
  type Cidr,
  cidrContains,
  cidrContainsCidr,
  cidrsOverlap,
  parseAddress,
  parseCidr,
} from '../../cloud/network/cidr.js';
import { vpcBlocks } from '../../cloud/network/vpc-blocks.js';
import { ruleText } from '../../cloud/text/rule.js';
import type { Cloud } from '../../cloud/types.js';
import type { FindingKind } from './catalogue.js';
import { eachRule, isLinkLocal, isNotInternet, type RuleOfGroup, sampleTraffic } from './rule-coverage.js';
import type { Finding } from './types.js';

export function rulesWithoutPeers(cloud: Cloud): Finding[] {
  return eachRule(cloud).flatMap((each) => {
    const nobody = unreachableReason(cloud, each);
    if (nobody === null) return [];
    const { group, rule } = each;
    const { kind, reason, remedy } = nobody;
    return [
      {
        kind,
        groupId: group.id,
        rule,
        explanation: `"${ruleText(cloud, rule)}" of ${group.name} admits nothing: ${reason}`,
        remedy,
        claim: { type: 'admits-nothing', groupId: group.id, rule, traffic: sampleTraffic(rule) },
      },
    ];
  });
}

/** The reason why no machine can be the rule's peer; null if one can. */
export function unreachableReason(
  cloud: Cloud,
  each: RuleOfGroup,
): { kind: FindingKind; reason: string; remedy: string } | null {
  const { group, rule } = each;
  const { peer } = rule;
  if (peer.type === 'group') {
    const other = byId(cloud.securityGroups, peer.groupId);
    if (isStale(cloud, group, rule)) {
      const vpc = byId(cloud.vpcs, other.vpcId).name;
      return {
        kind: 'stale-reference',
        reason: `${other.name} is a group of VPC ${vpc}, to which no active peering and no transit gateway gives it a reference`,
        remedy: 'Remove it, or connect the VPCs again; a new peering would bring the rule back to life unnoticed',
      };
    }
    // SGA009 already reports a group without members.
    if (other.id === group.id || groupInterfaces(cloud, other.id).length > 0) return null;
    return {
      kind: 'group-without-members',
      reason: `no interface has the group ${other.name}`,
      remedy: `Remove it, or give ${other.name} to the interfaces it was meant for`,
    };
  }
  const blocks = blocksOf(cloud, peer);
  if (blocks.length === 0) {
    return {
      kind: 'empty-prefix-list',
      reason: 'the prefix list has no entries',
      remedy: 'Remove it, or fill the list; the rule counts as many entries as the list may have',
    };
  }
  if (!blocks.every((block) => isNowhere(cloud, each, block))) return null;
  const texts = blocks.map(({ text }) => text).join(', ');
  return {
    kind: 'block-nowhere',
    reason: `no subnet, connected VPC, host or route is in ${texts}`,
    remedy: 'Remove it; a subnet or connection made later would bring it to life unnoticed',
  };
}

/**
 * A public block can belong to anybody; any other must be a subnet's, a host's or behind an appliance that a route
 * names.
 */
function isNowhere(cloud: Cloud, { group, rule }: RuleOfGroup, block: Cidr): boolean {
  if (rule.direction === 'egress' && isLinkLocal(block)) return false;
  const near = Object.values(cloud.vpcs).filter((vpc) => isConnected(cloud, group.vpcId, vpc.id));
  const isOurs = near.flatMap(vpcBlocks).some((own) => cidrContainsCidr(parseCidr(own), block));
  if (!isOurs && !isNotInternet(block)) return false;
  const subnets = Object.values(cloud.subnets).filter(({ vpcId }) => near.some(({ id }) => id === vpcId));
  const isInSubnet = subnets
    .flatMap(({ cidr, ipv6Cidr }) => [cidr, ...(ipv6Cidr === null ? [] : [ipv6Cidr])])
    .some((text) => cidrsOverlap(parseCidr(text), block));
  const hosts = Object.values(cloud.externalHosts).flatMap(({ addresses }) => addresses);
  const isHost = hosts.some((address) => cidrContains(block, parseAddress(address)));
  return !isInSubnet && !isHost && !isBehindInterface(cloud, group.vpcId, block);
}

function isConnected(cloud: Cloud, vpcId: string, otherId: string): boolean {
  if (vpcId === otherId || isPeered(cloud, vpcId, otherId)) return true;
  return Object.values(cloud.transitGateways).some((tgw) => isAttached(tgw, vpcId) && isAttached(tgw, otherId));
}

/** A default route names a NAT instance, not a network behind it. */
function isBehindInterface(cloud: Cloud, vpcId: string, block: Cidr): boolean {
  return Object.values(cloud.routeTables)
    .filter((table) => table.vpcId === vpcId)
    .flatMap(({ routes }) => routes)
    .some(({ destination, target }) => {
      if (target.type !== 'interface' || destination.type !== 'cidr') return false;
      const cidr = parseCidr(destination.cidr);
      return cidr.prefixLength > 0 && cidrsOverlap(cidr, block);
    });
}
