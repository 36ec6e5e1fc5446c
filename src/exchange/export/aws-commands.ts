import { byId } from '../../cloud/by-id.js';
import { peerIdentity } from '../../cloud/rule-spec.js';
import type { Cloud, Direction, NetworkInterface, SecurityGroup, SecurityGroupRule } from '../../cloud/types.js';

export interface ExportedCommands {
  readonly script: string;
  /** What the script does not make: one sentence each. */
  readonly notExported: readonly string[];
}

const HEAD = `#!/usr/bin/env bash
# Creates in an AWS account what sglab runs. Ids are passed on in variables. Needs: aws, IMAGE_ID.
set -euo pipefail
export AWS_PAGER=''
: "\${IMAGE_ID:?an AMI for the instances, such as ami-0123456789abcdef0}"
: "\${INSTANCE_TYPE:=t3.micro}"
`;

/** A shell script of `aws ec2 …` commands that make VPCs, subnets, gateways, prefix lists, groups, route tables and instances. */
export function awsCommands(cloud: Cloud): ExportedCommands {
  const name = variables(cloud);
  const lines = [
    ...Object.values(cloud.vpcs).flatMap((vpc) => vpcLines(cloud, vpc.id, name)),
    ...Object.values(cloud.prefixLists).flatMap((list) => {
      if (!name.has(list.id)) return [];
      const entries = list.entries.map(({ cidr }) => `Cidr=${cidr}`).join(' ');
      const family = list.family === 'ipv4' ? 'IPv4' : 'IPv6';
      const args = `--prefix-list-name ${word(list.name)} --address-family ${family} --max-entries ${list.maxEntries}`;
      const tail = entries === '' ? '' : ` --entries ${entries}`;
      return [assign(name, list.id, `create-managed-prefix-list ${args}${tail}`, 'PrefixList.PrefixListId')];
    }),
    ...Object.values(cloud.securityGroups).flatMap((group) => groupLines(cloud, group, name)),
    // After all groups: rules refer to each other's.
    ...Object.values(cloud.securityGroups).flatMap((group) => ruleLines(cloud, group, name)),
    ...Object.values(cloud.networkInterfaces).flatMap((eni) => interfaceLines(cloud, eni, name)),
    ...instanceLines(cloud, name),
    ...routeLines(cloud, name),
  ];
  return { script: `${HEAD}\n${lines.join('\n')}\n`, notExported: missing(cloud) };
}

type Variables = ReadonlyMap<string, string>;

/** A shell variable for each id; AWS's own prefix lists exist already. */
function variables(cloud: Cloud): Variables {
  const kinds = {
    VPC: cloud.vpcs,
    SUBNET: cloud.subnets,
    TABLE: cloud.routeTables,
    GROUP: cloud.securityGroups,
    LIST: Object.fromEntries(
      Object.entries(cloud.prefixLists).filter(
        ([, list]) => !list.name.startsWith('com.amazonaws') && list.name !== 's3' && list.name !== 'dynamodb',
      ),
    ),
    INTERFACE: cloud.networkInterfaces,
    INSTANCE: cloud.instances,
  };
  const entries = Object.entries(kinds).flatMap(([kind, things]) =>
    Object.keys(things).map((id, position) => [id, `${kind}_${position + 1}`] as const),
  );
  return new Map(entries);
}

function vpcLines(cloud: Cloud, vpcId: string, name: Variables): string[] {
  const vpc = byId(cloud.vpcs, vpcId);
  const [first = '', ...more] = vpc.cidrs;
  const own = use(name, vpcId);
  const number = (name.get(vpcId) ?? '').slice(4);
  const filter = `--filters Name=vpc-id,Values=${own}`;
  return [
    `\n# VPC ${vpc.name}`,
    assign(name, vpcId, `create-vpc --cidr-block ${first} ${tag('vpc', vpc.name)}`, 'Vpc.VpcId'),
    ...more.map((cidr) => `aws ec2 associate-vpc-cidr-block --vpc-id ${own} --cidr-block ${cidr}`),
    assign(
      name,
      vpc.mainRouteTableId,
      `describe-route-tables ${filter} Name=association.main,Values=true`,
      'RouteTables[0].RouteTableId',
    ),
    assign(
      name,
      vpc.defaultGroupId,
      `describe-security-groups ${filter} Name=group-name,Values=default`,
      'SecurityGroups[0].GroupId',
    ),
    ...(vpc.internetGateway
      ? [
          `GATEWAY_${number}=$(aws ec2 create-internet-gateway --query InternetGateway.InternetGatewayId --output text)`,
          `aws ec2 attach-internet-gateway --internet-gateway-id "$GATEWAY_${number}" --vpc-id ${own}`,
        ]
      : []),
    ...Object.values(cloud.subnets)
      .filter((subnet) => subnet.vpcId === vpcId)
      .map((subnet) =>
        assign(
          name,
          subnet.id,
          `create-subnet --vpc-id ${own} --cidr-block ${subnet.cidr} ${tag('subnet', subnet.name)}`,
          'Subnet.SubnetId',
        ),
      ),
  ];
}

