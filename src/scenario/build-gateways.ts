/** The ways out of a VPC: peerings, transit gateways and gateway endpoints. */

import { itemsWithPaths } from '../changes/read-parts.js';
import { createGatewayEndpoint } from '../cloud/gateways/gateway-endpoint.js';
import { createPeering, findPeering } from '../cloud/gateways/peering.js';
import { createTransitGateway, findTransitGateway } from '../cloud/gateways/transit-gateway.js';
import type { TransitGatewayAttachment } from '../cloud/gateways/types.js';
import { withEntry } from '../cloud/lookup.js';
import { resolvePrefixList, resolveRouteTable } from '../cloud/text/resolve.js';
import type { Path } from '../source/tree.js';
import { assignFileIds, type BuildContext, chooseVpc, findVpcId } from './build-context.js';
import type { EndpointDefinition } from './schema-managed.js';
import type { PeeringDefinition, TransitGatewayDefinition } from './schema-network.js';

/** The peerings, active at first: the rules and routes of the file may have been made while they were. */
export function buildPeerings(context: BuildContext): void {
  for (const [name, definition] of Object.entries(context.definition.peerings ?? {})) {
    const path = ['peerings', name];
    if (!buildPeering(context, path, name, definition)) context.failedNames.add(name);
  }
  assignFileIds(context);
}

/** Gives each peering the status that the file says. */
export function settlePeerings(context: BuildContext): void {
  for (const [name, { status = 'active' }] of Object.entries(context.definition.peerings ?? {})) {
    const peering = findPeering(context.cloud, name);
    if (peering === undefined || status === 'active') continue;
    context.draft.apply((cloud) => ({ ...cloud, peerings: withEntry(cloud.peerings, { ...peering, status }) }));
  }
}

function buildPeering(
  context: BuildContext,
  path: Path,
  name: string,
  { id, between, dnsResolution = false }: PeeringDefinition,
): boolean {
  const [requesterVpcId, accepterVpcId] = between.map((word, position) =>
    findVpcId(context, [...path, 'between', position], word),
  );
  if (requesterVpcId === undefined || accepterVpcId === undefined) return false;
  const input = { name, requesterVpcId, accepterVpcId, status: 'active', dnsResolution } as const;
  const make = () => context.draft.apply((cloud) => createPeering(cloud, input));
  const made = context.problems.attempt(path, make, 'key');
  if (made !== undefined) context.unnamed.push({ path, own: made.peering.id, wanted: id });
  return made !== undefined;
}

/** The transit gateways, with referencing on everywhere at first: the file's rules may have been made while it was. */
export function buildTransitGateways(context: BuildContext): void {
  for (const [name, definition] of Object.entries(context.definition.transitGateways ?? {})) {
    const path = ['transitGateways', name];
    const attachments = readAttachments(context, path, definition);
    const input = {
      name,
      securityGroupReferencing: true,
      attachments: attachments.map((each) => ({ ...each, securityGroupReferencing: true })),
    };
    const isWhole = attachments.length === Object.keys(definition.attachments).length;
    const make = () => context.draft.apply((cloud) => createTransitGateway(cloud, input));
    if (!isWhole || context.problems.attempt(path, make, 'key') === undefined) context.failedNames.add(name);
  }
}

/** Switches referencing off where the file does. */
export function settleTransitGateways(context: BuildContext): void {
  for (const [name, definition] of Object.entries(context.definition.transitGateways ?? {})) {
    const gateway = findTransitGateway(context.cloud, name);
    if (gateway === undefined) continue;
    const settled = {
      ...gateway,
      securityGroupReferencing: definition.securityGroupReferencing ?? false,
      attachments: readAttachments(context, ['transitGateways', name], definition),
    };
    context.draft.apply((cloud) => ({ ...cloud, transitGateways: withEntry(cloud.transitGateways, settled) }));
  }
}

function readAttachments(
  context: BuildContext,
  path: Path,
  { attachments }: TransitGatewayDefinition,
): TransitGatewayAttachment[] {
  return Object.entries(attachments).flatMap(([word, { securityGroupReferencing = true }]) => {
    const vpcId = findVpcId(context, [...path, 'attachments', word], word, 'key');
    return vpcId === undefined ? [] : [{ vpcId, securityGroupReferencing }];
  });
}

type GatewayEndpointDefinition = EndpointDefinition & { type: 'gateway' };

/** The gateway endpoints; after the route tables, into which they put their routes. */
export function buildGatewayEndpoints(context: BuildContext): void {
  for (const [name, definition] of Object.entries(context.definition.endpoints ?? {})) {
    if (definition.type === 'gateway') buildEndpoint(context, ['endpoints', name], name, definition);
  }
}

function buildEndpoint(context: BuildContext, path: Path, name: string, definition: GatewayEndpointDefinition): void {
  const { problems, cloud, draft, failedNames } = context;
  const vpc = chooseVpc(context, path, { kind: 'endpoint', name, vpc: definition.vpc });
  if (vpc === undefined) return;
  const base = { name, vpcId: vpc.id, routeTableIds: [] };
  const prefixListId = problems.attempt([...path, 'prefixList'], () => {
    const { id } = resolvePrefixList(cloud, definition.prefixList);
    draft.rehearse((trial) => createGatewayEndpoint(trial, { ...base, prefixListId: id }));
    return id;
  });
  if (prefixListId === undefined) return;
  const words = itemsWithPaths([...path, 'routeTables'], definition.routeTables);
  const routeTableIds = words.flatMap(({ item, path: place }) => {
    if (failedNames.has(item)) return [];
    const found = problems.attempt(place, () => {
      const { id } = resolveRouteTable(cloud, item, vpc.id);
      draft.rehearse((trial) => createGatewayEndpoint(trial, { ...base, prefixListId, routeTableIds: [id] }));
      return id;
    });
    return found === undefined ? [] : [found];
  });
  problems.attempt(path, () =>
    draft.apply((base_) => createGatewayEndpoint(base_, { ...base, prefixListId, routeTableIds })),
  );
}
