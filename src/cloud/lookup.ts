import { byId, findById, withEntry } from './by-id.js';
import { CloudError } from './errors.js';
import { isId } from './ids.js';
import { hintFor } from './nearest-word.js';
import { printable, quote } from './quote.js';
import type {
  Cloud,
  IdleInterface,
  Instance,
  InterfaceBody,
  NetworkAcl,
  NetworkInterface,
  PrefixList,
  RouteTable,
  SecurityGroup,
  SecurityGroupRule,
  Subnet,
  Vpc,
} from './types.js';

/** Each `get…` takes an id from outside and throws AWS's NotFound error for an unknown one. */
export function getVpc(cloud: Cloud, id: string): Vpc {
  return findById(cloud.vpcs, id) ?? notFound('InvalidVpcID.NotFound', `The vpc ID '${printable(id)}' does not exist`);
}

export function getSubnet(cloud: Cloud, id: string): Subnet {
  const text = `The subnet ID '${printable(id)}' does not exist`;
  return findById(cloud.subnets, id) ?? notFound('InvalidSubnetID.NotFound', text);
}

export function getInstance(cloud: Cloud, id: string): Instance {
  const stopped = findById(cloud.stoppedInstances, id);
  if (stopped !== undefined) throw notRunning(stopped);
  return findById(cloud.instances, id) ?? notFoundInstance(id);
}

/** @throws CloudError */
export function notFoundInstance(id: string): never {
  return notFound('InvalidInstanceID.NotFound', `The instance ID '${printable(id)}' does not exist`);
}

/** One with a card. Throws CloudError also for one that nothing answers at. */
export function getNetworkInterface(cloud: Cloud, id: string): NetworkInterface {
  const idle = findById(cloud.idleInterfaces, id);
  if (idle !== undefined) throw noCard(cloud, idle);
  const text = `The networkInterface ID '${printable(id)}' does not exist`;
  return findById(cloud.networkInterfaces, id) ?? notFound('InvalidNetworkInterfaceID.NotFound', text);
}

/** An interface wherever it is: of a running instance, of a stopped one, or `available`. */
export function getAnyInterface(cloud: Cloud, id: string): NetworkInterface | IdleInterface {
  return findById(cloud.idleInterfaces, id) ?? getNetworkInterface(cloud, id);
}

/** Those of the interfaces that have a card: the targets of a balancer may be stopped, or gone. */
export function presentInterfaces(cloud: Cloud, ids: readonly string[]): NetworkInterface[] {
  return ids.flatMap((id) => findById(cloud.networkInterfaces, id) ?? []);
}

/** Every interface, with a card or without. */
export function allInterfaces(cloud: Cloud): (NetworkInterface | IdleInterface)[] {
  return [...Object.values(cloud.networkInterfaces), ...Object.values(cloud.idleInterfaces)];
}

/** Every instance, running or stopped. */
export function allInstances(cloud: Cloud): Instance[] {
  return [...Object.values(cloud.instances), ...Object.values(cloud.stoppedInstances)];
}

/** Replaces an interface where it is: what is changed of it besides does not move it. */
export function withInterface<T extends InterfaceBody>(cloud: Cloud, changed: T): Cloud {
  const idle = findById(cloud.idleInterfaces, changed.id);
  if (idle !== undefined) {
    return { ...cloud, idleInterfaces: withEntry(cloud.idleInterfaces, { ...idle, ...changed }) };
  }
  const eni = { ...byId(cloud.networkInterfaces, changed.id), ...changed };
  return { ...cloud, networkInterfaces: withEntry(cloud.networkInterfaces, eni) };
}

export function getPrefixList(cloud: Cloud, id: string): PrefixList {
  const text = `The prefix list ID '${printable(id)}' does not exist`;
  return findById(cloud.prefixLists, id) ?? notFound('InvalidPrefixListID.NotFound', text);
}

export function getRouteTable(cloud: Cloud, id: string): RouteTable {
  const text = `The routeTable ID '${printable(id)}' does not exist`;
  return findById(cloud.routeTables, id) ?? notFound('InvalidRouteTableID.NotFound', text);
}

export function getNetworkAcl(cloud: Cloud, id: string): NetworkAcl {
  const text = `The networkAcl ID '${printable(id)}' does not exist`;
  return findById(cloud.networkAcls, id) ?? notFound('InvalidNetworkAclID.NotFound', text);
}

export function getSecurityGroup(cloud: Cloud, id: string): SecurityGroup {
  const group = findById(cloud.securityGroups, id);
  if (group !== undefined) return group;
  if (!isId('sg', id)) {
    throw new CloudError('InvalidGroupId.Malformed', `Invalid id: "${printable(id)}" (expecting "sg-...")`);
  }
  return notFound('InvalidGroup.NotFound', `The security group '${id}' does not exist`);
}

