/** The machines of a subnet, one by one or folded: four hundred of them are no picture. */
import type { Instance } from '../cloud/instances/types.js';
import type { IdleInterface, NetworkInterface } from '../cloud/interfaces/types.js';
import { allInterfaces, byId, findInstance } from '../cloud/lookup.js';
import type { Cloud } from '../cloud/types.js';
import { groupHues } from './colours.js';
import type { Chip, Node } from './node.js';

/** `groups`: those of one subnet, kind and set of groups are one. `auto`: as in a lab of that size one can read. */
export type FoldBy = 'auto' | 'none' | 'groups' | 'subnet';

export interface Folding {
  readonly by: FoldBy;
  /** Ids of folded nodes that are shown unfolded. */
  readonly open: ReadonlySet<string>;
  /** The interfaces that are shown; null: all of them. */
  readonly only: ReadonlySet<string> | null;
}

/** A lab with more interfaces than this is folded unless it is asked for whole. */
const LEGIBLE = 40;

export const FOLD_AUTO: Folding = { by: 'auto', open: new Set(), only: null };

/** By the subnet that they are in. NAT gateways stand among the ways out instead. */
export function machinesBySubnet(cloud: Cloud, folding: Folding): ReadonlyMap<string, readonly Node[]> {
  const by = foldedBy(cloud, folding);
  return new Map(
    [...unfolded(cloud, folding)].map(([subnetId, machines]) => [
      subnetId,
      by === 'none' ? machines : folded(machines, folding.open, (machine) => foldId(by, subnetId, machine)),
    ]),
  );
}

function folded(
  machines: readonly Node[],
  open: ReadonlySet<string>,
  foldOf: (machine: Node) => string,
): readonly Node[] {
  const alike = new Map<string, Node[]>();
  for (const machine of machines) {
    const others = alike.get(foldOf(machine));
    if (others === undefined) alike.set(foldOf(machine), [machine]);
    else others.push(machine);
  }
  return [...alike].flatMap(([id, members]) =>
    members.length === 1 || open.has(id) ? members : [foldedNode(id, members)],
  );
}

function foldId(by: 'groups' | 'subnet', subnetId: string, { kind, groups }: Node): string {
  const alike = by === 'subnet' ? [] : [kind, ...groups.map(({ groupId }) => groupId)];
  return ['fold', subnetId, ...alike].join('/');
}

function foldedBy({ networkInterfaces }: Cloud, { by, only }: Folding): Exclude<FoldBy, 'auto'> {
  if (by !== 'auto') return by;
  return (only?.size ?? Object.keys(networkInterfaces).length) > LEGIBLE ? 'groups' : 'none';
}

/** Named after the first one; its groups are those that any member has. */
function foldedNode(id: string, members: readonly Node[]): Node {
  const [first] = members;
  const groups = new Map(members.flatMap((member) => member.groups.map((chip) => [chip.groupId, chip] as const)));
  const kinds = new Set(members.map(({ kind }) => kind));
  return {
    id,
    kind: kinds.size === 1 && first !== undefined ? first.kind : 'ec2',
    name: `${members.length} machines`,
    detail: `${first?.name} … ${members.at(-1)?.name}`,
    groups: [...groups.values()],
    interfaceIds: members.flatMap(({ interfaceIds }) => interfaceIds),
    isStopped: members.every(({ isStopped }) => isStopped),
  };
}

function unfolded(cloud: Cloud, { only }: Folding): ReadonlyMap<string, Node[]> {
  const hues = groupHues(cloud);
  const found = new Map<string, Node[]>();
  for (const eni of allInterfaces(cloud)) {
    const instance = eni.instanceId === null ? undefined : findInstance(cloud, eni.instanceId);
    if (instance === undefined || instance.kind === 'nat-gateway' || only?.has(eni.id) === false) continue;
    const node = machineNode(cloud, instance, eni, hues);
    const others = found.get(eni.subnetId);
    if (others === undefined) found.set(eni.subnetId, [node]);
    else others.push(node);
  }
  return found;
}

function machineNode(
  cloud: Cloud,
  instance: Instance,
  eni: NetworkInterface | IdleInterface,
  hues: ReadonlyMap<string, number>,
): Node {
  const { kind, name, interfaceIds } = instance;
  const addresses = [eni.privateIpAddresses[0], eni.ipv6Addresses[0], eni.publicIp];
  const groups = eni.groupIds.map((groupId): Chip => {
    return { groupId, name: byId(cloud.securityGroups, groupId).name, hue: hues.get(groupId) ?? 0 };
  });
  return {
    id: eni.id,
    kind,
    name: interfaceIds.length > 1 ? `${name}.eth${eni.deviceIndex}` : name,
    detail: addresses.filter((address) => address != null).join(' '),
    groups,
    interfaceIds: [eni.id],
    isStopped: Object.hasOwn(cloud.stoppedInstances, instance.id),
  };
}
