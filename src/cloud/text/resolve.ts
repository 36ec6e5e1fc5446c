/** Look-ups by name: each `resolve…` takes an id or a name and throws AWS's NotFound error with the nearest one. */

import { CloudError } from '../errors.js';
import { canReference } from '../groups/members.js';
import { differentNetworks, type PeerSpec, type RuleSpec } from '../groups/rules.js';
import type { PrefixList, SecurityGroup } from '../groups/types.js';
import { isId } from '../ids.js';
import {
  byId,
  findById,
  getNetworkAcl,
  getPrefixList,
  getRouteTable,
  getSecurityGroup,
  getSubnet,
  interfacesOf,
  named,
  namedLike,
} from '../lookup.js';
import { hostCidr, isAddress, isCidr } from '../network/cidr.js';
import type { NetworkAcl, RouteTable, Subnet } from '../network/types.js';
import type { Cloud } from '../types.js';
import { printable, quote } from './quote.js';
import type { UnresolvedRule } from './rule.js';
import { hintFor } from './suggest.js';

/**
 * A group by id or by name; names are unique per VPC only and compare without case (A3). Throws CloudError
 * `InvalidGroup.NotFound` if there is none, `InvalidParameterValue` if several VPCs have one and none was given.
 */
export function resolveGroup(cloud: Cloud, word: string, vpcId?: string): SecurityGroup {
  if (isId('sg', word)) return getSecurityGroup(cloud, word);
  const [found, ...others] = groupsNamed(cloud, word, vpcId);
  if (found === undefined) {
    const ofVpc = groupOfVpc(cloud, word);
    if (ofVpc !== undefined) return ofVpc;
    throw unknownGroup(cloud, word, vpcId);
  }
  if (others.length === 0) return found;
  const choices = [found, ...others].map((group) => `${group.id} (VPC ${byId(cloud.vpcs, group.vpcId).name})`);
  throw new CloudError(
    'InvalidParameterValue',
    `several VPCs have a group ${found.name}`,
    `Write VPC/${found.name}, or its id: ${choices.join(', ')}.`,
  );
}

/** `data/web`: the group web of the VPC data. */
function groupOfVpc(cloud: Cloud, word: string): SecurityGroup | undefined {
  const [vpcName = '', name = ''] = [word.slice(0, word.indexOf('/')), word.slice(word.indexOf('/') + 1)];
  const [vpc] = named(cloud.vpcs, vpcName);
  return vpc === undefined ? undefined : groupsNamed(cloud, name, vpc.id)[0];
}

function groupsNamed(cloud: Cloud, name: string, vpcId?: string): SecurityGroup[] {
  return namedLike(cloud.securityGroups, name).filter((group) => vpcId === undefined || group.vpcId === vpcId);
}

/** A prefix list by name; one of AWS also by the name of its service, as `s3`. */
export function findPrefixList(cloud: Cloud, word: string): PrefixList | undefined {
  const isService = ({ managedByAws, name }: PrefixList) => managedByAws && name.endsWith(`.${word}`);
  return named(cloud.prefixLists, word)[0] ?? Object.values(cloud.prefixLists).find(isService);
}

/** A prefix list by id or name. */
export function resolvePrefixList(cloud: Cloud, word: string): PrefixList {
  const lists = Object.values(cloud.prefixLists);
  const found = findPrefixList(cloud, word);
  if (found !== undefined || isId('pl', word)) return found ?? getPrefixList(cloud, word);
  const hint = hintFor(
    word,
    lists.map((list) => list.name),
  );
  throw new CloudError('InvalidPrefixListID.NotFound', `The prefix list '${printable(word)}' does not exist`, hint);
}

/** A subnet by id, name, or `vpc/name` where several VPCs have one of that name. */
export function resolveSubnet(cloud: Cloud, word: string): Subnet {
  if (isId('subnet', word)) return getSubnet(cloud, word);
  const found = subnetsNamed(cloud, word);
  const [only, second] = found;
  if (second !== undefined) {
    const choices = found.map(({ vpcId, name }) => `${byId(cloud.vpcs, vpcId).name}/${name}`);
    const hint = `Write ${choices.join(' or ')}.`;
    throw new CloudError('InvalidParameterValue', `several VPCs have a subnet ${quote(word)}`, hint);
  }
  if (only !== undefined) return only;
  const names = Object.values(cloud.subnets).map(({ name }) => name);
  throw new CloudError('InvalidSubnetID.NotFound', `there is no subnet ${quote(word)}`, hintFor(word, names));
}

