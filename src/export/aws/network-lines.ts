import { byId } from '../../cloud/lookup.js';
import { makeDefaultNetworkAcl } from '../../cloud/network/network-acl.js';
import type { NetworkAcl, NetworkAclEntry, Vpc } from '../../cloud/network/types.js';
import { isIcmp, protocolNumber } from '../../cloud/protocol.js';
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
    ...defaultResourceLines(script, vpc, own),
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

function defaultResourceLines(script: Script, vpc: Vpc, own: string): string[] {
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

/** A list with its entries and subnets; of the default one, what differs from how AWS makes it. */
export function aclLines(script: Script, acl: NetworkAcl): string[] {
  const vpc = byId(script.cloud.vpcs, acl.vpcId);
  const isDefault = vpc.defaultNetworkAclId === acl.id;
  const born = isDefault
    ? makeDefaultNetworkAcl({ ...vpc, ipv6Cidr: script.hasIpv6(vpc) ? vpc.ipv6Cidr : null }).entries
    : [];
  const create = `create-network-acl --vpc-id ${script.use(vpc.id)} ${nameTag('network-acl', acl.name)}`;
  const made = isDefault ? [] : [script.assign(acl.id, 'ACL', create, 'NetworkAcl.NetworkAclId')];
  const own = `--network-acl-id ${script.use(acl.id)}`;
  const isIn = (list: readonly NetworkAclEntry[], entry: NetworkAclEntry) =>
    list.some((other) => entryArgs(script, other) === entryArgs(script, entry));
  const lines = [
    ...made,
    ...born
      .filter((entry) => !isIn(acl.entries, entry))
      .map(({ direction, number }) => `aws ec2 delete-network-acl-entry ${own} --${direction} --rule-number ${number}`),
    ...acl.entries
      .filter((entry) => !isIn(born, entry))
      .map((entry) => `aws ec2 create-network-acl-entry ${own} ${entryArgs(script, entry)}`),
    ...Object.values(script.cloud.subnets)
      .filter(({ networkAclId }) => networkAclId === acl.id)
      .flatMap(({ id }) => associationLines(script, own, id)),
  ];
  return lines.length === 0 ? [] : [heading(`network ACL ${acl.name}`), ...lines];
}

/** A subnet always has a list: its association is replaced. */
function associationLines(script: Script, own: string, subnetId: string): string[] {
  const subnet = script.id(subnetId).shell;
  const filter = `--filters "Name=association.subnet-id,Values=${subnet}"`;
  const query = `"NetworkAcls[0].Associations[?SubnetId=='${subnet}'] | [0].NetworkAclAssociationId"`;
  return [
    `ASSOCIATION=$(aws ec2 describe-network-acls ${filter} --query ${query} --output text)`,
    `aws ec2 replace-network-acl-association --association-id "$ASSOCIATION" ${own}`,
  ];
}

function entryArgs(script: Script, entry: NetworkAclEntry): string {
  const { direction, number, action, protocol, fromPort, toPort, family, cidr } = entry;
  const code = protocolNumber(protocol);
  const range =
    fromPort === null
      ? ''
      : isIcmp(protocol)
        ? icmpArgs(fromPort, toPort)
        : ` --port-range From=${fromPort},To=${toPort}`;
  const block = `${family === 'ipv4' ? '--cidr-block' : '--ipv6-cidr-block'} ${word(script.block(cidr))}`;
  return `--${direction} --rule-number ${number} --protocol=${code} --rule-action ${action} ${block}${range}`;
}

function icmpArgs(type: number, code: number | null): string {
  return ` --icmp-type-code Type=${type},Code=${code ?? -1}`;
}
