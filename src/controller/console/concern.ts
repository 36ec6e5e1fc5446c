/**
 * Which cells of a matrix a change of the cloud can turn. The others need not be judged anew, and in a large lab that is nearly
 * all of them. Where packets may pass through what changed on their way to somebody else, every cell is concerned.
 */
import type { SecurityGroup, SecurityGroupRule } from '../../cloud/groups/types.js';
import type { NetworkInterface } from '../../cloud/interfaces/types.js';
import { byId, findById } from '../../cloud/lookup.js';
import { isIcmp } from '../../cloud/protocol.js';
import { machineNames } from '../../cloud/text/endpoint.js';
import { makeProbe } from '../../cloud/text/probe.js';
import type { Cloud } from '../../cloud/types.js';
import type { AskedCell } from '../matrix.js';

/** Whether the change can turn the cell. */
export type Concern = (cell: AskedCell) => boolean;

const EVERY: Concern = () => true;

/** Members of a cloud that no packet ever meets. */
const UNSEEN: ReadonlySet<string> = new Set([
  'tags',
  'assumed',
  'keyPairs',
  'flowLogs',
  'serial',
  'terminatedInstances',
  'stoppedInstances',
  'idleInterfaces',
  'elasticIps',
]);

/** Two states of a lab. */
interface Change {
  readonly before: Cloud;
  readonly after: Cloud;
}

export function concernOf(before: Cloud, after: Cloud): Concern {
  const change = { before, after };
  const kinds = Object.keys(after) as (keyof Cloud)[];
  const concerns = kinds
    .filter((kind) => before[kind] !== after[kind] && !UNSEEN.has(kind))
    .map((kind) => BY_KIND[kind]?.(change) ?? EVERY);
  const concern = anyOf(concerns);
  // Ids, addresses and names of interfaces may mean whatever changed.
  const names = new Set([before, after].flatMap(machineNames));
  return (cell) => !names.has(cell.from) || !names.has(cell.to) || concern(cell);
}

/** The kinds of records whose changes concern some machines only. */
const BY_KIND: { readonly [Kind in keyof Cloud]?: (change: Change) => Concern } = {
  securityGroups: (change) => anyOf(changedIds(change, 'securityGroups').map((id) => groupConcern(change, id))),
  prefixLists: (change) => listConcern(change, changedIds(change, 'prefixLists')),
  networkAcls: (change) => {
    const lists = new Set(changedIds(change, 'networkAcls'));
    return interfaceConcern(change, (cloud, eni) => lists.has(networkAclOf(cloud, eni)));
  },
  networkInterfaces: (change) => {
    const changed = new Set(changedIds(change, 'networkInterfaces'));
    return interfaceConcern(change, (_cloud, { id }) => changed.has(id));
  },
  instances: (change) => {
    const changed = new Set(changedIds(change, 'instances'));
    return interfaceConcern(change, (_cloud, { instanceId }) => changed.has(instanceId));
  },
  externalHosts: (change) => machineConcern(new Set(changedIds(change, 'externalHosts'))),
};

function anyOf(concerns: readonly Concern[]): Concern {
  return concerns.includes(EVERY) ? EVERY : (cell) => concerns.some((concerns) => concerns(cell));
}

function changedIds({ before, after }: Change, kind: keyof Cloud): string[] {
  const [old, now] = [before[kind], after[kind]] as Readonly<Record<string, object>>[];
  if (old === undefined || now === undefined) return [];
  return [...new Set([...Object.keys(old), ...Object.keys(now)])].filter((id) => old[id] !== now[id]);
}

function machineConcern(names: ReadonlySet<string>): Concern {
  return ({ from, to }) => names.has(from) || names.has(to);
}

/** Cells with the machine of such an interface at either end. */
function interfaceConcern(change: Change, has: (cloud: Cloud, eni: NetworkInterface) => boolean): Concern {
  const names = machinesWith(change, has);
  return names === null ? EVERY : machineConcern(names);
}

/** The machines of such interfaces, before or after; null where others' packets may pass through one of them. */
function machinesWith(
  { before, after }: Change,
  has: (cloud: Cloud, eni: NetworkInterface) => boolean,
): ReadonlySet<string> | null {
  const names = new Set<string>();
  for (const cloud of [before, after]) {
    for (const eni of Object.values(cloud.networkInterfaces)) {
      if (!has(cloud, eni)) continue;
      if (isOnTheWay(cloud, eni)) return null;
      names.add(byId(cloud.instances, eni.instanceId).name);
    }
  }
  return names;
}

