import { placedItems } from '../changes/read-parts.js';
import { createGatewayEndpoint } from '../cloud/gateways/gateway-endpoint.js';
import { resolvePrefixList, resolveRouteTable } from '../cloud/text/resolve.js';
import type { Path } from '../source/tree.js';
import type { BuildContext } from './build-context.js';
import { chooseVpc } from './choose-vpc.js';
import type { EndpointDefinition } from './schema-managed.js';

type GatewayEndpointDefinition = EndpointDefinition & { type: 'gateway' };

/** The gateway endpoints; after the route tables, into which they put their routes. */
export function buildGatewayEndpoints(context: BuildContext): void {
  for (const [name, definition] of Object.entries(context.definition.endpoints ?? {})) {
    if (definition.type === 'gateway') buildEndpoint(context, ['endpoints', name], name, definition);
  }
}

function buildEndpoint(context: BuildContext, path: Path, name: string, definition: GatewayEndpointDefinition): void {
  const { problems, cloud, failedNames } = context;
  const vpc = chooseVpc(context, path, { kind: 'endpoint', name, vpc: definition.vpc });
  if (vpc === undefined) return;
  const base = { name, vpcId: vpc.id, routeTableIds: [] };
  const prefixListId = problems.attempt([...path, 'prefixList'], () => {
    const { id } = resolvePrefixList(cloud, definition.prefixList);
    createGatewayEndpoint(cloud, { ...base, prefixListId: id });
    return id;
  });
  if (prefixListId === undefined) return;
  const words = placedItems([...path, 'routeTables'], definition.routeTables);
  const routeTableIds = words.flatMap(({ item, path: place }) => {
    if (failedNames.has(item)) return [];
    const found = problems.attempt(place, () => {
      const { id } = resolveRouteTable(cloud, item, vpc.id);
      createGatewayEndpoint(cloud, { ...base, prefixListId, routeTableIds: [id] });
      return id;
    });
    return found === undefined ? [] : [found];
  });
  const made = problems.attempt(path, () => createGatewayEndpoint(cloud, { ...base, prefixListId, routeTableIds }));
  context.cloud = made?.cloud ?? cloud;
}
