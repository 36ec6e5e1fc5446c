import type { GatewayEndpoint } from '../../cloud/gateways/types.js';
import { byId } from '../../cloud/lookup.js';
import type { Route, RouteTable } from '../../cloud/network/types.js';
import { isIdle } from '../not-running.js';
import { egressOnlyGatewayKey, gatewayKey, type Script } from './script.js';
import { heading, nameTag, word } from './shell.js';

/** A route table with its routes and subnets; the main one exists. */
export function tableLines(script: Script, table: RouteTable): string[] {
  const { cloud } = script;
  const isMain = byId(cloud.vpcs, table.vpcId).mainRouteTableId === table.id;
  const create = `create-route-table --vpc-id ${script.use(table.vpcId)} ${nameTag('route-table', table.name)}`;
  const made = isMain ? [] : [script.assign(table.id, 'TABLE', create, 'RouteTable.RouteTableId')];
  const own = `--route-table-id ${script.use(table.id)}`;
  const lines = [
    ...made,
    ...table.routes.flatMap((route) => routeLines(script, table, own, route)),
    ...Object.values(cloud.subnets)
      .filter(({ routeTableId }) => routeTableId === table.id)
      .map(({ id }) => `aws ec2 associate-route-table ${own} --subnet-id ${script.use(id)}`),
  ];
  return lines.length === 0 ? [] : [heading(`route table ${table.name}`), ...lines];
}

function routeLines(script: Script, table: RouteTable, own: string, route: Route): string[] {
  const { destination, target } = route;
  // Both come with what makes them.
  if (target.type === 'local' || target.type === 'gateway-endpoint') return [];
  if (target.type === 'interface' && isIdle(script.cloud, target.interfaceId)) return [];
  const to =
    destination.type === 'cidr' ? destination.cidr : byId(script.cloud.prefixLists, destination.prefixListId).name;
  const { internetGatewayId } = byId(script.cloud.vpcs, table.vpcId);
  const isDetached = target.type === 'internet-gateway' && target.gatewayId !== internetGatewayId;
  const via = isDetached ? null : targetArgs(script, table, route);
  const isGone =
    destination.type === 'cidr' &&
    destination.family === 'ipv6' &&
    !script.hasIpv6(byId(script.cloud.vpcs, table.vpcId));
  if (via === null || isGone) {
    script.notExported.push(`${table.name}: the route to ${to}, whose target or IPv6 block the script does not make`);
    return [];
  }
  const lists = destination.type === 'cidr' ? [] : script.lookUpPrefixList(destination.prefixListId);
  return [...lists, `aws ec2 create-route ${own} ${destinationArgs(script, route)} ${via}`];
}

function destinationArgs(script: Script, { destination }: Route): string {
  if (destination.type === 'prefix-list') return `--destination-prefix-list-id ${script.use(destination.prefixListId)}`;
  const option = destination.family === 'ipv4' ? '--destination-cidr-block' : '--destination-ipv6-cidr-block';
  return `${option} ${word(script.block(destination.cidr))}`;
}

/** null for a target that the script does not make. */
function targetArgs(script: Script, { vpcId }: RouteTable, { target }: Route): string | null {
  const option = (name: string, id: string) => (script.has(id) ? `--${name} ${script.use(id)}` : null);
  switch (target.type) {
    case 'internet-gateway':
      return option('gateway-id', gatewayKey(vpcId));
    case 'egress-only-internet-gateway':
      return option('egress-only-internet-gateway-id', egressOnlyGatewayKey(vpcId));
    case 'peering':
      return option('vpc-peering-connection-id', target.peeringId);
    case 'transit-gateway':
      return option('transit-gateway-id', target.transitGatewayId);
    case 'interface': {
      const { instanceId } = byId(script.cloud.networkInterfaces, target.interfaceId);
      const isNat = byId(script.cloud.instances, instanceId).kind === 'nat-gateway';
      return isNat ? option('nat-gateway-id', instanceId) : option('network-interface-id', target.interfaceId);
    }
    default:
      return null;
  }
}

/** The endpoint comes with the routes to its prefix list, which AWS makes. */
export function endpointLines(script: Script, { id, name, vpcId, prefixListId }: GatewayEndpoint): string[] {
  const service = word(script.inRegion(byId(script.cloud.prefixLists, prefixListId).name));
  const tables = Object.values(script.cloud.routeTables).filter(({ routes }) =>
    routes.some(({ target }) => target.type === 'gateway-endpoint' && target.endpointId === id),
  );
  const users = tables.length === 0 ? '' : ` --route-table-ids ${script.use(...tables.map((table) => table.id))}`;
  const create = `create-vpc-endpoint --vpc-id ${script.use(vpcId)} --service-name ${service}${users}`;
  return [heading(`gateway endpoint ${name}`), script.assign(id, 'ENDPOINT', create, 'VpcEndpoint.VpcEndpointId')];
}