/** Packets between two other machines may pass through it: it forwards, a route leads to it, or a balancer does. */
function isOnTheWay(cloud: Cloud, { id, instanceId, sourceDestCheck }: NetworkInterface): boolean {
  const { kind, forwarding } = byId(cloud.instances, instanceId);
  if (!sourceDestCheck || kind === 'nat-gateway' || forwarding !== null) return true;
  const isTarget = Object.values(cloud.instances).some(({ forwarding }) =>
    forwarding?.ports.some(({ targetIds }) => targetIds.includes(id)),
  );
  const routes = Object.values(cloud.routeTables).flatMap(({ routes }) => routes);
  return isTarget || routes.some(({ target }) => target.type === 'interface' && target.interfaceId === id);
}

function networkAclOf(cloud: Cloud, { subnetId }: NetworkInterface): string {
  const { networkAclId, vpcId } = byId(cloud.subnets, subnetId);
  return networkAclId ?? byId(cloud.vpcs, vpcId).defaultNetworkAclId;
}

/** Groups whose rules refer to the lists; routes may refer to them, too. */
function listConcern(change: Change, listIds: readonly string[]): Concern {
  const { after } = change;
  const isList = (id: string) => listIds.includes(id);
  const routes = Object.values(after.routeTables).flatMap(({ routes }) => routes);
  if (routes.some(({ destination: to }) => to.type === 'prefix-list' && isList(to.prefixListId))) return EVERY;
  const groups = Object.values(after.securityGroups).filter(({ rules }) =>
    rules.some(({ peer }) => peer.type === 'prefix-list' && isList(peer.prefixListId)),
  );
  return anyOf(groups.map(({ id }) => memberConcern(change, id) ?? EVERY));
}

function memberConcern(change: Change, groupId: string): Concern {
  return interfaceConcern(change, (_cloud, { groupIds }) => groupIds.includes(groupId));
}

/** Where only rules differ, the cells that they are about. */
function groupConcern(change: Change, groupId: string): Concern {
  const [old, now] = [change.before, change.after].map(({ securityGroups }) => findById(securityGroups, groupId));
  const members = machinesWith(change, (_cloud, { groupIds }) => groupIds.includes(groupId));
  if (members === null) return EVERY;
  if (old === undefined || now === undefined || old.vpcId !== now.vpcId || !isSame(old, now)) {
    return machineConcern(members);
  }
  const rules = [...without(old.rules, now.rules), ...without(now.rules, old.rules)];
  return anyOf(rules.map((rule) => ruleConcern(change, members, rule)));
}

function isSame(one: SecurityGroup, other: SecurityGroup): boolean {
  return one.associatedVpcIds.join() === other.associatedVpcIds.join();
}

function without(rules: readonly SecurityGroupRule[], others: readonly SecurityGroupRule[]): SecurityGroupRule[] {
  const known = new Set(others);
  return rules.filter((rule) => !known.has(rule));
}

/**
 * Answers pass whatever the rules are, except ICMP errors, which rules for ICMP judge: such a rule is about both ends. Who sends
 * from a block is left open, since gateways exchange addresses; a group is matched by its members alone.
 */
function ruleConcern(change: Change, members: ReadonlySet<string>, rule: SecurityGroupRule): Concern {
  const { direction, protocol, peer } = rule;
  if (protocol === '-1' || isIcmp(protocol)) return machineConcern(members);
  const peers =
    peer.type === 'group' ? machinesWith(change, (_cloud, { groupIds }) => groupIds.includes(peer.groupId)) : null;
  return ({ from, to, question }) => {
    const [own, other] = direction === 'ingress' ? [to, from] : [from, to];
    return members.has(own) && (peers?.has(other) ?? true) && isAbout(rule, question);
  };
}

function isAbout({ protocol, fromPort, toPort }: SecurityGroupRule, question: string): boolean {
  const asked = makeProbe({ from: '', to: '', what: question });
  if (asked.protocol !== protocol) return false;
  return (
    asked.port === null || fromPort === null || toPort === null || (fromPort <= asked.port && asked.port <= toPort)
  );
}