/** A rule of that group. Throws AWS's NotFound error also for a rule of another group. */
export function getRule(group: Pick<SecurityGroup, 'rules'>, ruleId: string): SecurityGroupRule {
  if (!isId('sgr', ruleId)) {
    const text = `The security group rule ID '${printable(ruleId)}' is malformed`;
    throw new CloudError('InvalidSecurityGroupRuleId.Malformed', text);
  }
  const text = `The security group rule ID '${printable(ruleId)}' does not exist`;
  const rule = group.rules.find((candidate) => candidate.id === ruleId);
  return rule ?? notFound('InvalidSecurityGroupRuleId.NotFound', text);
}

/**
 * A group by id or by name; names are unique per VPC only and compare without case (A3). Throws CloudError
 * `InvalidGroup.NotFound` if there is none, `InvalidParameterValue` if several VPCs have one and none was given.
 */
export function resolveGroup(cloud: Cloud, word: string, vpcId?: string): SecurityGroup {
  if (isId('sg', word)) return getSecurityGroup(cloud, word);
  const groups = Object.values(cloud.securityGroups).filter((group) => vpcId === undefined || group.vpcId === vpcId);
  const [found, ...others] = groups.filter((group) => group.name.toLowerCase() === word.toLowerCase());
  if (found === undefined) throw unknownGroup(groups, word, vpcId);
  if (others.length === 0) return found;
  const choices = [found, ...others].map((group) => `${group.id} (VPC ${byId(cloud.vpcs, group.vpcId).name})`);
  throw new CloudError(
    'InvalidParameterValue',
    `several VPCs have a group ${found.name}`,
    `Write VPC/${found.name}, or its id: ${choices.join(', ')}.`,
  );
}

/** A prefix list by name; one of AWS also by the name of its service, as `s3`. */
export function findPrefixList(cloud: Cloud, word: string): PrefixList | undefined {
  const lists = Object.values(cloud.prefixLists);
  const isService = ({ managedByAws, name }: PrefixList) => managedByAws && name.endsWith(`.${word}`);
  return lists.find(({ name }) => name === word) ?? lists.find(isService);
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
  const names = Object.values(cloud.subnets).map((subnet) => ({
    subnet,
    short: subnet.name,
    full: `${byId(cloud.vpcs, subnet.vpcId).name}/${subnet.name}`,
  }));
  const found = names.filter(({ short, full }) => word === short || word === full);
  const [only, second] = found;
  if (second !== undefined) {
    const hint = `Write ${found.map(({ full }) => full).join(' or ')}.`;
    throw new CloudError('InvalidParameterValue', `several VPCs have a subnet ${quote(word)}`, hint);
  }
  if (only !== undefined) return only.subnet;
  const hint = hintFor(
    word,
    names.map(({ short }) => short),
  );
  throw new CloudError('InvalidSubnetID.NotFound', `there is no subnet ${quote(word)}`, hint);
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

/** What is called so, or called so in the VPC: `main` is `shop.main`. Without a VPC the only one counts. */
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

/** `web-1.eth0`: the instance and the name that the interface has inside it; its id where it has no instance. */
export function interfaceName(cloud: Cloud, interfaceId: string): string {
  const eni = findById(cloud.idleInterfaces, interfaceId) ?? byId(cloud.networkInterfaces, interfaceId);
  const instance = eni.instanceId === null ? undefined : findInstance(cloud, eni.instanceId);
  return instance === undefined ? interfaceId : `${instance.name}.eth${eni.deviceIndex}`;
}

/** An instance, running or stopped. */
export function findInstance(cloud: Cloud, id: string): Instance | undefined {
  return findById(cloud.instances, id) ?? findById(cloud.stoppedInstances, id);
}

export function interfacesOf(cloud: Cloud, instance: Instance): NetworkInterface[] {
  return instance.interfaceIds.map((id) => byId(cloud.networkInterfaces, id));
}

export function interfacesOfVpc(cloud: Cloud, vpcId: string): NetworkInterface[] {
  return Object.values(cloud.networkInterfaces).filter((eni) => vpcIdOfInterface(cloud, eni) === vpcId);
}

/** The VPC that the interface's subnet is in. */
export function vpcIdOfInterface(cloud: Cloud, eni: InterfaceBody): string {
  return byId(cloud.subnets, eni.subnetId).vpcId;
}

function unknownGroup(groups: readonly SecurityGroup[], word: string, vpcId?: string): CloudError {
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

/** AWS's refusal where an instance would have to run (also of stop and start). */
export function notRunning({ id, name }: Instance): CloudError {
  return new CloudError(
    'IncorrectInstanceState',
    `The instance '${id}' is not in a state from which it can be used: it is stopped`,
    `Start ${name} first.`,
  );
}

function noCard(cloud: Cloud, { id, instanceId }: IdleInterface): CloudError {
  if (instanceId !== null) return notRunning(byId(cloud.stoppedInstances, instanceId));
  return new CloudError(
    'InvalidNetworkInterface.NotAttached',
    `Interface ${id} is not attached to an instance`,
    'Attach it first.',
  );
}

function notFound(code: string, message: string): never {
  throw new CloudError(code, message);
}
