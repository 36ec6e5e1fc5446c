/** Flows that are tracked whatever the rules are (4.3), by the address of the peer or by the route that they take. */

import { serviceOf } from '../cloud/gateways/gateway-endpoint.js';
import type { Direction, Family } from '../cloud/groups/types.js';
import { kindOfInterface, traitsOf } from '../cloud/instances/kinds.js';
import type { NetworkInterface } from '../cloud/interfaces/types.js';
import { byId } from '../cloud/lookup.js';
import { type Cidr, formatAddress } from '../cloud/network/cidr.js';
import { blocksOfDestination } from '../cloud/network/route-target.js';
import { routeTableOf } from '../cloud/network/routes.js';
import type { RouteTable, RouteTarget } from '../cloud/network/types.js';
import type { Cloud } from '../cloud/types.js';
import { MARK_RULE_MASK } from './names.js';
import { type NamedSet, namedSet } from './ruleset.js';

/** Statements that clear "untracked" in the mark that an egress rule gave the packet. */
export const TRACK_BY_ROUTE: readonly string[] = [
  `ip daddr @tracked-route4 meta mark set meta mark & 0x${MARK_RULE_MASK.toString(16)}`,
  `ip6 daddr @tracked-route6 meta mark set meta mark & 0x${MARK_RULE_MASK.toString(16)}`,
];

/** Most VPCs have no such route, and then their cards do not mention any. */
export function hasTrackedRoutes(cloud: Cloud, vpcId: string): boolean {
  return Object.values(cloud.routeTables).some(
    (table) => table.vpcId === vpcId && table.routes.some(({ target }) => isTracked(cloud, target)),
  );
}

export function trackedRouteSets(cloud: Cloud, subnetId: string): NamedSet[] {
  const table = routeTableOf(cloud, subnetId);
  if (!hasTrackedRoutes(cloud, table.vpcId)) return [];
  return [
    namedSet('tracked-route4', 'ipv4_addr', trackedRanges(cloud, table, 'ipv4'), ['interval']),
    namedSet('tracked-route6', 'ipv6_addr', trackedRanges(cloud, table, 'ipv6'), ['interval']),
  ];
}

/** NAT gateways, egress-only gateways and endpoints of DynamoDB (4.3). */
function isTracked(cloud: Cloud, target: RouteTarget): boolean {
  switch (target.type) {
    case 'egress-only-internet-gateway':
      return true;
    case 'gateway-endpoint':
      return serviceOf(cloud, byId(cloud.gatewayEndpoints, target.endpointId)) === 'dynamodb';
    case 'interface': {
      const eni = cloud.networkInterfaces[target.interfaceId];
      return (
        eni !== undefined && kindOfInterface(cloud, eni) === 'nat-gateway' && traitsOf('nat-gateway').alwaysTracked
      );
    }
    default:
      return false;
  }
}

/** Destinations for which a tracked route has the longest prefix: ascending ranges that do not touch. */
function trackedRanges(cloud: Cloud, table: RouteTable, family: Family): string[] {
  const routes = table.routes.flatMap(({ destination, target }) =>
    blocksOfDestination(cloud, destination)
      .filter((block) => block.family === family)
      .map((block) => ({ block, tracked: isTracked(cloud, target) })),
  );
  const edges = [...new Set(routes.flatMap(({ block }) => [block.first, block.last + 1n]))].sort(ascending);
  const ranges: { first: bigint; last: bigint }[] = [];
  for (const [at, first] of edges.entries()) {
    const last = (edges[at + 1] ?? first) - 1n;
    const holds = ({ block }: { block: Cidr }) => block.first <= first && last <= block.last;
    const [winner] = routes.filter(holds).sort((a, b) => b.block.prefixLength - a.block.prefixLength);
    if (last < first || winner?.tracked !== true) continue;
    const previous = ranges.at(-1);
    if (previous?.last === first - 1n) previous.last = last;
    else ranges.push({ first, last });
  }
  return ranges.map(({ first, last }) => `${formatAddress(family, first)}-${formatAddress(family, last)}`);
}

function ascending(a: bigint, b: bigint): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** A set of the addresses of these interfaces; no set if there are none. */
export function alwaysTrackedSets(interfaces: readonly NetworkInterface[]): NamedSet[] {
  if (interfaces.length === 0) return [];
  return [
    namedSet('always-tracked4', 'ipv4_addr', new Set(interfaces.flatMap((eni) => eni.privateIpAddresses))),
    namedSet('always-tracked6', 'ipv6_addr', new Set(interfaces.flatMap((eni) => eni.ipv6Addresses))),
  ];
}

/** Statements that clear "untracked" in the mark that the rule gave the packet. */
export function trackAlways(direction: Direction): string[] {
  const peer = direction === 'ingress' ? 'saddr' : 'daddr';
  const tracked = `meta mark set meta mark & 0x${MARK_RULE_MASK.toString(16)}`;
  return [`ip ${peer} @always-tracked4 ${tracked}`, `ip6 ${peer} @always-tracked6 ${tracked}`];
}
