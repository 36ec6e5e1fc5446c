import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parseScenario } from '../../../src/scenario/parse-scenario.js';
import { ApiOnCloud, type Parameters } from './api-on-cloud.js';

const FILE = 'scenarios/dual-stack.yaml';

/** The filters that each action has. */
const FILTERS: Readonly<Record<string, readonly string[]>> = {
  DescribeVpcs: [
    'cidr',
    'cidr-block-association.association-id',
    'cidr-block-association.cidr-block',
    'cidr-block-association.state',
    'dhcp-options-id',
    'ipv6-cidr-block-association.association-id',
    'ipv6-cidr-block-association.ipv6-cidr-block',
    'ipv6-cidr-block-association.state',
    'is-default',
    'isDefault',
    'owner-id',
    'state',
    'vpc-id',
  ],
  DescribeDhcpOptions: ['dhcp-options-id', 'key', 'owner-id', 'value'],
  DescribeSubnets: [
    'availability-zone',
    'availability-zone-id',
    'availabilityZone',
    'available-ip-address-count',
    'cidr',
    'cidr-block',
    'cidrBlock',
    'default-for-az',
    'defaultForAz',
    'ipv6-cidr-block-association.association-id',
    'ipv6-cidr-block-association.ipv6-cidr-block',
    'ipv6-cidr-block-association.state',
    'map-public-ip-on-launch',
    'owner-id',
    'state',
    'subnet-arn',
    'subnet-id',
    'vpc-id',
  ],
  DescribeNetworkAcls: [
    'association.association-id',
    'association.network-acl-id',
    'association.subnet-id',
    'default',
    'entry.cidr',
    'entry.egress',
    'entry.icmp.code',
    'entry.icmp.type',
    'entry.ipv6-cidr',
    'entry.port-range.from',
    'entry.port-range.to',
    'entry.protocol',
    'entry.rule-action',
    'entry.rule-number',
    'network-acl-id',
    'owner-id',
    'vpc-id',
  ],
  DescribeRouteTables: [
    'association.gateway-id',
    'association.main',
    'association.route-table-association-id',
    'association.route-table-id',
    'association.subnet-id',
    'owner-id',
    'route-table-id',
    'route.destination-cidr-block',
    'route.destination-ipv6-cidr-block',
    'route.destination-prefix-list-id',
    'route.egress-only-internet-gateway-id',
    'route.gateway-id',
    'route.instance-id',
    'route.nat-gateway-id',
    'route.network-interface-id',
    'route.origin',
    'route.state',
    'route.transit-gateway-id',
    'route.vpc-peering-connection-id',
    'vpc-id',
  ],
  DescribeInternetGateways: ['attachment.state', 'attachment.vpc-id', 'internet-gateway-id', 'owner-id'],
  DescribeEgressOnlyInternetGateways: [],
  DescribeNatGateways: ['connectivity-type', 'nat-gateway-id', 'state', 'subnet-id', 'vpc-id'],
  DescribeVpcPeeringConnections: [
    'accepter-vpc-info.cidr-block',
    'accepter-vpc-info.owner-id',
    'accepter-vpc-info.vpc-id',
    'requester-vpc-info.cidr-block',
    'requester-vpc-info.owner-id',
    'requester-vpc-info.vpc-id',
    'status-code',
    'status-message',
    'vpc-peering-connection-id',
  ],
  DescribeAddresses: [
    'allocation-id',
    'association-id',
    'domain',
    'instance-id',
    'network-border-group',
    'network-interface-id',
    'network-interface-owner-id',
    'private-ip-address',
    'public-ip',
  ],
  DescribeAddressesAttribute: [],
  DescribeVpcEndpoints: [
    'service-name',
    'service-region',
    'vpc-endpoint-id',
    'vpc-endpoint-state',
    'vpc-endpoint-type',
    'vpc-id',
  ],
  DescribeVpcEndpointServices: [
    'owner',
    'service-name',
    'service-region',
    'service-type',
    'supported-ip-address-types',
  ],
  DescribeNetworkInterfaces: [
    'addresses.association.owner-id',
    'addresses.association.public-ip',
    'addresses.primary',
    'addresses.private-ip-address',
    'association.allocation-id',
    'association.association-id',
    'association.ip-owner-id',
    'association.public-dns-name',
    'association.public-ip',
    'attachment.attachment-id',
    'attachment.delete-on-termination',
    'attachment.device-index',
    'attachment.instance-id',
    'attachment.instance-owner-id',
    'attachment.status',
    'availability-zone',
    'description',
    'group-id',
    'group-name',
    'interface-type',
    'ipv6-addresses.ipv6-address',
    'mac-address',
    'network-interface-id',
    'owner-id',
    'private-dns-name',
    'private-ip-address',
    'requester-id',
    'requester-managed',
    'source-dest-check',
    'status',
    'subnet-id',
    'vpc-id',
  ],
  DescribeInstances: [
    'architecture',
    'availability-zone',
    'client-token',
    'dns-name',
    'group-id',
    'group-name',
    'hypervisor',
    'iam-instance-profile.arn',
    'image-id',
    'instance-id',
    'instance-lifecycle',
    'instance-state-code',
    'instance-state-name',
    'instance-type',
    'instance.group-id',
    'instance.group-name',
    'ip-address',
    'ipv6-address',
    'key-name',
    'launch-index',
    'launch-time',
    'metadata-options.http-tokens',
    'monitoring-state',
    'network-interface.addresses.association.public-ip',
    'network-interface.addresses.primary',
    'network-interface.addresses.private-ip-address',
    'network-interface.association.public-ip',
    'network-interface.attachment.attachment-id',
    'network-interface.attachment.device-index',
    'network-interface.availability-zone',
    'network-interface.description',
    'network-interface.group-id',
    'network-interface.group-name',
    'network-interface.ipv6-addresses.ipv6-address',
    'network-interface.mac-address',
    'network-interface.network-interface-id',
    'network-interface.owner-id',
    'network-interface.private-dns-name',
    'network-interface.source-dest-check',
    'network-interface.status',
    'network-interface.subnet-id',
    'network-interface.vpc-id',
    'owner-id',
    'placement-group-name',
    'private-dns-name',
    'private-ip-address',
    'requester-id',
    'reservation-id',
    'root-device-name',
    'root-device-type',
    'source-dest-check',
    'state-reason-code',
    'subnet-id',
    'tenancy',
    'virtualization-type',
    'vpc-id',
  ],
  DescribeInstanceStatus: [
    'availability-zone',
    'instance-state-code',
    'instance-state-name',
    'instance-status.reachability',
    'instance-status.status',
    'system-status.reachability',
    'system-status.status',
  ],
  DescribeSecurityGroups: [
    'description',
    'egress.ip-permission.cidr',
    'egress.ip-permission.from-port',
    'egress.ip-permission.group-id',
    'egress.ip-permission.group-name',
    'egress.ip-permission.ipv6-cidr',
    'egress.ip-permission.prefix-list-id',
    'egress.ip-permission.protocol',
    'egress.ip-permission.to-port',
    'egress.ip-permission.user-id',
    'group-id',
    'group-name',
    'ip-permission.cidr',
    'ip-permission.from-port',
    'ip-permission.group-id',
    'ip-permission.group-name',
    'ip-permission.ipv6-cidr',
    'ip-permission.prefix-list-id',
    'ip-permission.protocol',
    'ip-permission.to-port',
    'ip-permission.user-id',
    'owner-id',
    'vpc-id',
  ],
  DescribeSecurityGroupRules: ['group-id', 'security-group-rule-id'],
  GetSecurityGroupsForVpc: ['description', 'group-id', 'group-name', 'owner-id', 'primary-vpc-id'],
  DescribeSecurityGroupVpcAssociations: ['group-id', 'group-owner-id', 'state', 'vpc-id', 'vpc-owner-id'],
  DescribeManagedPrefixLists: ['owner-id', 'prefix-list-id', 'prefix-list-name'],
  DescribePrefixLists: ['owner-id', 'prefix-list-id', 'prefix-list-name'],
  DescribeFlowLogs: [
    'deliver-log-status',
    'flow-log-id',
    'log-destination-type',
    'log-group-name',
    'resource-id',
    'traffic-type',
  ],
  DescribeKeyPairs: ['fingerprint', 'key-name', 'key-pair-id'],
  DescribeTags: ['key', 'resource-id', 'resource-type', 'value'],
  DescribeRegions: ['endpoint', 'opt-in-status', 'region-name'],
  DescribeAvailabilityZones: [
    'group-name',
    'message',
    'opt-in-status',
    'parent-zone-id',
    'parent-zone-name',
    'region-name',
    'state',
    'zone-id',
    'zone-name',
    'zone-type',
  ],
  DescribeImages: [
    'architecture',
    'block-device-mapping.volume-type',
    'creation-date',
    'description',
    'ena-support',
    'hypervisor',
    'image-id',
    'image-type',
    'is-public',
    'name',
    'owner-alias',
    'owner-id',
    'platform',
    'root-device-name',
    'root-device-type',
    'state',
    'virtualization-type',
  ],
  DescribeInstanceTypes: [
    'bare-metal',
    'burstable-performance-supported',
    'current-generation',
    'free-tier-eligible',
    'hypervisor',
    'instance-type',
    'processor-info.supported-architecture',
    'supported-virtualization-type',
    'vcpu-info.default-vcpus',
  ],
  DescribeInstanceCreditSpecifications: ['instance-id'],
};

