import type { ScenarioDefinition } from '../scenario/schema.js';
import type { ImportReport, Unsupported } from '../source/import-report.js';
import type { SourceLocation } from '../source/tree.js';
import { completeInventory } from './complete.js';
import { homeVpc } from './complete-network.js';
import { defineBalancers } from './define-balancers.js';
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
import type { AssumedItem, Inventory, UnsupportedItem } from './inventory.js';
import { slug } from './names.js';
import { addStandInMachines } from './stand-in-machines.js';

/** Out there, for probes from the internet; the address is one that is reserved for examples. */
const OUTSIDE = { name: 'outside', address: '203.0.113.7' };

export interface LostPart {
  readonly place: SourceLocation;
  readonly reason: string;
  /** The way out: a sentence. */
  readonly hint: string;
}

export interface ImportedDefinition {
  readonly definition: ScenarioDefinition;
  readonly report: ImportReport;
  /** Parts without which the definition is no picture of the sources. */
  readonly lost: readonly LostPart[];
  /** The place in a source of what stands at a path of the definition, such as `securityGroups.web`. */
  readonly origins: ReadonlyMap<string, SourceLocation>;
}

/** The scenario that an inventory describes. `name` becomes the lab's if it can. */
export function toDefinition(inventory: Inventory, name: string): ImportedDefinition {
  addStandInMachines(inventory);
  completeInventory(inventory);
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
  const loadBalancers = defineBalancers(draft);
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
    ...part('loadBalancers', loadBalancers),
    ...(hasGateway ? { internet: { [draft.machineNames.take(OUTSIDE.name)]: OUTSIDE.address } } : {}),
  };
  if (hasGateway) draft.assume(`the machine ${OUTSIDE.name} (${OUTSIDE.address}) stands for everybody on the internet`);
  const unsupported = [...inventory.unsupported, ...draft.unsupported];
  const assumed = [...inventory.assumed, ...draft.assumed];
  const marks = [...assumed, ...unsupported.flatMap((item) => incompleteness(draft, item))].map((mark) => {
    const { sentence, about } = mark;
    const paths = draft.pathsOf(about);
    return paths.length === 0 ? { because: sentence } : { because: sentence, about: paths };
  });
  return {
    definition: { ...definition, ...(marks.length === 0 ? {} : { assumed: marks }) },
    report: {
      unsupported: unsupported.map(asReported),
      assumed: [...new Set(assumed.map(({ sentence }) => sentence))],
    },
    lost: unsupported.flatMap(({ place, reason, lost }) => (lost === undefined ? [] : [{ place, reason, hint: lost }])),
    origins: draft.origins,
  };
}

/**
 * What lacks a part is not as its source has it. A part of nothing that is built changes nothing, unless nobody knows what
 * it is a part of: then it may be any group or network.
 */
function incompleteness(draft: Draft, { place, reason, of = [], lost }: UnsupportedItem): AssumedItem[] {
  const { groups, vpcs } = draft.inventory;
  const about =
    draft.pathsOf(of).length > 0 ? of : lost === undefined ? [] : [...groups, ...vpcs].map(({ key }) => key);
  return about.length === 0 ? [] : [{ sentence: `${place.label} is left out: ${reason}`, about }];
}

function asReported({ place, attribute, reason }: UnsupportedItem): Unsupported {
  const { file } = place.tree;
  return { file, ...place.tree.positionOf(place.path), resource: place.label, attribute: attribute ?? null, reason };
}

function part<K extends string, V extends object>(key: K, value: V): { readonly [key in K]?: V } {
  const entry: { [key in K]?: V } = {};
  if (Object.keys(value).length > 0) entry[key] = value;
  return entry;
}
