/** Proposes routes, and other changes to gateways, that would take a packet further. */

import type { Mutation } from '../../changes/verbs.js';
import { byId, findById, interfacesOf, vpcIdOfInterface } from '../../cloud/lookup.js';
import { cidrContains, hostCidr, parseAddress, parseCidr } from '../../cloud/network/cidr.js';
import { routeTableOf } from '../../cloud/network/routes.js';
import type { Vpc } from '../../cloud/network/types.js';
import { vpcBlocks } from '../../cloud/network/vpc-blocks.js';
import type { Cloud } from '../../cloud/types.js';
import type { ModelHop } from '../../oracle/journey.js';
import { decide } from '../../oracle/routing.js';
import { unambiguousName } from './references.js';
import { findRule } from './rules.js';

/**
 * @param hops of the packet that was dropped, the drop last
 * @returns the most natural target first
 */
export function routeProposals(cloud: Cloud, hops: readonly ModelHop[]): Mutation[] {
  const drop = hops.at(-1);
  const subnetId = hops.findLast((hop) => hop.stage === 'route' && hop.subnetId !== null)?.subnetId;
  if (drop === undefined || subnetId == null) return [];
  return [...acceptance(cloud, subnetId, drop), ...newRoutes(cloud, subnetId, drop)];
}

/** A rule that names a group behind a peering which waits for its acceptance says already what is wanted. */
export function staleProposals(cloud: Cloud, { card, interface: id }: ModelHop): Mutation[] {
  const eni = findById(cloud.networkInterfaces, id ?? '');
  if (card === null || eni === undefined) return [];
  const own = vpcIdOfInterface(cloud, eni);
  const named = card.considered.flatMap(({ ruleId }) => {
    const peer = findRule(cloud, ruleId)?.rule.peer;
    return peer?.type === 'group' ? byId(cloud.securityGroups, peer.groupId).vpcId : [];
  });
  return Object.values(cloud.peerings).flatMap(({ name, status, requesterVpcId, accepterVpcId }): Mutation[] => {
    const joins = [requesterVpcId, accepterVpcId];
    const isMeant = joins.includes(own) && joins.some((vpcId) => vpcId !== own && named.includes(vpcId));
    return status === 'pending-acceptance' && isMeant ? [{ type: 'peering', name, status: 'active' }] : [];
  });
}

/** A peering that waits for its acceptance has the route already. */
function acceptance(cloud: Cloud, subnetId: string, { packet }: ModelHop): Mutation[] {
  const { target } = decide(cloud, subnetId, packet.destination);
  if (target?.type !== 'peering') return [];
  const { name, status } = byId(cloud.peerings, target.peeringId);
  return status === 'pending-acceptance' ? [{ type: 'peering', name, status: 'active' }] : [];
}

function newRoutes(cloud: Cloud, subnetId: string, { packet, cause }: ModelHop): Mutation[] {
  if (!['no-route', 'blackhole', 'no-public-address'].includes(cause ?? '')) return [];
  const vpc = byId(cloud.vpcs, byId(cloud.subnets, subnetId).vpcId);
  const table = routeTableOf(cloud, subnetId);
  const to = hostCidr(packet.destination);
  const isTaken = table.routes.some(({ destination }) => destination.type === 'cidr' && destination.cidr === to);
  return targets(cloud, vpc, subnetId, packet.destination).map((via) => ({
    type: 'routes',
    table: unambiguousName(cloud.routeTables, table),
    add: [{ to, via }],
    remove: isTaken ? [to] : [],
  }));
}

function targets(cloud: Cloud, vpc: Vpc, subnetId: string, destination: string): string[] {
  if (holds(vpc, destination)) return [];
  const other = Object.values(cloud.vpcs).find((each) => holds(each, destination));
  if (other !== undefined) return betweenVpcs(cloud, vpc.id, other.id);
  const internetGateway = vpc.internetGatewayId !== null ? ['internetGateway'] : [];
  if (destination.includes(':')) {
    return [...internetGateway, ...(vpc.egressOnlyInternetGatewayId !== null ? ['egressOnlyInternetGateway'] : [])];
  }
  return [...internetGateway, ...natGateways(cloud, vpc.id, subnetId)];
}

function betweenVpcs(cloud: Cloud, one: string, other: string): string[] {
  const peerings = Object.values(cloud.peerings).filter(({ status, requesterVpcId, accepterVpcId }) => {
    const connects = [requesterVpcId, accepterVpcId].includes(one) && [requesterVpcId, accepterVpcId].includes(other);
    return connects && (status === 'active' || status === 'pending-acceptance');
  });
  const transitGateways = Object.values(cloud.transitGateways).filter(({ attachments }) =>
    [one, other].every((id) => attachments.some(({ vpcId }) => vpcId === id)),
  );
  return [...peerings, ...transitGateways].map(({ name }) => name);
}

/** NAT gateways of other subnets only: the route of their own subnet must not lead to themselves. */
function natGateways(cloud: Cloud, vpcId: string, subnetId: string): string[] {
  return Object.values(cloud.instances)
    .filter((instance) => instance.kind === 'nat-gateway')
    .filter((instance) =>
      interfacesOf(cloud, instance).every(
        (eni) => eni.subnetId !== subnetId && byId(cloud.subnets, eni.subnetId).vpcId === vpcId,
      ),
    )
    .map(({ name }) => name);
}

function holds(vpc: Vpc, address: string): boolean {
  return vpcBlocks(vpc).some((block) => cidrContains(parseCidr(block), parseAddress(address)));
}
