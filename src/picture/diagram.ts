/** A lab as a diagram: its parts in the columns of AWS's resource map, and what leads where. */
import { natGateways } from '../cloud/gateways/nat-gateway.js';
import { byId } from '../cloud/lookup.js';
import { routeTableOf } from '../cloud/network/routes.js';
import type { Subnet, Vpc } from '../cloud/network/types.js';
import type { Cloud } from '../cloud/types.js';
import { connectionsOf, INTERNET, sharedConnections } from './connections.js';
import { edgesOf } from './edges.js';
import { type Folding, machinesBySubnet } from './machines.js';
import { type Diagram, type Node, plainNode, type VpcPart } from './node.js';

export function diagramOf(cloud: Cloud, folding: Folding): Diagram {
  const machines = machinesBySubnet(cloud, folding);
  const vpcs = Object.values(cloud.vpcs).map((vpc) => vpcPart(cloud, vpc, machines));
  const hosts = Object.values(cloud.externalHosts).map(({ name, addresses }) =>
    plainNode({ id: name, kind: 'host', name, detail: addresses.join(' ') }),
  );
  const internet = [plainNode({ id: INTERNET, kind: 'internet', name: 'Internet', detail: '' }), ...hosts];
  return { title: cloud.name, vpcs, shared: sharedConnections(cloud), internet, edges: edgesOf(cloud, vpcs) };
}

function vpcPart(cloud: Cloud, vpc: Vpc, machines: ReadonlyMap<string, readonly Node[]>): VpcPart {
  const isOfVpc = ({ vpcId }: { readonly vpcId: string }) => vpcId === vpc.id;
  const subnets = Object.values(cloud.subnets).filter(isOfVpc);
  const blocks = [...vpc.cidrs, vpc.ipv6Cidr].filter((block) => block !== null);
  return {
    vpc: plainNode({ id: vpc.id, kind: 'vpc', name: vpc.name, detail: blocks.join(' ') }),
    subnets: subnets.map((subnet) => ({
      subnet: subnetNode(subnet),
      machines: machines.get(subnet.id) ?? [],
    })),
    routeTables: Object.values(cloud.routeTables)
      .filter(isOfVpc)
      .map(({ id, name }) => plainNode({ id, kind: 'route-table', name, detail: usersText(cloud, id, subnets) })),
    connections: [...connectionsOf(cloud, vpc), ...natNodes(cloud, vpc)],
  };
}

function subnetNode({ id, name, cidr, ipv6Cidr, zone }: Subnet): Node {
  const detail = [cidr, ipv6Cidr, zone].filter((each) => each !== null).join(' ');
  return plainNode({ id, kind: 'subnet', name, detail });
}

function usersText(cloud: Cloud, tableId: string, subnets: readonly Subnet[]): string {
  const users = subnets.filter(({ id }) => routeTableOf(cloud, id).id === tableId).length;
  return `${users} ${users === 1 ? 'subnet' : 'subnets'}`;
}

/** A NAT gateway is a machine by its nature, and a way out by its use: AWS shows it among those. */
function natNodes(cloud: Cloud, vpc: Vpc): Node[] {
  return natGateways(cloud).flatMap(({ name, interfaceIds: [id = ''] }) => {
    const { subnetId, publicIp } = byId(cloud.networkInterfaces, id);
    const subnet = byId(cloud.subnets, subnetId);
    if (subnet.vpcId !== vpc.id) return [];
    const detail = [`in ${subnet.name}`, publicIp].filter((each) => each !== null).join(' ');
    return [{ ...plainNode({ id, kind: 'nat-gateway', name, detail }), interfaceIds: [id] }];
  });
}
