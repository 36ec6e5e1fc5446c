import { readListeners } from '../changes/read-parts.js';
import { checkNewMachine, type InstanceInput, runInstance } from '../cloud/instances/instance.js';
import { addressesByName } from '../cloud/interfaces/interface-addresses.js';
import type { Path } from '../source/tree.js';
import { adoptIds, attemptParts, type BuildContext } from './build-context.js';
import { addressInputOf, isShapeFit } from './instance-shape.js';
import { expandInstances, type NamedInstance } from './machine-names.js';
import { type ReadInterface, readInterface } from './read-interface.js';

/** The instances; addresses that are written in the file are kept for those who ask for them. */
export function buildInstances(context: BuildContext): void {
  const instances = expandInstances(context.definition);
  const avoidAddresses = new Set(
    instances.flatMap(({ interfaces }) => interfaces.flatMap((each) => addressesByName(addressInputOf(each.item)))),
  );
  for (const instance of instances) buildInstance(context, instance, avoidAddresses);
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
  adoptIds(context, [
    { path, own: made.instance.id, wanted: definition.id },
    ...made.instance.interfaceIds.map((own, position) => ({
      path: [...path, 'interfaces', position],
      own,
      wanted: definition.interfaces?.[position]?.id,
    })),
  ]);
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
