import { itemsWithPaths } from '../changes/read-parts.js';
import type { InstanceKind } from '../cloud/instances/types.js';
import type { Path } from '../source/tree.js';
import type { ScenarioDefinition } from './schema.js';
import type { InstanceDefinition, InterfaceDefinition } from './schema-topology.js';

/** One instance of the file, `count` expanded, with its interfaces in one form and their places. */
export interface NamedInstance {
  readonly name: string;
  readonly kind: InstanceKind;
  readonly path: Path;
  readonly definition: InstanceDefinition;
  readonly interfaces: readonly { readonly item: InterfaceDefinition; readonly path: Path }[];
}

type Machines = Pick<
  ScenarioDefinition,
  'instances' | 'loadBalancers' | 'connectEndpoints' | 'endpoints' | 'natGateways'
>;

/** `web` with `count: 3` is web-1, web-2 and web-3. The machines that AWS runs follow. */
export function expandInstances(definition: Machines): NamedInstance[] {
  const { instances = {}, loadBalancers = {}, connectEndpoints = {}, endpoints = {}, natGateways = {} } = definition;
  return [
    ...Object.entries(instances).flatMap(([name, each]) =>
      namesOf(name, each.count).map((one) => named(['instances', name], one, each.kind ?? 'ec2', each)),
    ),
    ...Object.entries(loadBalancers).map(([name, { type, preserveClientIp = type === 'network', ...each }]) =>
      named(['loadBalancers', name], name, `${type}-load-balancer`, { ...each, sourceDestCheck: !preserveClientIp }),
    ),
    ...Object.entries(connectEndpoints).map(([name, { preserveClientIp = false, ...each }]) =>
      named(['connectEndpoints', name], name, 'connect-endpoint', { ...each, sourceDestCheck: !preserveClientIp }),
    ),
    ...Object.entries(endpoints).flatMap(([name, each]) =>
      each.type === 'interface' ? [named(['endpoints', name], name, 'interface-endpoint', each)] : [],
    ),
    ...Object.entries(natGateways).map(([name, each]) =>
      named(['natGateways', name], name, 'nat-gateway', {
        publicIp: true,
        ...each,
        ipv6Addresses: [],
        sourceDestCheck: false,
      }),
    ),
  ];
}

function named(path: Path, name: string, kind: InstanceKind, definition: InstanceDefinition): NamedInstance {
  return { name, kind, path, definition, interfaces: interfacesOf(path, definition) };
}

/** Asked once for each route and target. */
const namesByDefinition = new WeakMap<ScenarioDefinition, ReadonlySet<string>>();

/** Every machine that the file means to have, built or not. */
export function machineNames(definition: ScenarioDefinition): ReadonlySet<string> {
  const known = namesByDefinition.get(definition);
  if (known !== undefined) return known;
  const machines = expandInstances(definition).map(({ name }) => name);
  const names = new Set([...machines, ...Object.keys(definition.internet ?? {})]);
  namesByDefinition.set(definition, names);
  return names;
}

function namesOf(name: string, count: number | undefined): string[] {
  return count === undefined ? [name] : Array.from({ length: count }, (_, position) => `${name}-${position + 1}`);
}

function interfacesOf(path: Path, definition: InstanceDefinition): NamedInstance['interfaces'] {
  if (definition.interfaces !== undefined) return itemsWithPaths([...path, 'interfaces'], definition.interfaces);
  const { subnet } = definition;
  return subnet === undefined ? [] : [{ item: { ...definition, subnet }, path }];
}
