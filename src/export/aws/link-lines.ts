import type { Peering, TransitGateway } from '../../cloud/gateways/types.js';
import type { Script } from './script.js';
import { heading, nameTag } from './shell.js';

/** Peerings, in the state in which routes can lead to them. */
export function peeringLines(script: Script, peering: Peering): string[] {
  const { id, name, requesterVpcId, accepterVpcId, status, dnsResolution } = peering;
  const reason = whyNot(script, peering);
  if (reason !== null) {
    script.notExported.push(`${name}: ${reason}`);
    return [];
  }
  const vpcs = `--vpc-id ${script.use(requesterVpcId)} --peer-vpc-id ${script.use(accepterVpcId)}`;
  const create = `create-vpc-peering-connection ${vpcs} ${nameTag('vpc-peering-connection', name)}`;
  const made = script.assign(id, 'PEERING', create, 'VpcPeeringConnection.VpcPeeringConnectionId');
  const own = `--vpc-peering-connection-id ${script.use(id)}`;
  const option = 'AllowDnsResolutionFromRemoteVpc=true';
  const sides = (['requester', 'accepter'] as const)
    .filter((side) => dnsResolution[side])
    .map((side) => `--${side}-peering-connection-options ${option}`);
  return [
    heading(`peering ${name}`),
    made,
    ...(status === 'active' ? [`aws ec2 accept-vpc-peering-connection ${own}`] : []),
    ...(status === 'active' && sides.length > 0
      ? [`aws ec2 modify-vpc-peering-connection-options ${own} ${sides.join(' ')}`]
      : []),
  ];
}

/** Why no commands make it. */
function whyNot({ cloud }: Script, { id, status, requesterVpcId, accepterVpcId }: Peering): string | null {
  if (status === 'expired') return 'a peering expires after a week in which nobody accepts it';
  const vpcs = [requesterVpcId, accepterVpcId];
  const hasTwin = Object.values(cloud.peerings).some(
    (other) => other.id !== id && vpcs.includes(other.requesterVpcId) && vpcs.includes(other.accepterVpcId),
  );
  return hasTwin && hasEnded(status) ? 'a peering that has ended, and the VPCs have another' : null;
}

function hasEnded(status: Peering['status']): boolean {
  return status === 'rejected' || status === 'deleted';
}

/** These lines come after the routes that lead to the peerings: no route could be made to a peering that has ended. */
export function endedPeeringLines(script: Script, { id, status }: Peering): string[] {
  if (!hasEnded(status) || !script.has(id)) return [];
  const action = status === 'rejected' ? 'reject' : 'delete';
  return [`aws ec2 ${action}-vpc-peering-connection --vpc-peering-connection-id ${script.use(id)}`];
}

export function transitGatewayLines(script: Script, gateway: TransitGateway): string[] {
  const { id, name, attachments, securityGroupReferencing } = gateway;
  const support = `--options SecurityGroupReferencingSupport=${word(securityGroupReferencing)}`;
  const create = `create-transit-gateway ${support} ${nameTag('transit-gateway', name)}`;
  const lines = [
    heading(`transit gateway ${name}`),
    script.assign(id, 'TRANSIT', create, 'TransitGateway.TransitGatewayId'),
    waitForState('transit-gateways', `--transit-gateway-ids ${script.use(id)}`, 'TransitGateways'),
  ];
  for (const { vpcId, securityGroupReferencing: isOn } of attachments) {
    const subnet = Object.values(script.cloud.subnets).find((each) => each.vpcId === vpcId);
    if (subnet === undefined) {
      script.notExported.push(`${name}: its attachment to a VPC without subnets`);
      continue;
    }
    const ends = `--transit-gateway-id ${script.use(id)} --vpc-id ${script.use(vpcId)} --subnet-ids ${script.use(subnet.id)}`;
    const option = `--options SecurityGroupReferencingSupport=${word(isOn)}`;
    const key = `${id} ${vpcId}`;
    const attach = `create-transit-gateway-vpc-attachment ${ends} ${option}`;
    lines.push(
      script.assign(key, 'ATTACHMENT', attach, 'TransitGatewayVpcAttachment.TransitGatewayAttachmentId'),
      waitForState(
        'transit-gateway-vpc-attachments',
        `--transit-gateway-attachment-ids ${script.use(key)}`,
        'TransitGatewayVpcAttachments',
      ),
    );
  }
  return lines;
}

function word(isOn: boolean): string {
  return isOn ? 'enable' : 'disable';
}

function waitForState(what: string, which: string, list: string): string {
  return `wait_for available aws ec2 describe-${what} ${which} --query '${list}[0].State' --output text`;
}
