import { byId, findById } from '../by-id.js';
import { CloudError } from '../errors.js';
import { canReference } from '../groups/group-vpcs.js';
import { differentNetworks, type PeerSpec, type RuleSpec } from '../groups/rule-spec.js';
import type { SecurityGroup } from '../groups/types.js';
import { isId } from '../ids.js';
import { getPrefixList, getSecurityGroup, interfacesOf } from '../lookup.js';
import { hostCidr, isAddress, isCidr } from '../network/cidr.js';
import type { Cloud } from '../types.js';
import type { UnresolvedRule } from './parse-rule.js';
import { printable } from './quote.js';
import { findPrefixList, resolveGroup } from './resolve.js';
import { hintFor } from './suggest.js';

/** Meant as a block, so AWS's error for a malformed one says more than that no group has this name. */
const MALFORMED_CIDR = /^(?=.*[./:])[\d.:/a-f]+$/i;

/** A worded rule as the API would take it, for a group of that VPC. Throws CloudError for a peer that is nothing. */
export function toRuleSpec(cloud: Cloud, vpcId: string, rule: UnresolvedRule): RuleSpec {
  return { ...rule, peer: resolvePeer(cloud, vpcId, rule.peer) };
}

/** The group of that name in the VPC; if only another VPC has it, AWS's error for different networks. */
export function resolveGroupFor(cloud: Cloud, word: string, vpcId: string): SecurityGroup {
  if (isId('sg', word) || hasGroup(cloud, word, vpcId) || !hasGroup(cloud, word))
    return resolveGroup(cloud, word, vpcId);
  const guests = Object.values(cloud.securityGroups).filter(({ associatedVpcIds }) => associatedVpcIds.includes(vpcId));
  const guest = guests.find(({ name }) => name.toLowerCase() === word.toLowerCase());
  if (guest !== undefined) return guest;
  throw differentNetworks(`group ${word} and VPC ${byId(cloud.vpcs, vpcId).name}`);
}

/** Blocks first, then names: of groups of the VPC, of prefix lists, of groups elsewhere (`data/web`, or `web` if it is the only one). */
function resolvePeer(cloud: Cloud, vpcId: string, word: string): PeerSpec {
  if (isCidr(word) || isAddress(word)) return { type: 'cidr', cidr: word };
  if (isId('sg', word)) return { type: 'group', groupId: getSecurityGroup(cloud, word).id };
  if (isId('pl', word)) return { type: 'prefix-list', prefixListId: getPrefixList(cloud, word).id };
  if (hasGroup(cloud, word, vpcId)) return { type: 'group', groupId: resolveGroup(cloud, word, vpcId).id };
  const list = findPrefixList(cloud, word);
  if (list !== undefined) return { type: 'prefix-list', prefixListId: list.id };
  const elsewhere = groupInOtherVpc(cloud, vpcId, word);
  if (elsewhere !== undefined) return { type: 'group', groupId: elsewhere.id };
  if (MALFORMED_CIDR.test(word)) return { type: 'cidr', cidr: word };
  throw unknownPeer(cloud, vpcId, word);
}

/** A group of another VPC: of the one that is named, of the only connected one that has it, or of the only one at all. */
function groupInOtherVpc(cloud: Cloud, vpcId: string, word: string): SecurityGroup | undefined {
  const [, vpcName, groupName] = /^([^/]+)\/(.+)$/.exec(word) ?? [];
  const named = Object.values(cloud.vpcs).find(({ name }) => name === vpcName);
  if (named !== undefined && groupName !== undefined) return resolveGroup(cloud, groupName, named.id);
  if (!hasGroup(cloud, word)) return undefined;
  const connected = Object.keys(cloud.vpcs).filter((id) => id !== vpcId && canReference(cloud, 'ingress', vpcId, id));
  const [only, second] = connected.filter((id) => hasGroup(cloud, word, id));
  return resolveGroup(cloud, word, second === undefined ? only : undefined);
}

function hasGroup(cloud: Cloud, name: string, vpcId?: string): boolean {
  return Object.values(cloud.securityGroups).some(
    (group) => group.name.toLowerCase() === name.toLowerCase() && (vpcId === undefined || group.vpcId === vpcId),
  );
}

function unknownPeer(cloud: Cloud, vpcId: string, word: string): CloudError {
  const addresses = addressesOfMachine(cloud, word);
  if (addresses.length > 0) {
    return new CloudError(
      'InvalidParameterValue',
      `${word} is a machine; a rule's peer is a CIDR block, a security group or a prefix list`,
      `Write ${addresses.join(' or ')}.`,
    );
  }
  const groups = Object.values(cloud.securityGroups).filter((group) => group.vpcId === vpcId);
  const names = [...groups, ...Object.values(cloud.prefixLists)].map(({ name }) => name);
  return new CloudError(
    'InvalidGroup.NotFound',
    `there is no security group or prefix list '${printable(word)}'`,
    hintFor(word, names) ?? 'Write a CIDR block, or the name of a security group or prefix list.',
  );
}

function addressesOfMachine(cloud: Cloud, name: string): string[] {
  const host = findById(cloud.externalHosts, name);
  const instance = Object.values(cloud.instances).find((candidate) => candidate.name === name);
  const ofInstance = instance === undefined ? [] : interfacesOf(cloud, instance).map((eni) => eni.privateIpAddresses);
  return [...(host?.addresses ?? []), ...ofInstance.flat()].map(hostCidr);
}
