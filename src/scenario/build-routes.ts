import { itemsWithPaths } from '../changes/read-parts.js';
import { byId, named } from '../cloud/lookup.js';
import { associateRouteTable, createRouteTable } from '../cloud/network/route-table.js';
import { changeRoutes } from '../cloud/network/routes.js';
import type { RouteTable, Subnet } from '../cloud/network/types.js';
import { resolveRouteTable } from '../cloud/text/resolve.js';
import { toRouteInput } from '../cloud/text/route-text.js';
import type { Cloud } from '../cloud/types.js';
import type { Path } from '../source/tree.js';
import { assignFileIds, type BuildContext, chooseVpc, subnetsOfFile } from './build-context.js';
import { machineNames } from './machine-names.js';
import type { RouteTableDefinition } from './schema-network.js';

const MAIN = 'main';

/** Route tables with their routes, and which subnets use them. After the instances: routes may lead through these. */
export function buildRoutes(context: BuildContext): void {
  for (const [key, definition] of Object.entries(context.definition.routeTables ?? {})) {
    const path = ['routeTables', key];
    const name = definition.name ?? key;
    const table = buildTable(context, path, name, definition);
    if (table === undefined) context.failedNames.add(name);
    else {
      context.unnamed.push({ path, own: table.id, wanted: definition.id });
      addRoutes(context, path, table.id, definition);
    }
  }
  assignFileIds(context);
  for (const { path, subnet, definition } of subnetsOfFile(context)) {
    if (definition.routeTable === undefined) continue;
    associate(context, [...path, 'routeTable'], subnet, definition.routeTable);
  }
}

function buildTable(
  context: BuildContext,
  path: Path,
  name: string,
  definition: RouteTableDefinition,
): RouteTable | undefined {
  const vpc = chooseVpc(context, path, { kind: 'route table', name, vpc: definition.vpc });
  if (vpc === undefined) return undefined;
  if (name === MAIN) return byId(context.cloud.routeTables, vpc.mainRouteTableId);
  const make = () => context.draft.apply((cloud) => createRouteTable(cloud, { vpcId: vpc.id, name }));
  return context.problems.attempt(path, make, 'key')?.routeTable;
}

function addRoutes(context: BuildContext, path: Path, tableId: string, { routes }: RouteTableDefinition): void {
  for (const { item, path: routePath } of itemsWithPaths([...path, 'routes'], routes)) {
    for (const { item: to, path: toPath } of itemsWithPaths([...routePath, 'to'], item.to)) {
      const { problems, cloud, draft } = context;
      if (isUnbuilt(context, item.via) || [to, item.via].some((word) => context.failedNames.has(word))) continue;
      const viaPath = [...routePath, 'via'];
      const target = problems.attempt(viaPath, () => toRouteInput(cloud, { to: '0.0.0.0/0', via: item.via }).target);
      if (target === undefined) continue;
      problems.attempt(toPath, () =>
        draft.apply((base) => changeRoutes(base, tableId, { add: [toRouteInput(base, { to, via: item.via })] })),
      );
    }
  }
}

/** An instance of the file that could not be built: its own problem says why. */
function isUnbuilt({ definition, cloud }: BuildContext, via: string): boolean {
  const name = via.replace(/\.eth\d+$/, '');
  return (
    named(cloud.instances, name).length === 0 &&
    machineNames(definition).has(name) &&
    !Object.hasOwn(cloud.externalHosts, name)
  );
}

function associate(context: BuildContext, path: Path, subnet: Subnet, word: string): void {
  const { problems, draft, failedNames } = context;
  if (failedNames.has(word)) return;
  if (subnet.routeTableId !== null) {
    const hint = 'Leave `public` out, and write the route `{ to: 0.0.0.0/0, via: internetGateway }` into the table.';
    problems.add(path, {
      message: '`routeTable` and `public: true` exclude each other: `public` means a table of its own',
      hint,
    });
    return;
  }
  const change = (cloud: Cloud) => {
    const isElsewhere = named(cloud.routeTables, word).length > 0;
    const { id } = resolveRouteTable(cloud, word, isElsewhere ? undefined : subnet.vpcId);
    return associateRouteTable(cloud, subnet.id, id);
  };
  problems.attempt(path, () => draft.apply(change));
}