/** These filters look at members that nothing in the lab below has. */
const ABSENT: readonly string[] = [
  'DescribeRouteTables association.gateway-id',
  'DescribeRouteTables route.destination-prefix-list-id',
  'DescribeRouteTables route.egress-only-internet-gateway-id',
  'DescribeRouteTables route.instance-id',
  'DescribeRouteTables route.nat-gateway-id',
  'DescribeRouteTables route.network-interface-id',
  'DescribeRouteTables route.transit-gateway-id',
  'DescribeRouteTables route.vpc-peering-connection-id',
  'DescribeAddresses instance-id',
  'DescribeNetworkInterfaces requester-id',
  'DescribeInstances instance-lifecycle',
  'DescribeInstances requester-id',
  'DescribeSecurityGroups egress.ip-permission.prefix-list-id',
  'DescribeSecurityGroups ip-permission.prefix-list-id',
  'DescribeAvailabilityZones message',
  'DescribeAvailabilityZones parent-zone-id',
  'DescribeAvailabilityZones parent-zone-name',
  'DescribeImages platform',
];

async function lab(): Promise<ApiOnCloud> {
  const api = new ApiOnCloud(parseScenario(readFileSync(FILE, 'utf8'), FILE).cloud);
  await api.call('CreateDefaultVpc');
  const [{ vpcId }] = (await api.call('DescribeVpcs')).vpcSet;
  const [{ subnetId }] = (await api.call('DescribeSubnets', { Filter: [{ Name: 'vpc-id', Value: [vpcId] }] }))
    .subnetSet;
  const [{ networkAclId }] = (await api.call('DescribeNetworkAcls')).networkAclSet;
  const [{ groupId }] = (await api.call('DescribeSecurityGroups', { Filter: [{ Name: 'group-name', Value: ['web'] }] }))
    .securityGroupInfo;
  const second = (await api.call('CreateVpc', { CidrBlock: '10.9.0.0/16' })).vpc.vpcId;
  const entry = { NetworkAclId: networkAclId, RuleAction: 'allow', Egress: true, CidrBlock: '0.0.0.0/0' };
  const pair = { IpProtocol: 'tcp', FromPort: 1, ToPort: 2, Groups: [{ GroupId: groupId }] };
  const machine = { ImageId: 'ami-01234567', MinCount: 1, MaxCount: 1, SubnetId: subnetId, InstanceType: 't3.micro' };
  const calls: [string, Parameters][] = [
    ['CreateNetworkAclEntry', { ...entry, RuleNumber: 1, Protocol: 'icmp', Icmp: { Type: 8, Code: 0 } }],
    ['CreateNetworkAclEntry', { ...entry, RuleNumber: 2, Protocol: 'tcp', PortRange: { From: 1, To: 2 } }],
    ['AuthorizeSecurityGroupEgress', { GroupId: groupId, IpPermissions: [pair] }],
    [
      'AuthorizeSecurityGroupIngress',
      { GroupId: groupId, IpPermissions: [{ ...pair, Ipv6Ranges: [{ CidrIpv6: '::/0' }] }] },
    ],
    ['AssociateSecurityGroupVpc', { GroupId: groupId, VpcId: second }],
    [
      'CreateFlowLogs',
      {
        ResourceType: 'VPC',
        ResourceId: [vpcId],
        TrafficType: 'ALL',
        LogGroupName: 'logs',
        DeliverLogsPermissionArn: 'arn:aws:iam::123456789012:role/logs',
      },
    ],
    ['CreateVpcPeeringConnection', { VpcId: vpcId, PeerVpcId: second }],
    ['CreateNatGateway', { SubnetId: subnetId, AllocationId: (await api.call('AllocateAddress')).allocationId }],
    ['CreateVpcEndpoint', { VpcId: vpcId, ServiceName: `com.amazonaws.${api.cloud.region}.s3` }],
    ['CreateTags', { ResourceId: [vpcId], Tag: [{ Key: 'env', Value: 'test' }] }],
    ['ImportKeyPair', { KeyName: 'me', PublicKeyMaterial: Buffer.from(KEY).toString('base64') }],
    ['RunInstances', { ...machine, KeyName: 'me', IamInstanceProfile: { Name: 'role' } }],
    ['AllocateAddress', {}],
  ];
  for (const [action, parameters] of calls) await api.call(action, parameters);
  await api.call('StopInstances', { InstanceId: [await madeId(api)] });
  return api;
}

