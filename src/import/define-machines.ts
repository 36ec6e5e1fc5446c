import type { InstanceDefinition, InterfaceDefinition } from '../scenario/schema-topology.js';
import { type Draft, idPart } from './draft.js';
import { groupBy } from './group-by.js';
import type { InstanceItem, InterfaceItem } from './inventory.js';
import { likelyListeners } from './stand-in-machines.js';

interface MachineDraft {
  readonly machine: Omit<InstanceItem, 'interfaces'>;
  readonly interfaces: readonly InterfaceItem[];
}

/** Instances, and a machine for each interface of which no instance is known: AWS's services have such. */
export function defineMachines(draft: Draft): Record<string, InstanceDefinition> {
  const drafts = machinesOf(draft);
  const rules = groupBy(draft.inventory.rules, ({ group }) => group);
  const entries = drafts.map(({ machine, interfaces }): [string, InstanceDefinition] => {
    const name = draft.machineNames.take(machine.name, machine.id, machine.key);
    draft.words.set(machine.key, name);
    draft.origin(['instances', name], machine.place, machine.key);
    interfaces.forEach((each, position) => {
      draft.words.set(each.key, interfaces.length === 1 ? name : `${name}.eth${position}`);
      draft.origin(['instances', name, 'interfaces', position], each.place, each.key);
    });
    const [only, second] = interfaces;
    if (only !== undefined && second === undefined) draft.origin(['instances', name], machine.place, only.key);
    const own = interfaces.flatMap(({ groups }) => (groups ?? []).flatMap((key) => rules.get(key) ?? []));
    // Nothing can connect to a function.
    const listen = machine.kind === 'lambda' ? [] : [...(machine.listen ?? likelyListeners(own))];
    const kind = machine.kind === undefined ? {} : { kind: machine.kind };
    return [name, { ...kind, ...placement(draft, machine, interfaces), ...(listen.length === 0 ? {} : { listen }) }];
  });
  if (entries.some(([, { listen }]) => listen !== undefined)) {
    draft.assume(
      'each machine listens on the first port of every rule that lets TCP or UDP in; no source says what runs there',
    );
  }
  return Object.fromEntries(entries);
}

function machinesOf(draft: Draft): MachineDraft[] {
  const { instances, interfaces } = draft.inventory;
  const byKey = new Map(interfaces.map((each) => [each.key, each]));
  const attached = new Set(instances.flatMap((instance) => instance.interfaces));
  const drafts = [
    ...instances.map((machine) => ({
      machine,
      interfaces: machine.interfaces.flatMap((key) => byKey.get(key) ?? []),
    })),
    ...interfaces
      .filter(({ key }) => !attached.has(key))
      .map((each) => ({ machine: { ...each, id: null }, interfaces: [each] })),
  ];
  return drafts.filter(({ machine, interfaces: own }) => {
    const isBuilt = own.length > 0 && own.every(({ groups }) => groups === null || groups.length > 0);
    if (own.length === 0) draft.refuse(machine.place, 'its network interfaces are not described');
    else if (!isBuilt) draft.refuse(machine.place, 'a network interface without security groups');
    return isBuilt;
  });
}

/** The short form for one interface, unless AWS gave that an id of its own. */
function placement(
  draft: Draft,
  machine: { readonly id: string | null },
  interfaces: readonly InterfaceItem[],
): InstanceDefinition {
  const [only, ...more] = interfaces.map((each) => interfaceDefinition(draft, each));
  if (only !== undefined && more.length === 0 && only.id === undefined) return { ...idPart(machine), ...only };
  return { ...idPart(machine), interfaces: only === undefined ? [] : [only, ...more] };
}

function interfaceDefinition(draft: Draft, each: InterfaceItem): InterfaceDefinition {
  const [privateIp, ...secondaryIps] = each.privateIps;
  return {
    ...idPart(each),
    subnet: draft.word(each.subnet ?? ''),
    ...(each.groups === null ? {} : { securityGroups: each.groups.map((key) => draft.word(key)) }),
    ...(privateIp === undefined ? {} : { privateIp }),
    ...(secondaryIps.length === 0 ? {} : { secondaryIps }),
    ...(each.ipv6 === null || each.ipv6.length === 0 ? {} : { ipv6Addresses: [...each.ipv6] }),
    ...(each.publicIp === false || each.publicIp === null ? {} : { publicIp: each.publicIp }),
    ...(each.sourceDestCheck ? {} : { sourceDestCheck: false }),
    ...(Object.keys(each.connectionTracking).length === 0 ? {} : { connectionTracking: each.connectionTracking }),
  };
}
