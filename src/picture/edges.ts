/** What leads where in a diagram. */
import { byId } from '../cloud/lookup.js';
import { routeState, routeTableOf } from '../cloud/network/routes.js';
import type { Route, RouteTable, RouteTarget } from '../cloud/network/types.js';
import type { Cloud } from '../cloud/types.js';
import { INTERNET } from './connections.js';
import type { Edge, VpcPart } from './node.js';

/** @param vpcs whose machines may be folded: what leads to a machine leads to the node that stands for it */
export function edgesOf(cloud: Cloud, vpcs: readonly VpcPart[]): Edge[] {
  const nodeOf = shownNodes(vpcs);
  return [
    ...Object.values(cloud.subnets).map(({ id }) => edge('association', id, routeTableOf(cloud, id).id)),
    ...Object.values(cloud.routeTables).flatMap((table) => routeEdges(cloud, table, nodeOf)),
    ...targetEdges(cloud, nodeOf),
    ...Object.values(cloud.vpcs).flatMap(({ internetGatewayId, egressOnlyInternetGatewayId }) =>
      [internetGatewayId, egressOnlyInternetGatewayId].flatMap((id) =>
        id === null ? [] : edge('internet', id, INTERNET),
      ),
    ),
  ];
}

/** The node that stands for an interface, by the interface's id. */
export function shownNodes(vpcs: readonly VpcPart[]): ReadonlyMap<string, string> {
  const nodes = vpcs.flatMap(({ subnets, connections }) => [
    ...subnets.flatMap(({ machines }) => machines),
    ...connections,
  ]);
  return new Map(nodes.flatMap((node) => node.interfaceIds.map((id) => [id, node.id] as const)));
}

/** One for each target of a table, however many destinations it has; a route whose target is gone has no other end. */
function routeEdges(cloud: Cloud, table: RouteTable, nodeOf: ReadonlyMap<string, string>): Edge[] {
  const byTarget = new Map<string, Route[]>();
  for (const route of table.routes) {
    const target = targetNode(route.target, nodeOf);
    if (target !== null) byTarget.set(target, [...(byTarget.get(target) ?? []), route]);
  }
  const vpc = byId(cloud.vpcs, table.vpcId);
  return [...byTarget].map(([target, routes]) => ({
    ...edge('route', table.id, target, routes.map((route) => destinationName(cloud, route)).join(' ')),
    isBlackhole: routes.every((route) => routeState(cloud, vpc, route) === 'blackhole'),
  }));
}

function targetNode(target: RouteTarget, nodeOf: ReadonlyMap<string, string>): string | null {
  switch (target.type) {
    case 'local':
      return null;
    case 'internet-gateway':
    case 'egress-only-internet-gateway':
      return target.gatewayId;
    case 'interface':
      return nodeOf.get(target.interfaceId) ?? null;
    case 'peering':
      return target.peeringId;
    case 'transit-gateway':
      return target.transitGatewayId;
    case 'gateway-endpoint':
      return target.endpointId;
  }
}

function destinationName(cloud: Cloud, { destination }: Route): string {
  return destination.type === 'cidr' ? destination.cidr : byId(cloud.prefixLists, destination.prefixListId).name;
}

/** From balancers to their targets. */
function targetEdges(cloud: Cloud, nodeOf: ReadonlyMap<string, string>): Edge[] {
  const balancers = Object.values(cloud.instances).flatMap(({ forwarding, interfaceIds: [id = ''] }) =>
    forwarding === null ? [] : { from: nodeOf.get(id), ports: forwarding.ports },
  );
  return balancers.flatMap(({ from, ports }) => {
    const targets = new Set(ports.flatMap(({ targetIds }) => targetIds.map((id) => nodeOf.get(id))));
    return [...targets].flatMap((to) => {
      if (from === undefined || to === undefined) return [];
      const own = ports.filter(({ targetIds }) => targetIds.some((id) => nodeOf.get(id) === to));
      return edge('target', from, to, `port ${own.map(({ port }) => port).join(', ')}`);
    });
  });
}

function edge(kind: Edge['kind'], from: string, to: string, label = ''): Edge {
  return { from, to, kind, label, isBlackhole: false };
}
