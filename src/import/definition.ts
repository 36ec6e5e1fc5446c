import type { ScenarioDefinition } from '../scenario/schema.js';
import type { ImportReport, Unsupported } from '../source/import-report.js';
import type { SourceLocation } from '../source/tree.js';
import { completeInventory, homeVpc } from './complete.js';
import { defineGroups, defineQuotas } from './define-groups.js';
import { defineMachines } from './define-machines.js';
import {
  defineNatGateways,
  defineNetwork,
  defineNetworkAcls,
  definePeerings,
  definePrefixLists,
  defineRoutes,
  nameNetworkAcls,
  nameRouteTables,
  nameVpcs,
} from './define-network.js';
import { Draft } from './draft.js';
import type { Inventory } from './inventory.js';
import { slug } from './names.js';
import { addStandInMachines } from './stand-in-machines.js';

/** Out there, for probes from the internet; the address is one that is reserved for examples. */
const OUTSIDE = { name: 'outside', address: '203.0.113.7' };

export interface ImportedDefinition {
  readonly definition: ScenarioDefinition;
  readonly report: ImportReport;
  /** The place in a source of what stands at a path of the definition, such as `securityGroups.web`. */
  readonly origins: ReadonlyMap<string, SourceLocation>;
}

/** The scenario that an inventory describes. `name` becomes the lab's if it can. */
export function toDefinition(inventory: Inventory, name: string): ImportedDefinition {
  const machines = addStandInMachines(inventory);
  const assumed = [...inventory.assumed, ...(machines === null ? [] : [machines]), ...completeInventory(inventory)];
  const draft = new Draft(inventory, homeVpc(inventory));
  nameVpcs(draft);
  nameRouteTables(draft);
  nameNetworkAcls(draft);
  const vpcs = defineNetwork(draft);
  const prefixLists = definePrefixLists(draft);
  const peerings = definePeerings(draft);
  const securityGroups = defineGroups(draft);
  const natGateways = defineNatGateways(draft);
  const networkAcls = defineNetworkAcls(draft);
  const instances = defineMachines(draft);
  const routeTables = defineRoutes(draft);
  const quotas = defineQuotas(draft);
  const hasGateway = inventory.gateways.some(({ type }) => type === 'internet');
  const definition: ScenarioDefinition = {
    name: slug(name) ?? 'imported',
    ...(quotas === undefined ? {} : { quotas }),
    vpcs,
    ...part('prefixLists', prefixLists),
    ...part('natGateways', natGateways),
    ...part('peerings', peerings),
    ...part('networkAcls', networkAcls),
    ...part('routeTables', routeTables),
    ...part('securityGroups', securityGroups),
    ...part('instances', instances),
    ...(hasGateway ? { internet: { [draft.machineNames.take(OUTSIDE.name)]: OUTSIDE.address } } : {}),
  };
  if (hasGateway) assumed.push(`the machine ${OUTSIDE.name} (${OUTSIDE.address}) stands for everybody on the internet`);
  const unsupported = [...inventory.unsupported, ...draft.unsupported].map(
    ({ place, attribute = null, reason }): Unsupported => ({
      file: place.tree.file,
      ...place.tree.positionOf(place.path),
      resource: place.label,
      attribute,
      reason,
    }),
  );
  return { definition, report: { unsupported, assumed: [...assumed, ...draft.assumed] }, origins: draft.origins };
}

function part<K extends string, V extends object>(key: K, value: V): { readonly [key in K]?: V } {
  const entry: { [key in K]?: V } = {};
  if (Object.keys(value).length > 0) entry[key] = value;
  return entry;
}