function groupLines(cloud: Cloud, group: SecurityGroup, name: Variables): string[] {
  if (byId(cloud.vpcs, group.vpcId).defaultGroupId === group.id) return [];
  const args = `--group-name ${word(group.name)} --description ${word(group.description)} --vpc-id ${use(name, group.vpcId)}`;
  return [`\n# group ${comment(group.name)}`, assign(name, group.id, `create-security-group ${args}`, 'GroupId')];
}

/** Where the lab's rules of a direction are not those with which AWS makes a group, these go and the lab's come. */
function ruleLines(cloud: Cloud, group: SecurityGroup, name: Variables): string[] {
  const own = use(name, group.id);
  const isDefault = byId(cloud.vpcs, group.vpcId).defaultGroupId === group.id;
  const self = `'[{"IpProtocol":"-1","UserIdGroupPairs":[{"GroupId":"'${own}'"}]}]'`;
  const everywhere = `'[{"IpProtocol":"-1","IpRanges":[{"CidrIp":"0.0.0.0/0"}]}]'`;
  const born = {
    ingress: { peer: isDefault ? group.id : null, revoke: isDefault ? [self] : [] },
    egress: { peer: '0.0.0.0/0', revoke: [everywhere] },
  };
  const lines = (['ingress', 'egress'] as const).flatMap((direction) => {
    const rules = group.rules.filter((rule) => rule.direction === direction);
    const [only, second] = rules;
    const { peer, revoke } = born[direction];
    const isAsBorn =
      only !== undefined && second === undefined && only.protocol === '-1' && peerIdentity(only.peer) === peer;
    if (isAsBorn && only.description === null) return [];
    return [
      ...revoke.map((json) => `aws ec2 revoke-security-group-${direction} --group-id ${own} --ip-permissions ${json}`),
      ...rules.map((rule) => authorizeLine(own, direction, permission(rule, name))),
    ];
  });
  return lines.length === 0 ? [] : [`\n# rules of ${comment(group.name)}`, ...lines];
}

function authorizeLine(own: string, direction: Direction, json: string): string {
  return `aws ec2 authorize-security-group-${direction} --group-id ${own} --ip-permissions ${json}`;
}

/** JSON in single quotes, opened for the variables. */
function permission({ protocol, fromPort, toPort, peer, description }: SecurityGroupRule, name: Variables): string {
  const about = description === null ? {} : { Description: description };
  const peers =
    peer.type === 'cidr'
      ? {
          [peer.family === 'ipv4' ? 'IpRanges' : 'Ipv6Ranges']: [
            { [peer.family === 'ipv4' ? 'CidrIp' : 'CidrIpv6']: peer.cidr, ...about },
          ],
        }
      : peer.type === 'group'
        ? { UserIdGroupPairs: [{ GroupId: peer.groupId, ...about }] }
        : { PrefixListIds: [{ PrefixListId: peer.prefixListId, ...about }] };
  const ports = fromPort === null ? {} : { FromPort: fromPort, ToPort: toPort };
  const text = word(JSON.stringify([{ IpProtocol: protocol, ...ports, ...peers }]));
  return text.replace(/\b(sg|pl)-[0-9a-f]{8,17}\b/g, (id) => (name.has(id) ? `'${use(name, id)}'` : id));
}

function interfaceLines(cloud: Cloud, eni: NetworkInterface, name: Variables): string[] {
  if (byId(cloud.instances, eni.instanceId).kind !== 'ec2') return [];
  const [primary = '', ...more] = eni.privateIpAddresses;
  const groups = eni.groupIds.map((id) => use(name, id)).join(' ');
  const own = use(name, eni.id);
  const args = `--subnet-id ${use(name, eni.subnetId)} --groups ${groups} --private-ip-address ${primary}`;
  return [
    `\n# interface ${eni.deviceIndex} of ${byId(cloud.instances, eni.instanceId).name}`,
    assign(name, eni.id, `create-network-interface ${args}`, 'NetworkInterface.NetworkInterfaceId'),
    ...(more.length === 0
      ? []
      : [`aws ec2 assign-private-ip-addresses --network-interface-id ${own} --private-ip-addresses ${more.join(' ')}`]),
    ...(eni.sourceDestCheck
      ? []
      : [`aws ec2 modify-network-interface-attribute --network-interface-id ${own} --no-source-dest-check`]),
    ...(eni.publicIp === null
      ? []
      : [
          'ADDRESS=$(aws ec2 allocate-address --domain vpc --query AllocationId --output text)',
          `aws ec2 associate-address --allocation-id "$ADDRESS" --network-interface-id ${own}`,
        ]),
  ];
}

