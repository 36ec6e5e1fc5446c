/** Machines that AWS makes for its customers, whatever language asks for them. */
import { assume, type InstanceItem, type InterfaceItem, type Inventory } from './inventory.js';

type Head = Pick<InstanceItem, 'key' | 'id' | 'name' | 'place'>;

interface MachineInput {
  readonly kind?: 'rds' | 'lambda';
  readonly subnet: string | null;
  /** null: the VPC's default group. */
  readonly groups: readonly string[] | null;
  readonly publicIp: boolean | null;
  readonly listen?: readonly string[];
}

/** A machine with one interface. */
export function addMachine(inventory: Inventory, head: Head, input: MachineInput): void {
  const { kind, listen, subnet, groups, publicIp } = input;
  const card: InterfaceItem = {
    ...head,
    key: `${head.key}.eth0`,
    vpc: null,
    privateIps: [],
    ipv6: null,
    sourceDestCheck: true,
    connectionTracking: {},
    ...{ subnet, groups, publicIp },
  };
  inventory.interfaces.push(card);
  inventory.instances.push({
    ...head,
    interfaces: [card.key],
    ...(kind === undefined ? {} : { kind }),
    ...(listen === undefined ? {} : { listen }),
  });
}

/**
 * An instance's own groups count; without any it has those of its launch template.
 * @param template its key; null: there is none
 */
export function launchBy(inventory: Inventory, primary: string | undefined, template: string | null): void {
  const position = inventory.interfaces.findIndex(({ key }) => key === primary);
  const card = inventory.interfaces[position];
  if (card === undefined || template === null) return;
  const known = inventory.launchTemplates.find(({ key }) => key === template);
  if (known === undefined) assume(inventory, `launch template ${template} is not described`, card.key);
  const { groups = null, publicIp = null } = known ?? {};
  inventory.interfaces[position] = { ...card, groups: card.groups ?? groups, publicIp: card.publicIp ?? publicIp };
}

/** More of one group show nothing that these do not. */
const MAX_OF_GROUP = 3;

interface ScalingGroupInput {
  /** The key of its launch template or configuration. */
  readonly template: string | null;
  readonly subnets: readonly string[];
  /** How many it begins with; null: nobody knows. */
  readonly capacity: number | null;
  readonly targetGroups: readonly string[];
}

/** The machines of an Auto Scaling group, spread over its subnets. */
export function addScalingGroup(inventory: Inventory, head: Head, input: ScalingGroupInput): void {
  const template = inventory.launchTemplates.find(({ key }) => key === input.template);
  const count = Math.min(input.capacity ?? 1, MAX_OF_GROUP);
  const { groups = null, publicIp = null } = template ?? {};
  const keys = Array.from({ length: count }, (_, at) => `${head.key}.${at + 1}`);
  for (const [at, key] of keys.entries()) {
    const subnet = input.subnets[at % Math.max(1, input.subnets.length)] ?? null;
    addMachine(inventory, { ...head, key, name: `${head.name}-${at + 1}` }, { subnet, groups, publicIp });
  }
  for (const key of input.targetGroups) addTargets(inventory, key, keys);
  const how = input.capacity === null ? 'nothing says how many' : `it wants ${input.capacity}`;
  if (count !== input.capacity) assume(inventory, `Auto Scaling group ${head.name} has ${count} machines: ${how}`);
  if (template === undefined) assume(inventory, `the launch template of ${head.name} is not described`, ...keys);
}

export function addTargets(inventory: Inventory, targetGroup: string, keys: readonly string[]): void {
  inventory.targetGroups.find(({ key }) => key === targetGroup)?.targets.push(...keys);
}

/** A listener of a balancer that forwards to target groups; all of them count, whatever their weights are. */
export function addListener(
  inventory: Inventory,
  balancer: string,
  port: number,
  targetGroups: readonly string[],
): boolean {
  const found = inventory.loadBalancers.find(({ key }) => key === balancer);
  const groups = inventory.targetGroups.filter(({ key }) => targetGroups.includes(key));
  if (found === undefined) return false;
  const targets = [...new Set(groups.flatMap((group) => group.targets))];
  found.listeners.push({ port, targetPort: groups[0]?.port ?? null, targets });
  return true;
}

const ENGINE_PORTS: readonly (readonly [RegExp, number])[] = [
  [/postgres/, 5432],
  [/mysql|mariadb|aurora/, 3306],
  [/oracle/, 1521],
  [/sqlserver/, 1433],
  [/db2/, 50_000],
];

export function databasePort(engine: string | null, port: number | null): number | null {
  return port ?? ENGINE_PORTS.find(([pattern]) => pattern.test(engine ?? ''))?.[1] ?? null;
}

interface DatabaseInput {
  readonly engine: string | null;
  readonly port: number | null;
  readonly groups: readonly string[];
  /** The keys of its cluster and subnet group. */
  readonly placements: readonly (string | null)[];
  readonly isPublic: boolean;
}

/** A database where its cluster and subnet group put it. */
export function addDatabase(inventory: Inventory, head: Head, input: DatabaseInput): void {
  const port = databasePort(input.engine, input.port);
  const direct = inventory.placements.filter(({ key }) => input.placements.includes(key));
  // A cluster names its subnet group as if it were a subnet.
  const all = direct.flatMap((each) => [each, ...inventory.placements.filter(({ key }) => each.subnets.includes(key))]);
  const known = new Set(inventory.placements.map(({ key }) => key));
  const [subnet = null] = all.flatMap(({ subnets }) => subnets).filter((key) => !known.has(key));
  const groups = [...input.groups, ...direct.flatMap((each) => each.groups)];
  addMachine(inventory, head, {
    kind: 'rds',
    subnet,
    groups: groups.length === 0 ? null : [...new Set(groups)],
    publicIp: input.isPublic,
    ...(port === null ? {} : { listen: [`tcp/${port}`] }),
  });
}