async function madeId(api: ApiOnCloud): Promise<string> {
  const asked = { Filter: [{ Name: 'key-name', Value: ['me'] }] };
  return (await api.call('DescribeInstances', asked)).reservationSet[0].instancesSet[0].instanceId;
}

const KEY = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJ2b7XkLJ0vM7ZyDaD2m4zL0p0dI4jJ5mHc3kM2VnT1Q';

describe('the filters of Describe actions', async () => {
  const api = await lab();
  const vpcId = (await api.call('DescribeVpcs')).vpcSet[0].vpcId;
  const ask = (action: string, Name: string) =>
    api.send({
      Action: action,
      ...(action === 'GetSecurityGroupsForVpc' ? { VpcId: vpcId } : {}),
      Filter: [{ Name, Value: ['*'] }],
    });

  it('find what has a value', async () => {
    const absent: string[] = [];
    for (const [action, names] of Object.entries(FILTERS)) {
      for (const name of names) {
        const { status, body } = await ask(action, name);
        if (status !== 200) throw new Error(`${action} ${name}: ${body}`);
        if (!body.includes('<item>')) absent.push(`${action} ${name}`);
      }
    }
    expect(absent).toEqual(ABSENT);
  });

  it.each(Object.keys(FILTERS).filter((action) => action !== 'DescribeAddressesAttribute'))(
    '%s has no others',
    async (action) => {
      for (const name of ['bogus', 'constructor', 'tag-set', 'Tag', '__proto__', '']) {
        const { answer } = await ask(action, name);
        expect(answer.Errors.Error).toEqual({
          Code: 'InvalidParameterValue',
          Message: `The filter '${name}' is invalid`,
        });
      }
    },
  );
});