function instanceLines(cloud: Cloud, name: Variables): string[] {
  return Object.values(cloud.instances).flatMap((instance) => {
    if (instance.kind !== 'ec2') return [];
    const cards = instance.interfaceIds
      .map((id, index) => `DeviceIndex=${index},NetworkInterfaceId=${use(name, id)}`)
      .join(' ');
    const args = `--image-id "$IMAGE_ID" --instance-type "$INSTANCE_TYPE" --network-interfaces ${cards} ${tag('instance', instance.name)}`;
    return [assign(name, instance.id, `run-instances ${args}`, 'Instances[0].InstanceId')];
  });
}

function routeLines(cloud: Cloud, name: Variables): string[] {
  return Object.values(cloud.routeTables).flatMap((table) => {
    const vpc = byId(cloud.vpcs, table.vpcId);
    const own = use(name, table.id);
    const isMain = vpc.mainRouteTableId === table.id;
    const create = assign(
      name,
      table.id,
      `create-route-table --vpc-id ${use(name, vpc.id)} ${tag('route-table', table.name)}`,
      'RouteTable.RouteTableId',
    );
    const users = Object.values(cloud.subnets).filter(({ routeTableId }) => routeTableId === table.id);
    const routes = table.routes.flatMap(({ destination, target }) => {
      const to =
        destination.type === 'prefix-list'
          ? `--destination-prefix-list-id ${use(name, destination.prefixListId)}`
          : destination.family === 'ipv4'
            ? `--destination-cidr-block ${destination.cidr}`
            : `--destination-ipv6-cidr-block ${destination.cidr}`;
      const number = (name.get(vpc.id) ?? '').slice(4);
      if (target.type === 'internet-gateway')
        return [`aws ec2 create-route --route-table-id ${own} ${to} --gateway-id "$GATEWAY_${number}"`];
      if (target.type !== 'interface') return [];
      return [
        `aws ec2 create-route --route-table-id ${own} ${to} --network-interface-id ${use(name, target.interfaceId)}`,
      ];
    });
    return [
      `\n# route table ${table.name}`,
      ...(isMain ? [] : [create]),
      ...routes,
      ...users.map(({ id }) => `aws ec2 associate-route-table --route-table-id ${own} --subnet-id ${use(name, id)}`),
    ];
  });
}

function missing(cloud: Cloud): string[] {
  const others = { ...cloud.peerings, ...cloud.transitGateways, ...cloud.gatewayEndpoints };
  const machines = Object.values(cloud.instances).filter(({ kind }) => kind !== 'ec2');
  const acls = Object.values(cloud.subnets).filter(({ networkAclId }) => networkAclId !== null);
  const blocks = Object.values(cloud.vpcs).filter((vpc) => vpc.ipv6Cidr !== null || vpc.egressOnlyInternetGateway);
  return [
    ...Object.values(others).map(({ name }) => `${name}: the script makes no peerings, transit gateways and endpoints`),
    ...machines.map(({ name, kind }) => `${name}: the script makes no ${kind}`),
    ...acls.map(({ name }) => `the network ACL of subnet ${name}`),
    ...blocks.map(({ name }) => `IPv6 of VPC ${name}: AWS chooses the block`),
    ...Object.keys(cloud.externalHosts).map((name) => `${name}: a machine on the internet`),
  ];
}

function assign(name: Variables, id: string, command: string, query: string): string {
  return `${name.get(id) ?? 'UNUSED'}=$(aws ec2 ${command} --query '${query}' --output text)`;
}

function use(name: Variables, id: string): string {
  const variable = name.get(id);
  return variable === undefined ? id : `"$${variable}"`;
}

function tag(type: string, name: string): string {
  return `--tag-specifications ${word(`ResourceType=${type},Tags=[{Key=Name,Value=${name}}]`)}`;
}

/** Safe in any shell: nothing in single quotes means anything. */
function word(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}

function comment(text: string): string {
  return text.replace(/[^\x20-\x7e]/g, '?');
}
