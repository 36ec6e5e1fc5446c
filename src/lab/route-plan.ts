/** The routes and routing rules of a fabric: what its VPC's route tables say, as the kernel takes it. Pure. */

import type { Family } from '../cloud/groups/types.js';
import type { Cidr } from '../cloud/network/cidr.js';
import { blocksOfDestination } from '../cloud/network/route-target.js';
import { routeState } from '../cloud/network/routes.js';
import type { Route, RouteTable, Vpc } from '../cloud/network/types.js';
import { isInsideVpc } from '../cloud/network/vpc-blocks.js';
import type { Cloud } from '../cloud/types.js';
import { answerTable, BLACKHOLE, MARK_ROUTE_TABLE_MASK, VOID } from '../ruleset/names.js';
import { pathsOf } from '../ruleset/paths.js';
import { nextHopOf } from './route-targets.js';
import { everywhere, families } from './routing.js';

/**
 * What a namespace's own tables hold: changed in place while it runs (src/lab/routing-difference.ts). Both in the words of
 * `ip`, which are also the words in which the kernel's state is read back.
 */
export interface RoutingPlan {
  /** `pref 10001 fwmark 0x1/0xfff lookup 10001`, of the family. */
  readonly rules: Readonly<Record<Family, readonly string[]>>;
  /** By what tells a route from all others (`10.0.2.0/24 table 10001`): the command that sets it. */
  readonly routes: Readonly<Record<string, string>>;
}

/**
 * A table's number is the priority of the rule that asks it. Before the main table (32766), which knows every interface,
 * come routes that send traffic inside the VPC elsewhere; after it everything else, and at last the sink.
 */
const INSIDE = 10_000;
const OUTSIDE = 40_000;
const LAST = 60_000;

export const OWN_TABLES = { first: INSIDE, last: LAST } as const;

export function planRouting(cloud: Cloud, vpc: Vpc): RoutingPlan {
  const used = families(vpc.ipv6Cidr !== null);
  const tables = Object.values(cloud.routeTables).filter(({ vpcId }) => vpcId === vpc.id);
  const answers = answerRoutes(cloud, vpc, used);
  const rules = [
    ...new Set(answers.map(({ table }) => ruleOf(table - INSIDE, table))),
    ...tables.flatMap(({ number }) => [ruleOf(number, INSIDE + number), ruleOf(number, OUTSIDE + number)]),
    `pref ${LAST} lookup ${LAST}`,
  ];
  const sinks = used.map((family) => [
    keyOf(everywhere(family), LAST),
    `route replace ${everywhere(family)} dev ${VOID} table ${LAST}`,
  ]);
  const routes = tables.flatMap((table) => routesOf(cloud, vpc, table).filter(({ family }) => used.includes(family)));
  return {
    rules: { ipv4: rules, ipv6: used.includes('ipv6') ? rules : [] },
    routes: Object.fromEntries([
      ...sinks,
      ...answers.map(({ key, command }) => [key, command]),
      ...routes.map(({ key, command }) => [key, command]),
    ]),
  };
}

/** Answers that go back by a forwarder go there before the main table could lead them to the client. */
function answerRoutes(cloud: Cloud, vpc: Vpc, used: readonly Family[]): (PlannedRoute & { readonly table: number })[] {
  return pathsOf(cloud, vpc.id).flatMap(({ number, answersTo }) =>
    used.flatMap((family) => {
      const nextHop = answersTo && nextHopOf(cloud, { type: 'interface', interfaceId: answersTo }, family);
      if (nextHop === null) return [];
      const table = INSIDE + answerTable(number);
      const key = keyOf(everywhere(family), table);
      return [{ family, table, key, command: `route replace ${everywhere(family)} ${nextHop} table ${table}` }];
    }),
  );
}

function ruleOf(routeTable: number, table: number): string {
  return `pref ${table} fwmark 0x${routeTable.toString(16)}/0x${MARK_ROUTE_TABLE_MASK.toString(16)} lookup ${table}`;
}

interface PlannedRoute {
  readonly family: Family;
  readonly key: string;
  readonly command: string;
}

function routesOf(cloud: Cloud, vpc: Vpc, table: RouteTable): PlannedRoute[] {
  return table.routes.flatMap((route) =>
    blocksOfDestination(cloud, route.destination).flatMap((block) => routeOf(cloud, vpc, table, route, block)),
  );
}

function routeOf(cloud: Cloud, vpc: Vpc, table: RouteTable, route: Route, block: Cidr): PlannedRoute[] {
  const { family, text } = block;
  const planned = (number: number, kind: string, words: string): PlannedRoute[] => {
    const command = ['route replace', kind, text, words, `table ${number}`].filter((word) => word !== '').join(' ');
    return [{ family, key: keyOf(text, number), command }];
  };
  const number = table.number + (isInsideVpc(vpc, block) ? INSIDE : OUTSIDE);
  // The main table has the local routes; in front of it `throw` goes on to it, past a wider route that leads elsewhere.
  if (route.target.type === 'local') return planned(number, 'throw', '');
  // A peering itself drops what it does not carry, and so says why.
  const leads = route.target.type === 'peering' || routeState(cloud, vpc, route) === 'active';
  const nextHop = leads ? nextHopOf(cloud, route.target, family) : null;
  return planned(number, '', nextHop ?? `dev ${BLACKHOLE}`);
}

function keyOf(cidr: string, table: number): string {
  return `${cidr} table ${table}`;
}
