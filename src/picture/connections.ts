/** What leads out of VPCs: gateways, endpoints, peerings. */
import { byId } from '../cloud/lookup.js';
import type { Vpc } from '../cloud/network/types.js';
import type { Cloud } from '../cloud/types.js';
import { type Node, plainNode } from './node.js';

/** The node that stands for the internet as a whole: no resource has such an id. */
export const INTERNET = 'internet';

/** The connections that are one VPC's own, except for its NAT gateways. */
export function connectionsOf(cloud: Cloud, vpc: Vpc): Node[] {
  const { internetGatewayId: igw, egressOnlyInternetGatewayId: eigw } = vpc;
  const named = { name: vpc.name, detail: '' };
  return [
    ...(igw === null ? [] : [plainNode({ id: igw, kind: 'internet-gateway', ...named })]),
    ...(eigw === null ? [] : [plainNode({ id: eigw, kind: 'egress-only-internet-gateway', ...named })]),
    ...Object.values(cloud.gatewayEndpoints)
      .filter(({ vpcId }) => vpcId === vpc.id)
      .map(({ id, name, prefixListId }) =>
        plainNode({ id, kind: 'gateway-endpoint', name, detail: byId(cloud.prefixLists, prefixListId).name }),
      ),
  ];
}

/** The connections between VPCs. A peering that has ended is shown no more than AWS's map does. */
export function sharedConnections(cloud: Cloud): Node[] {
  const vpcName = (id: string) => cloud.vpcs[id]?.name ?? id;
  const peerings = Object.values(cloud.peerings).filter(
    ({ status }) => !['rejected', 'expired', 'deleted'].includes(status),
  );
  return [
    ...peerings.map(({ id, name, requesterVpcId, accepterVpcId, status }) => {
      const between = `${vpcName(requesterVpcId)} – ${vpcName(accepterVpcId)}`;
      return plainNode({ id, kind: 'peering', name, detail: status === 'active' ? between : `${between} (${status})` });
    }),
    ...Object.values(cloud.transitGateways).map(({ id, name, attachments }) =>
      plainNode({
        id,
        kind: 'transit-gateway',
        name,
        detail: attachments.map(({ vpcId }) => vpcName(vpcId)).join(', '),
      }),
    ),
  ];
}
