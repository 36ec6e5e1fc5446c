/** A packet as a card sees it when it comes: with the other end's groups, and the way that it takes. */

import type { Direction } from '../cloud/groups/types.js';
import { kindOfInterface, traitsOf } from '../cloud/instances/kinds.js';
import type { NetworkInterface } from '../cloud/interfaces/types.js';
import { byId, findById, vpcIdOfInterface } from '../cloud/lookup.js';
import type { Cloud } from '../cloud/types.js';
import type { CardPacket } from './card.js';
import type { Travel } from './journey.js';
import { decide, interfaceAt } from './routing.js';

type View = Omit<CardPacket, 'now'>;

/** @param direction as the card sees the packet */
export function viewOf(cloud: Cloud, eni: NetworkInterface, direction: Direction, { packet, forwarded }: Travel): View {
  const address = direction === 'ingress' ? packet.source : packet.destination;
  const groupIds = forwarded && direction === 'ingress' ? new Set<string>() : groupsAt(cloud, eni, address, direction);
  const peer = interfaceAt(cloud, vpcIdOfInterface(cloud, eni), address);
  return {
    direction,
    packet,
    peer: { address, groupIds },
    alwaysTracked:
      (direction === 'egress' && leavesThroughGateway(cloud, eni, packet.destination)) ||
      [eni, peer].some((end) => end !== null && traitsOf(kindOfInterface(cloud, end)).alwaysTracked),
  };
}

/** NAT gateways, egress-only gateways and DynamoDB's endpoints: what leaves by them is tracked (4.3). */
function leavesThroughGateway(cloud: Cloud, { subnetId }: NetworkInterface, destination: string): boolean {
  const { target } = decide(cloud, subnetId, destination);
  switch (target?.type) {
    case 'egress-only-internet-gateway':
      return true;
    case 'interface': {
      const through = findById(cloud.networkInterfaces, target.interfaceId);
      return through !== undefined && byId(cloud.instances, through.instanceId).kind === 'nat-gateway';
    }
    case 'gateway-endpoint': {
      const { prefixListId } = byId(cloud.gatewayEndpoints, target.endpointId);
      return byId(cloud.prefixLists, prefixListId).name.endsWith('.dynamodb');
    }
    default:
      return false;
  }
}

/** The groups of the interface that has the private address now (3.1): public addresses belong to no interface. */
function groupsAt(cloud: Cloud, eni: NetworkInterface, address: string, direction: Direction): ReadonlySet<string> {
  const vpcId = vpcIdOfInterface(cloud, eni);
  const reachable = Object.keys(cloud.vpcs).filter((other) => canReference(cloud, direction, vpcId, other));
  return new Set(reachable.flatMap((id) => interfaceAt(cloud, id, address)?.groupIds ?? []));
}

/** Whether groups of the other VPC are meant by rules of this one now (3.3). */
function canReference(cloud: Cloud, direction: Direction, vpcId: string, other: string): boolean {
  if (vpcId === other) return true;
  const isPeered = Object.values(cloud.peerings).some(
    ({ status, requesterVpcId, accepterVpcId }) =>
      status === 'active' &&
      [requesterVpcId, accepterVpcId].includes(vpcId) &&
      [requesterVpcId, accepterVpcId].includes(other),
  );
  const isShared = Object.values(cloud.transitGateways).some(({ securityGroupReferencing, attachments }) => {
    const refers = (id: string) => attachments.some((each) => each.vpcId === id && each.securityGroupReferencing);
    return securityGroupReferencing && refers(vpcId) && refers(other);
  });
  return isPeered || (isShared && direction === 'ingress');
}
