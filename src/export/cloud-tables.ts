import { byId, findById, interfaceName } from '../cloud/lookup.js';
import { makeDefaultNetworkAcl } from '../cloud/network/network-acl.js';
import { routeState } from '../cloud/network/routes.js';
import type { Route, RouteTable, Vpc } from '../cloud/network/types.js';
import type { Cloud } from '../cloud/types.js';
import { trafficDefinition } from '../import/traffic.js';
import type { ScenarioDefinition } from '../scenario/schema.js';

type RouteTables = NonNullable<ScenarioDefinition['routeTables']>;
type NetworkAcls = NonNullable<ScenarioDefinition['networkAcls']>;

/** Whether it is the table of `public: true`, as it was made. */
export function isPublicTable({ vpcs }: Cloud, { name, vpcId, routes }: RouteTable): boolean {
  const vpc = byId(vpcs, vpcId);
  const own = routes.filter(({ target }) => target.type !== 'local');
  const everywhere = vpc.ipv6Cidr === null ? ['0.0.0.0/0'] : ['0.0.0.0/0', '::/0'];
  return (
    name === `${vpc.name}.public` &&
    own.every(({ target }) => target.type === 'internet-gateway' && target.gatewayId === vpc.internetGatewayId) &&
    own.map(({ destination }) => (destination.type === 'cidr' ? destination.cidr : '')).join() === everywhere.join()
  );
}

/** `main`, or the table's own name; one that was `VPC.public` and has changed is a table like any other. */
export function tableName({ vpcs }: Cloud, { id, name, vpcId }: RouteTable): string {
  return byId(vpcs, vpcId).mainRouteTableId === id ? 'main' : name.replace('.', '-');
}

export function defineCloudRoutes(cloud: Cloud): RouteTables {
  const vpcs = Object.keys(cloud.vpcs).length;
  return Object.fromEntries(
    Object.values(cloud.routeTables).flatMap((table) => {
      const vpc = byId(cloud.vpcs, table.vpcId);
      const routes = table.routes
        .filter((route) => isWritten(route))
        .map((route) => ({ to: destinationReference(cloud, route), via: targetReference(cloud, vpc, route) }));
      const name = tableName(cloud, table);
      if (isPublicTable(cloud, table) || (name === 'main' && routes.length === 0)) return [];
      const key = name === 'main' && vpcs > 1 ? `${vpc.name}-main` : name;
      const head = { ...ownId(table), ...(key === name ? {} : { name }), ...(vpcs > 1 ? { vpc: vpc.name } : {}) };
      return [[key, { ...head, routes }]];
    }),
  );
}

/** Local routes are in every table, and an endpoint's come with it. */
function isWritten({ target }: Route): boolean {
  return target.type !== 'local' && target.type !== 'gateway-endpoint';
}

function destinationReference(cloud: Cloud, { destination }: Route): string {
  return destination.type === 'cidr' ? destination.cidr : byId(cloud.prefixLists, destination.prefixListId).name;
}

function targetReference(cloud: Cloud, vpc: Vpc, route: Route): string {
  const { target } = route;
  // A peering that is not active is still there, and says so itself.
  if (target.type !== 'peering' && routeState(cloud, vpc, route) === 'blackhole') return 'blackhole';
  switch (target.type) {
    case 'internet-gateway':
      return 'internetGateway';
    case 'egress-only-internet-gateway':
      return 'egressOnlyInternetGateway';
    case 'interface': {
      const { instanceId } = byId(cloud.networkInterfaces, target.interfaceId);
      const { name, interfaceIds } = byId(cloud.instances, instanceId);
      return interfaceIds.length === 1 ? name : interfaceName(cloud, target.interfaceId);
    }
    case 'peering':
      return findById(cloud.peerings, target.peeringId)?.name ?? 'blackhole';
    case 'transit-gateway':
      return byId(cloud.transitGateways, target.transitGatewayId).name;
    default:
      return 'local';
  }
}

export function defineCloudAcls(cloud: Cloud): NetworkAcls {
  const vpcs = Object.keys(cloud.vpcs).length;
  return Object.fromEntries(
    Object.values(cloud.networkAcls).flatMap((acl) => {
      const vpc = byId(cloud.vpcs, acl.vpcId);
      const isDefault = vpc.defaultNetworkAclId === acl.id;
      const usual = makeDefaultNetworkAcl(vpc).entries;
      if (isDefault && JSON.stringify(usual) === JSON.stringify(acl.entries)) return [];
      const name = isDefault ? 'default' : acl.name;
      const key = isDefault && vpcs > 1 ? `${vpc.name}-default` : name;
      const list = (direction: string) =>
        acl.entries
          .filter((entry) => entry.direction === direction)
          .map(({ number: rule, action, cidr, ...entry }) => {
            const { protocol, ports, type, code } = trafficDefinition(entry);
            const side = direction === 'ingress' ? { from: cidr } : { to: cidr };
            const icmp = { ...(type === undefined ? {} : { type }), ...(code === undefined ? {} : { code }) };
            const range = ports === undefined || Array.isArray(ports) ? {} : { ports };
            return { rule, action, protocol, ...range, ...icmp, ...side };
          });
      const head = { ...ownId(acl), ...(key === name ? {} : { name }), ...(vpcs > 1 ? { vpc: vpc.name } : {}) };
      return [[key, { ...head, inbound: list('ingress'), outbound: list('egress') }]];
    }),
  );
}

/** `id: …` of what is called by its id: only with it the name is found where ids are. */
export function ownId({ id, name }: { readonly id: string; readonly name: string }): { readonly id?: string } {
  return name === id ? { id } : {};
}
