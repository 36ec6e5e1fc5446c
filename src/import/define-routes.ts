import type { ScenarioDefinition } from '../scenario/schema.js';
import type { RouteDefinition } from '../scenario/schema-routes.js';
import { type Draft, idPart } from './draft.js';
import { groupBy } from './group-by.js';
import type { RouteItem } from './inventory.js';
import { Names } from './names.js';

type RouteTables = NonNullable<ScenarioDefinition['routeTables']>;

const MAIN = 'main';

/** Decides what the route tables are called, for the subnets that use them. */
export function nameRouteTables(draft: Draft): void {
  const names = new Names([MAIN]);
  for (const { key, id, name, isMain } of draft.inventory.routeTables) {
    draft.words.set(key, isMain ? MAIN : names.take(name, id, key));
  }
}

export function defineRoutes(draft: Draft): RouteTables {
  const { routeTables, routes } = draft.inventory;
  const byTable = groupBy(routes, ({ table }) => table);
  const words = new Names(routeTables.filter(({ isMain }) => !isMain).map(({ key }) => draft.word(key)));
  const hasOneMain = routeTables.filter(({ isMain }) => isMain).length === 1;
  return Object.fromEntries(
    routeTables.map((table) => {
      const name = draft.word(table.key);
      const key = table.isMain && !hasOneMain ? words.take(`${draft.word(table.vpc)}-${MAIN}`) : name;
      draft.origin(['routeTables', key], table.place);
      const list = defineTableRoutes(draft, key, byTable.get(table.key) ?? []);
      const head = { ...idPart(table), ...(name === key ? {} : { name }), ...draft.vpcPart(table) };
      return [key, { ...head, ...(list.length === 0 ? {} : { routes: list }) }];
    }),
  );
}

function defineTableRoutes(draft: Draft, table: string, routes: readonly RouteItem[]): RouteDefinition[] {
  const defined: RouteDefinition[] = [];
  for (const { to, via, place } of routes) {
    const target = targetWord(draft, via);
    if (target === null) draft.refuse(place, `the route to ${to} leads to ${via}, which sglab does not build`);
    if (target === null || target === 'local') continue;
    draft.origin(['routeTables', table, 'routes', defined.length], place);
    defined.push({ to: draft.word(to), via: target });
  }
  return defined;
}

function targetWord(draft: Draft, via: string): string | null {
  if (via === 'local') return via;
  const gateway = draft.inventory.gateways.find(({ key }) => key === via);
  if (gateway !== undefined) return gateway.type === 'internet' ? 'internetGateway' : 'egressOnlyInternetGateway';
  return draft.words.get(via) ?? null;
}
