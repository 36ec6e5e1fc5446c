/** The steps of a packet's way along the picture. Pure. */

import { findById } from '../../../cloud/lookup.js';
import { routeTableOf } from '../../../cloud/network/routes.js';
import { endpointName, resolveEndpoint } from '../../../cloud/text/endpoint.js';
import type { Cloud } from '../../../cloud/types.js';
import type { Leg, Verdict } from '../../../verdict/types.js';
import type { Explanation, StageView } from '../../../verify/explain/types.js';

export interface WayStep {
  readonly number: number;
  readonly view: StageView;
  /** The node of the picture at which the packet was before. */
  readonly before: string | null;
  /** The internet gateway through which it came from there; null: it stayed on one side. */
  readonly via: string | null;
  /** The one at which it is then. */
  readonly node: string | null;
  /** The kernel's, or else the model's: it reports no passing of routers. */
  readonly verdict: Verdict | null;
}

export function stepsOf(cloud: Cloud, { stages }: Explanation, from: string): WayStep[] {
  let node = endNode(cloud, from);
  return stages.map((view, at) => {
    // Where a gateway decides, nothing says which: the packet waits where it was.
    const before = node;
    node = nodeOf(cloud, view) ?? node;
    return {
      number: at + 1,
      view,
      before,
      via: gatewayBetween(cloud, before, node),
      node,
      verdict: view.kernel ?? view.model,
    };
  });
}

/** Routes are the route table's, entries of network ACLs the subnet's. */
function nodeOf(cloud: Cloud, { stage, at }: StageView): string | null {
  if (at === null || stage !== 'route') return at;
  return findById(cloud.subnets, at) === undefined ? at : routeTableOf(cloud, at).id;
}

function gatewayBetween(cloud: Cloud, one: string | null, other: string | null): string | null {
  const vpcIds = [one, other].map((node) => (node === null ? undefined : vpcIdOf(cloud, node)));
  const isOutside = [one, other].some((node) => node !== null && Object.hasOwn(cloud.externalHosts, node));
  const vpcId = vpcIds.find((id) => id !== undefined);
  if (!isOutside || vpcId === undefined) return null;
  return findById(cloud.vpcs, vpcId)?.internetGatewayId ?? null;
}

function vpcIdOf(cloud: Cloud, node: string): string | undefined {
  const subnetId = findById(cloud.networkInterfaces, node)?.subnetId ?? node;
  return (findById(cloud.subnets, subnetId) ?? findById(cloud.routeTables, node))?.vpcId;
}

function endNode(cloud: Cloud, word: string): string | null {
  try {
    const end = resolveEndpoint(cloud, word);
    return end.kind === 'external' ? endpointName(cloud, end) : end.interfaceId;
  } catch {
    return null; // it is gone
  }
}

/** The interfaces that the picture of the way shows; those of machines that have no part in it would only be in the way. */
export function interfacesOn(cloud: Cloud, steps: readonly WayStep[], ends: readonly string[]): ReadonlySet<string> {
  const nodes = [...steps.map(({ node }) => node), ...ends.map((end) => endNode(cloud, end))];
  return new Set(nodes.filter((node) => node !== null && Object.hasOwn(cloud.networkInterfaces, node)) as string[]);
}

/** The nodes that the packet has come by on this leg, up to a step. */
export function trail(
  steps: readonly WayStep[],
  current: number,
): { readonly leg: Leg; readonly nodes: readonly string[] } {
  const leg = steps[current]?.view.leg ?? 'request';
  const own = steps.slice(0, current + 1).filter(({ view }) => view.leg === leg);
  const nodes = [own[0]?.before, ...own.flatMap(({ via, node }) => [via, node])].flatMap((node) => node ?? []);
  return { leg, nodes: nodes.filter((node, at) => node !== nodes[at - 1]) };
}

/** The step at which the packet stopped, or the last one. */
export function endOf(steps: readonly WayStep[]): number {
  const stopped = steps.findIndex(({ verdict }) => verdict === 'drop');
  return stopped === -1 ? steps.length - 1 : stopped;
}
