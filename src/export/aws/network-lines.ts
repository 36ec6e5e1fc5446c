import type { Vpc } from '../../cloud/network/types.js';
import { egressOnlyGatewayKey, gatewayKey, ipv6Key, type Script } from './script.js';
import { heading, nameTag, word } from './shell.js';

/** VPCs with their blocks, gateways and subnets; what AWS makes with them is looked up. */
export function vpcLines(script: Script, vpc: Vpc): string[] {
  const [first = '', ...more] = vpc.cidrs;
  const create = `create-vpc --cidr-block ${first} ${nameTag('vpc', vpc.name)}`;
  const made = script.assign(vpc.id, 'VPC', create, 'Vpc.VpcId');
  const own = script.use(vpc.id);
  return [
    heading(`VPC ${vpc.name}`),
    made,
    ...more.map((cidr) => `aws ec2 associate-vpc-cidr-block --vpc-id ${own} --cidr-block ${cidr}`),
    ...ipv6Lines(script, vpc, own),
    ...bornLines(script, vpc, own),
    ...gatewayLines(script, vpc, own),
    ...subnetLines(script, vpc, own),
  ];
}

function ipv6Lines(script: Script, vpc: Vpc, own: string): string[] {
  if (vpc.ipv6Cidr !== null && !script.hasIpv6(vpc)) {
    script.notExported.push(`IPv6 of VPC ${vpc.name}: AWS gives blocks of /56, not ${vpc.ipv6Cidr}`);
  }
  if (!script.hasIpv6(vpc)) return [];
  const describe = `describe-vpcs --vpc-ids ${own}`;
  const set = 'Vpcs[0].Ipv6CidrBlockAssociationSet[0]';
  return [
    `aws ec2 associate-vpc-cidr-block --vpc-id ${own} --amazon-provided-ipv6-cidr-block`,
    `wait_for associated aws ec2 ${describe} --query '${set}.Ipv6CidrBlockState.State' --output text`,
    script.assign(ipv6Key(vpc), 'BLOCK6', describe, `${set}.Ipv6CidrBlock`),
  ];
}

function bornLines(script: Script, vpc: Vpc, own: string): string[] {
  const filter = `--filters Name=vpc-id,Values=${own}`;
  const tables = `describe-route-tables ${filter} Name=association.main,Values=true`;
  const groups = `describe-security-groups ${filter} Name=group-name,Values=default`;
  const acls = `describe-network-acls ${filter} Name=default,Values=true`;
  return [
    script.assign(vpc.mainRouteTableId, 'TABLE', tables, 'RouteTables[0].RouteTableId'),
    script.assign(vpc.defaultGroupId, 'GROUP', groups, 'SecurityGroups[0].GroupId'),
    script.assign(vpc.defaultNetworkAclId, 'ACL', acls, 'NetworkAcls[0].NetworkAclId'),
  ];
}

function gatewayLines(script: Script, vpc: Vpc, own: string): string[] {
  const lines: string[] = [];
  if (vpc.internetGatewayId !== null) {
    const key = gatewayKey(vpc.id);
    lines.push(
      script.assign(key, 'GATEWAY', 'create-internet-gateway', 'InternetGateway.InternetGatewayId'),
      `aws ec2 attach-internet-gateway --internet-gateway-id ${script.use(key)} --vpc-id ${own}`,
    );
  }
  if (vpc.egressOnlyInternetGatewayId !== null) {
    const query = 'EgressOnlyInternetGateway.EgressOnlyInternetGatewayId';
    const create = `create-egress-only-internet-gateway --vpc-id ${own}`;
    lines.push(script.assign(egressOnlyGatewayKey(vpc.id), 'EGRESS_GATEWAY', create, query));
  }
  return lines;
}

function subnetLines(script: Script, vpc: Vpc, own: string): string[] {
  return Object.values(script.cloud.subnets)
    .filter(({ vpcId }) => vpcId === vpc.id)
    .map(({ id, name, cidr, ipv6Cidr }) => {
      const ipv6 =
        ipv6Cidr === null || !script.hasIpv6(vpc) ? '' : ` --ipv6-cidr-block ${word(script.block(ipv6Cidr))}`;
      const args = `--vpc-id ${own} --cidr-block ${cidr}${ipv6} ${nameTag('subnet', name)}`;
      return script.assign(id, 'SUBNET', `create-subnet ${args}`, 'Subnet.SubnetId');
    });
}