/** The subnets that the word means, `web` or `shop/web`. */
export function subnetsNamed(cloud: Cloud, word: string): Subnet[] {
  const slash = word.indexOf('/');
  if (slash === -1) return named(cloud.subnets, word);
  const [vpc] = named(cloud.vpcs, word.slice(0, slash));
  return named(cloud.subnets, word.slice(slash + 1)).filter(({ vpcId }) => vpcId === vpc?.id);
}

/** A route table by id or name; `vpcId` lets `main` and `public` stand for those of that VPC. */
export function resolveRouteTable(cloud: Cloud, word: string, vpcId?: string): RouteTable {
  if (isId('rtb', word)) return getRouteTable(cloud, word);
  const { found, names } = ofVpc(cloud, Object.values(cloud.routeTables), word, vpcId);
  if (found !== undefined) return found;
  const text = `there is no route table ${quote(word)}`;
  throw new CloudError('InvalidRouteTableID.NotFound', text, hintFor(word, names));
}

/** A network ACL by id or name; `vpcId` lets `default` stand for that of that VPC. */
export function resolveNetworkAcl(cloud: Cloud, word: string, vpcId?: string): NetworkAcl {
  if (isId('acl', word)) return getNetworkAcl(cloud, word);
  const { found, names } = ofVpc(cloud, Object.values(cloud.networkAcls), word, vpcId);
  if (found !== undefined) return found;
  const text = `there is no network ACL ${quote(word)}`;
  throw new CloudError('InvalidNetworkAclID.NotFound', text, hintFor(word, names));
}

/** Finds what has that name, or has it in the VPC: `main` is `shop.main`. Without a VPC the only one counts. */
function ofVpc<T extends { readonly name: string; readonly vpcId: string }>(
  cloud: Cloud,
  all: readonly T[],
  word: string,
  vpcId: string | undefined,
): { found: T | undefined; names: string[] } {
  const inReach = all.filter((each) => vpcId === undefined || each.vpcId === vpcId);
  const vpcs = Object.values(cloud.vpcs);
  const vpc = vpcId === undefined ? (vpcs.length === 1 ? vpcs[0] : undefined) : byId(cloud.vpcs, vpcId);
  return {
    found: inReach.find(({ name }) => name === word || name === `${vpc?.name}.${word}`),
    names: inReach.map(({ name }) => name),
  };
}

function unknownGroup(cloud: Cloud, word: string, vpcId?: string): CloudError {
  const groups = Object.values(cloud.securityGroups).filter((group) => vpcId === undefined || group.vpcId === vpcId);
  const where = vpcId === undefined ? '' : ` in VPC '${vpcId}'`;
  const hint = hintFor(
    word,
    groups.map((group) => group.name),
  );
  return new CloudError(
    'InvalidGroup.NotFound',
    `The security group '${printable(word)}' does not exist${where}`,
    hint,
  );
}

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
  const guest = groupsNamed(cloud, word).find(({ associatedVpcIds }) => associatedVpcIds.includes(vpcId));
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
  const [vpc] = named(cloud.vpcs, vpcName ?? '');
  if (vpc !== undefined && groupName !== undefined) return resolveGroup(cloud, groupName, vpc.id);
  if (!hasGroup(cloud, word)) return undefined;
  const connected = Object.keys(cloud.vpcs).filter((id) => id !== vpcId && canReference(cloud, 'ingress', vpcId, id));
  const [only, second] = connected.filter((id) => hasGroup(cloud, word, id));
  return resolveGroup(cloud, word, second === undefined ? only : undefined);
}

function hasGroup(cloud: Cloud, name: string, vpcId?: string): boolean {
  return groupsNamed(cloud, name, vpcId).length > 0;
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
  const [instance] = named(cloud.instances, name);
  const ofInstance = instance === undefined ? [] : interfacesOf(cloud, instance).map((eni) => eni.privateIpAddresses);
  return [...(host?.addresses ?? []), ...ofInstance.flat()].map(hostCidr);
}
