/**
 * Look-ups by id. An id that stands in a cloud always means something: `byId`. One from a request may mean
 * nothing: `get…` throws AWS's error then. A word that a person wrote may be a name, too: `resolve…` (text/resolve.ts).
 */
import { CloudError } from './errors.js';
import type { PrefixList, SecurityGroup, SecurityGroupRule } from './groups/types.js';
import { isId } from './ids.js';
import type { Instance } from './instances/types.js';
import type { IdleInterface, InterfaceBody, NetworkInterface } from './interfaces/types.js';
import type { NetworkAcl, RouteTable, Subnet, Vpc } from './network/types.js';
import { groupedBy, type RecordOf, searched, withValue } from './records.js';
import { notFound } from './resources.js';
import { printable } from './text/quote.js';
import type { Cloud } from './types.js';

/**
 * The entry of a record that must be there: ids inside a `Cloud` always point at something.
 * Ids that come from a user are looked up with an error in AWS's words instead.
 */
export function byId<T>(record: RecordOf<T>, id: string): T {
  const found = findById(record, id);
  if (found === undefined) throw new Error(`the cloud refers to ${id}, which it does not contain`);
  return found;
}

/** Looks up a word from outside: `constructor` is no entry, although every object has one. */
export function findById<T>(record: RecordOf<T>, id: string): T | undefined {
  return Object.hasOwn(record, id) ? record[id] : undefined;
}

/** The record with the value added or replaced under its own id. */
export function withEntry<T extends { readonly id: string }>(record: RecordOf<T>, entry: T): RecordOf<T> {
  return withValue(record, entry.id, entry);
}

export function withoutEntry<T>(record: RecordOf<T>, id: string): RecordOf<T> {
  const { [id]: _removed, ...rest } = record;
  return rest;
}

/** Throws AWS's NotFound error for an unknown id, as every `get…` does. */
export function getVpc(cloud: Cloud, id: string): Vpc {
  return findById(cloud.vpcs, id) ?? notFound('vpc', id);
}

export function getSubnet(cloud: Cloud, id: string): Subnet {
  return findById(cloud.subnets, id) ?? notFound('subnet', id);
}

export function getInstance(cloud: Cloud, id: string): Instance {
  const stopped = findById(cloud.stoppedInstances, id);
  if (stopped !== undefined) throw notRunning(stopped);
  return findById(cloud.instances, id) ?? notFound('i', id);
}

/** One with a card. Throws CloudError also for one that nothing answers at. */
export function getNetworkInterface(cloud: Cloud, id: string): NetworkInterface {
  const idle = findById(cloud.idleInterfaces, id);
  if (idle !== undefined) throw noCard(cloud, idle);
  return findById(cloud.networkInterfaces, id) ?? notFound('eni', id);
}

/** An interface wherever it is: of a running instance, of a stopped one, or `available`. */
export function getAnyInterface(cloud: Cloud, id: string): NetworkInterface | IdleInterface {
  return findById(cloud.idleInterfaces, id) ?? getNetworkInterface(cloud, id);
}

/** Picks the interfaces that have a card: the targets of a balancer may be stopped, or gone. */
export function presentInterfaces(cloud: Cloud, ids: readonly string[]): NetworkInterface[] {
  return ids.flatMap((id) => findById(cloud.networkInterfaces, id) ?? []);
}

/** Every interface, with a card or without. */
export function allInterfaces(cloud: Cloud): (NetworkInterface | IdleInterface)[] {
  return [...Object.values(cloud.networkInterfaces), ...Object.values(cloud.idleInterfaces)];
}

export function allInterfaceRecords(cloud: Cloud): readonly RecordOf<NetworkInterface | IdleInterface>[] {
  return [cloud.networkInterfaces, cloud.idleInterfaces];
}

/** Names of AWS's groups compare without case, so the keys are in lower case. */
const NAMES = groupedBy<{ readonly name: string }>(({ name }) => [name.toLowerCase()]);

/** The entries of that name, however their letters are written. */
export function namedLike<T extends { readonly name: string }>(record: RecordOf<T>, name: string): T[] {
  return [...(searched(record, NAMES).get(name.toLowerCase()) ?? [])] as T[];
}

export function named<T extends { readonly name: string }>(record: RecordOf<T>, name: string): T[] {
  return namedLike(record, name).filter((entry) => entry.name === name);
}

/** The instance of that name, running or stopped; several share one only while something is amiss. */
export function instancesNamed(cloud: Cloud, name: string): Instance[] {
  return [...named(cloud.instances, name), ...named(cloud.stoppedInstances, name)];
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
  return findById(cloud.prefixLists, id) ?? notFound('pl', id);
}

export function getRouteTable(cloud: Cloud, id: string): RouteTable {
  return findById(cloud.routeTables, id) ?? notFound('rtb', id);
}

export function getNetworkAcl(cloud: Cloud, id: string): NetworkAcl {
  return findById(cloud.networkAcls, id) ?? notFound('acl', id);
}

export function getSecurityGroup(cloud: Cloud, id: string): SecurityGroup {
  const group = findById(cloud.securityGroups, id);
  if (group !== undefined) return group;
  if (!isId('sg', id)) {
    throw new CloudError('InvalidGroupId.Malformed', `Invalid id: "${printable(id)}" (expecting "sg-...")`);
  }
  return notFound('sg', id);
}

/** A rule of that group. Throws AWS's NotFound error also for a rule of another group. */
export function getRule(group: Pick<SecurityGroup, 'rules'>, ruleId: string): SecurityGroupRule {
  if (!isId('sgr', ruleId)) {
    const text = `The security group rule ID '${printable(ruleId)}' is malformed`;
    throw new CloudError('InvalidSecurityGroupRuleId.Malformed', text);
  }
  return group.rules.find((candidate) => candidate.id === ruleId) ?? notFound('sgr', ruleId);
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

/** Replaces an instance where it is, among those that run or the stopped ones. */
export function withInstance(cloud: Cloud, changed: Instance): Cloud {
  return Object.hasOwn(cloud.stoppedInstances, changed.id)
    ? { ...cloud, stoppedInstances: withEntry(cloud.stoppedInstances, changed) }
    : { ...cloud, instances: withEntry(cloud.instances, changed) };
}
