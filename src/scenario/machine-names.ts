import { itemsWithPaths } from '../changes/read-parts.js';
import type { InstanceKind } from '../cloud/instances/types.js';
import type { Path } from '../source/tree.js';
import { type Entry, entriesOf } from './counted.js';
import type { ScenarioDefinition } from './schema.js';
import type { InstanceDefinition, InterfaceDefinition } from './schema-topology.js';

/** One instance of the file, `count` expanded, with its interfaces in one form and their places. */
export interface NamedInstance {
  readonly name: string;
  readonly kind: InstanceKind;
  readonly path: Path;
  readonly definition: InstanceDefinition;
  /** The entry as the file has it, before `{n}` became a number. */
  readonly template: object;
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
    ...entriesOf(['instances'], instances).map((entry) => named(entry, entry.definition.kind ?? 'ec2')),
    ...entriesOf(['loadBalancers'], loadBalancers).map((entry) => {
      const { type, preserveClientIp = type === 'network', ...each } = entry.definition;
      return named({ ...entry, definition: { ...each, sourceDestCheck: !preserveClientIp } }, `${type}-load-balancer`);
    }),
    ...entriesOf(['connectEndpoints'], connectEndpoints).map((entry) => {
      const { preserveClientIp = false, ...each } = entry.definition;
      return named({ ...entry, definition: { ...each, sourceDestCheck: !preserveClientIp } }, 'connect-endpoint');
    }),
    ...entriesOf(['endpoints'], endpoints).flatMap(({ definition, ...entry }) =>
      definition.type === 'interface' ? [named({ ...entry, definition }, 'interface-endpoint')] : [],
    ),
    ...entriesOf(['natGateways'], natGateways).map((entry) =>
      named(
        { ...entry, definition: { publicIp: true, ...entry.definition, ipv6Addresses: [], sourceDestCheck: false } },
        'nat-gateway',
      ),
    ),
  ];
}

type MachineEntry = Pick<Entry<InstanceDefinition>, 'name' | 'path' | 'definition'> & { readonly template: object };

function named({ name, path, definition, template }: MachineEntry, kind: InstanceKind): NamedInstance {
  return { name, kind, path, definition, template, interfaces: interfacesOf(path, definition) };
}

/** Asked once for each route and target. */
const namesByDefinition = new WeakMap<ScenarioDefinition, ReadonlySet<string>>();

/** Every machine that the file means to have, built or not. */
export function machineNames(definition: ScenarioDefinition): ReadonlySet<string> {
  const known = namesByDefinition.get(definition);
  if (known !== undefined) return known;
  const machines = expandInstances(definition).map(({ name }) => name);
  const names = new Set([...machines, ...entriesOf(['internet'], definition.internet).map(({ name }) => name)]);
  namesByDefinition.set(definition, names);
  return names;
}

function interfacesOf(path: Path, definition: InstanceDefinition): NamedInstance['interfaces'] {
  if (definition.interfaces !== undefined) return itemsWithPaths([...path, 'interfaces'], definition.interfaces);
  const { subnet } = definition;
  return subnet === undefined ? [] : [{ item: { ...definition, subnet }, path }];
}
