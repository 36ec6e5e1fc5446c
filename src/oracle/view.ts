/** A packet as a card sees it when it comes: with the other end's groups, and the way that it takes. */

import type { Direction } from '../cloud/groups/types.js';
import { kindOfInterface, traitsOf } from '../cloud/instances/kinds.js';
import type { NetworkInterface } from '../cloud/interfaces/types.js';
import { byId, findById, interfaceName, vpcIdOfInterface } from '../cloud/lookup.js';
import type { Cloud } from '../cloud/types.js';
import type { CardPacket } from './card.js';
import type { Travel } from './journey.js';
import type { PeerView } from './match.js';
import { decide, interfaceAt, isInside } from './routing.js';

type View = Omit<CardPacket, 'now'>;

/** @param direction as the card sees the packet */
export function viewOf(cloud: Cloud, eni: NetworkInterface, direction: Direction, travel: Travel): View {
  const { packet, forwardedBy } = travel;
  const peer = peerOf(cloud, eni, direction, travel);
  const ends = [
    eni,
    interfaceAt(cloud, vpcIdOfInterface(cloud, eni), peer.address),
    direction === 'ingress' ? forwardedBy : null,
  ];
  return {
    direction,
    packet,
    peer,
    alwaysTracked:
      (direction === 'egress' && leavesThroughGateway(cloud, eni, packet.destination)) ||
      ends.some((end) => end !== null && traitsOf(kindOfInterface(cloud, end)).alwaysTracked),
  };
}

/** What a machine forwards is its sender's no more: a balancer or endpoint stands for it with its own groups, others with none. */
function peerOf(cloud: Cloud, eni: NetworkInterface, direction: Direction, travel: Travel): PeerView {
  const { packet, forwardedBy } = travel;
  const address = direction === 'ingress' ? packet.source : packet.destination;
  const members = groupsAt(cloud, eni, address, direction);
  if (forwardedBy === null || direction === 'egress') {
    return { address, groupIds: members, unmatched: members.size > 0 ? null : membersElsewhere(cloud, eni, address) };
  }
  const { forwarding } = byId(cloud.instances, forwardedBy.instanceId);
  const why = `${interfaceName(cloud, forwardedBy.id)} forwarded the packet: references match what members send themselves`;
  const groupIds = new Set(forwarding === null ? [] : forwardedBy.groupIds);
  return { address, groupIds, unmatched: { groupIds: members, why } };
}

/** The groups of an interface that has the address where no reference sees it: as its public one, or in another network. */
function membersElsewhere(cloud: Cloud, eni: NetworkInterface, address: string): PeerView['unmatched'] {
  const owner = Object.values(cloud.networkInterfaces).find(({ publicIp }) => publicIp === address);
  if (owner !== undefined) {
    return { groupIds: new Set(owner.groupIds), why: 'as its public address: references match private ones' };
  }
  const own = vpcIdOfInterface(cloud, eni);
  if (isInside(cloud, own, address)) return null;
  const vpc = Object.values(cloud.vpcs).find(({ id }) => interfaceAt(cloud, id, address) !== null);
  if (vpc === undefined) return null;
  const groupIds = new Set(interfaceAt(cloud, vpc.id, address)?.groupIds);
  return { groupIds, why: `rules here cannot refer to groups of the VPC ${vpc.name}` };
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
