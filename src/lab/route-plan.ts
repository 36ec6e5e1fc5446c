/** The routes and routing rules of a fabric: what its VPC's route tables say, as the kernel takes it. Pure. */
import type { Family } from '../cloud/groups/types.js';
import { type Cidr, familyOf } from '../cloud/network/cidr.js';
import { blocksOfDestination } from '../cloud/network/route-target.js';
import { routeState } from '../cloud/network/routes.js';
import type { Route as CloudRoute, RouteTable, Vpc } from '../cloud/network/types.js';
import { isInsideVpc } from '../cloud/network/vpc-blocks.js';
import type { Cloud } from '../cloud/types.js';
import { ROUTING_NUMBERS, type Route, type Routing, type RoutingRule } from '../kernel/objects.js';
import { answerTable, BLACKHOLE, MARK_ROUTE_TABLE_MASK, VOID } from '../ruleset/names.js';
import { pathsOf } from '../ruleset/paths.js';
import { nextHopOf } from './route-targets.js';
import { everywhere, families } from './routing.js';

/**
 * A table's number is the priority of the rule that asks it. Before the main table (32766), which knows every interface,
 * come routes that send traffic inside the VPC elsewhere; after it everything else, and at last the sink.
 */
const INSIDE = ROUTING_NUMBERS.first;
const OUTSIDE = 40_000;
const LAST = ROUTING_NUMBERS.last;

export function planRouting(cloud: Cloud, vpc: Vpc): Routing {
  const used = families(vpc.ipv6Cidr !== null);
  const tables = Object.values(cloud.routeTables).filter(({ vpcId }) => vpcId === vpc.id);
  const answers = answerRoutes(cloud, vpc, used);
  const routes = tables.flatMap((table) => routesOf(cloud, vpc, table).filter(({ to }) => used.includes(familyOf(to))));
  return {
    rules: used.flatMap((family) => [
      ...[...new Set(answers.map(({ table }) => table))].map((table) => ruleOf(family, table - INSIDE, table)),
      ...tables.flatMap(({ number }) => [INSIDE, OUTSIDE].map((base) => ruleOf(family, number, base + number))),
      { family, priority: LAST, table: LAST },
    ]),
    routes: [...used.map((family) => ({ to: everywhere(family), link: VOID, table: LAST })), ...answers, ...routes],
  };
}

/** Answers that go back by a forwarder go there before the main table could lead them to the client. */
function answerRoutes(cloud: Cloud, vpc: Vpc, used: readonly Family[]): (Route & { readonly table: number })[] {
  return pathsOf(cloud, vpc.id).flatMap(({ number, answersTo }) =>
    used.flatMap((family) => {
      const nextHop = answersTo && nextHopOf(cloud, { type: 'interface', interfaceId: answersTo }, family);
      return nextHop === null ? [] : [{ to: everywhere(family), ...nextHop, table: INSIDE + answerTable(number) }];
    }),
  );
}

function ruleOf(family: Family, routeTable: number, table: number): RoutingRule {
  const mark = `0x${routeTable.toString(16)}/0x${MARK_ROUTE_TABLE_MASK.toString(16)}`;
  return { family, priority: table, mark, table };
}

function routesOf(cloud: Cloud, vpc: Vpc, { number, routes }: RouteTable): Route[] {
  return routes.flatMap((route) =>
    blocksOfDestination(cloud, route.destination).map((block) => {
      const planned = { to: block.text, table: number + (isInsideVpc(vpc, block) ? INSIDE : OUTSIDE) };
      // The main table has the local routes; in front of it a route without a link goes on to it, past a wider one that leads elsewhere.
      if (route.target.type === 'local') return planned;
      return { ...planned, ...(nextHopOfRoute(cloud, vpc, route, block.family) ?? { link: BLACKHOLE }) };
    }),
  );
}

/** @returns null for a route that leads nowhere; a peering drops by itself what it does not carry, and so says why */
function nextHopOfRoute(cloud: Cloud, vpc: Vpc, route: CloudRoute, family: Cidr['family']) {
  const leads = route.target.type === 'peering' || routeState(cloud, vpc, route) === 'active';
  return leads ? nextHopOf(cloud, route.target, family) : null;
}
