/** The machines of a file: instances, the machines that AWS runs, and external hosts. */
import { itemsWithPaths, listOf, readListeners, timeoutsOf } from '../changes/read-parts.js';
import { createExternalHost } from '../cloud/instances/external-host.js';
import { checkNewMachine, type InstanceInput, runInstance } from '../cloud/instances/instance.js';
import { type AddressesInput, addressesByName } from '../cloud/interfaces/interface-addresses.js';
import type { InterfaceInput } from '../cloud/interfaces/new-interface.js';
import type { Subnet } from '../cloud/network/types.js';
import { resolveGroupFor, resolveSubnet, subnetsNamed } from '../cloud/text/resolve.js';
import type { ProblemList } from '../source/problems.js';
import type { Path } from '../source/tree.js';
import { assignFileIds, attemptParts, type BuildContext } from './build-context.js';
import { entriesOf, isNumbered } from './counted.js';
import { expandInstances, type NamedInstance } from './machine-names.js';
import type { InstanceDefinition, InterfaceDefinition } from './schema-topology.js';

/** The instances; addresses that are written in the file are kept for those who ask for them. */
export function buildInstances(context: BuildContext): void {
  const instances = expandInstances(context.definition);
  const avoidAddresses = new Set(
    instances.flatMap(({ interfaces }) => interfaces.flatMap((each) => addressesByName(addressInputOf(each.item)))),
  );
  for (const instance of instances) buildInstance(context, instance, avoidAddresses);
  assignFileIds(context);
}

function buildInstance(context: BuildContext, instance: NamedInstance, avoidAddresses: ReadonlySet<string>): void {
  const { name, kind, path, definition } = instance;
  const { problems, cloud } = context;
  const listen = readListeners({ problems, path: [...path, 'listen'] }, definition.listen);
  if (problems.attempt(path, () => [checkNewMachine(cloud, 'the instance', name)], 'key') === undefined) return;
  if (!isShapeFit(problems, instance)) return;
  const interfaces = instance.interfaces.flatMap((each) => readInterface(context, each.path, each.item) ?? []);
  const [first, ...more] = interfaces.map(({ base }) => base);
  if (first === undefined || interfaces.length < instance.interfaces.length) return;
  const { nitro = null, connectionAllowance = null } = definition;
  const base: InstanceInput = { name, kind, listen, nitro, interfaces: [first, ...more], avoidAddresses };
  const allowance: readonly [Path, Partial<InstanceInput>] = [
    [...path, 'connectionAllowance'],
    { connectionAllowance },
  ];
  const parts = [...(connectionAllowance === null ? [] : [allowance]), ...partsOf(interfaces, base.interfaces)];
  const made = attemptParts(context, [], { make: runInstance, base, basePath: path, parts });
  if (made === undefined) return;
  context.unnamed.push(
    { path, own: made.instance.id, wanted: definition.id },
    ...made.instance.interfaceIds.map((own, position) => ({
      path: [...path, 'interfaces', position],
      own,
      wanted: definition.interfaces?.[position]?.id,
    })),
  );
}

/** One part for each key of each interface, so that an error finds its key. */
function partsOf(
  read: readonly ReadInterface[],
  bases: InstanceInput['interfaces'],
): (readonly [Path, Partial<InstanceInput>])[] {
  let interfaces = bases;
  return read.flatMap(({ path, parts }, position) =>
    Object.entries(parts).map(([key, part]) => {
      const [first, ...more] = interfaces.map((each, index) => (index === position ? { ...each, ...part } : each));
      if (first !== undefined) interfaces = [first, ...more];
      return [[...path, key], { interfaces }] as const;
    }),
  );
}

/** The hosts of `internet`. */
export function buildExternalHosts(context: BuildContext): void {
  for (const { name, path, definition: value } of entriesOf(['internet'], context.definition.internet)) {
    const { problems, cloud, draft } = context;
    const definition = typeof value === 'string' ? { addresses: value } : value;
    const addressPath = typeof value === 'string' ? path : [...path, 'addresses'];
    const listen = readListeners({ problems, path: [...path, 'listen'] }, definition.listen);
    if (problems.attempt(path, () => [checkNewMachine(cloud, 'the host', name)], 'key') === undefined) continue;
    const addresses = listOf(definition.addresses);
    problems.attempt(addressPath, () => draft.apply((base) => createExternalHost(base, { name, addresses, listen })));
  }
}

/** An interface whose names are looked up. */
export interface ReadInterface {
  readonly path: Path;
  /** The keys that every interface has. */
  readonly base: InterfaceInput;
  /** The rest, under the keys of the file. */
  readonly parts: Readonly<Record<string, Partial<InterfaceInput>>>;
}

/** The interface; undefined, and a problem, if its subnet or one of its groups does not exist. */
export function readInterface(
  context: BuildContext,
  path: Path,
  definition: InterfaceDefinition,
): ReadInterface | undefined {
  const subnet = findSubnet(context, [...path, 'subnet'], definition.subnet);
  const groupIds = subnet && readGroups(context, [...path, 'securityGroups'], definition.securityGroups, subnet.vpcId);
  if (subnet === undefined || groupIds === undefined) return undefined;
  const addresses = Object.entries(addressInputOf(definition)).map(([key, value]) => [key, { [key]: value }]);
  return {
    path,
    base: { subnetId: subnet.id, sourceDestCheck: definition.sourceDestCheck ?? true },
    parts: {
      ...(definition.securityGroups === undefined ? {} : { securityGroups: { groupIds } }),
      ...Object.fromEntries(addresses),
      ...(definition.connectionTracking === undefined
        ? {}
        : { connectionTracking: { connectionTracking: timeoutsOf(definition.connectionTracking) } }),
    },
  };
}

/** The ids of the groups; undefined if one of them does not exist. */
function readGroups(
  context: BuildContext,
  path: Path,
  words: string | readonly string[] | undefined,
  vpcId: string,
): string[] | undefined {
  const ids = itemsWithPaths(path, words).map(({ item, path: place }) =>
    context.failedNames.has(item)
      ? undefined
      : context.problems.attempt(place, () => resolveGroupFor(context.cloud, item, vpcId).id),
  );
  const found = ids.filter((id) => id !== undefined);
  return found.length === ids.length ? found : undefined;
}

function findSubnet(context: BuildContext, path: Path, word: string): Subnet | undefined {
  const { problems, cloud } = context;
  return subnetsNamed(cloud, word).length === 0 && isDeclaredSubnet(context, word)
    ? undefined
    : problems.attempt(path, () => resolveSubnet(cloud, word));
}

function isDeclaredSubnet({ definition }: BuildContext, word: string): boolean {
  return Object.entries(definition.vpcs).some(([vpc, { subnets = {} }]) =>
    entriesOf([], subnets).some(({ name }) => word === name || word === `${vpc}/${name}`),
  );
}

/** These keys belong to an interface, so they go into `interfaces` if there are several. */
const INTERFACE_KEYS = [
  'subnet',
  'securityGroups',
  'privateIp',
  'secondaryIps',
  'ipv6Addresses',
  'publicIp',
  'sourceDestCheck',
  'connectionTracking',
] as const;

/** Whether the keys of the definition go together; if not, a problem says which do not. */
export function isShapeFit(problems: ProblemList, instance: NamedInstance): boolean {
  const { path, definition, interfaces, template } = instance;
  if (interfaces.length === 0) {
    const hint = 'Write `subnet: …`, or `interfaces: [{ subnet: … }]`.';
    problems.add(path, { message: 'an instance needs a subnet', hint, on: 'key' });
    return false;
  }
  const misplaced = INTERFACE_KEYS.find((key) => definition.interfaces !== undefined && definition[key] !== undefined);
  if (misplaced !== undefined) {
    const hint = `Write \`${misplaced}\` into each of them.`;
    problems.add([...path, misplaced], {
      message: `\`${misplaced}\` and \`interfaces\` exclude each other`,
      hint,
      on: 'key',
    });
    return false;
  }
  const [fixed] = interfaces.flatMap(({ item }) => addressesByName(addressInputOf(item)));
  if (fixed === undefined || (definition.count ?? 1) === 1 || isNumbered(JSON.stringify(template))) return true;
  const message = `${definition.count} instances cannot all have ${fixed}`;
  problems.add([...path, 'count'], { message, hint: 'Leave the address out, or number it: `"10.0.1.{n+9}"`.' });
  return false;
}

/** The address keys that the definition has, as the cloud takes them. */
export function addressInputOf(definition: InstanceDefinition): AddressesInput {
  const { privateIp, secondaryIps, ipv6Addresses, publicIp } = definition;
  return {
    ...(privateIp === undefined ? {} : { privateIp }),
    ...(secondaryIps === undefined ? {} : { secondaryIps: listOf(secondaryIps) }),
    ...(ipv6Addresses === undefined ? {} : { ipv6Addresses: listOf(ipv6Addresses) }),
    ...(publicIp === undefined ? {} : { publicIp }),
  };
}
