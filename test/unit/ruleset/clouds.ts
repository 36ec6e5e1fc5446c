import type { Direction, Peer, PrefixList, SecurityGroup, SecurityGroupRule } from '../../../src/cloud/groups/types.js';
import type { Instance } from '../../../src/cloud/instances/types.js';
import type { NetworkInterface } from '../../../src/cloud/interfaces/types.js';
import { makeDefaultNetworkAcl } from '../../../src/cloud/network/network-acl.js';
import type { NetworkAclEntry, RouteTable, Subnet, Vpc } from '../../../src/cloud/network/types.js';
import type { Cloud } from '../../../src/cloud/types.js';

/** Clouds as literals: the fixtures of these tests must not change with the builders of src/cloud. */

const EMPTY: Cloud = {
  name: 'test',
  region: 'eu-central-1',
  accountId: '123456789012',
  quotas: { rulesPerGroup: 60, groupsPerInterface: 5, prefixListEntries: 1000 },
  icmpErrors: 'rules',
  vpcs: {},
  internetGateways: {},
  subnets: {},
  routeTables: {},
  networkAcls: {},
  peerings: {},
  transitGateways: {},
  gatewayEndpoints: {},
  securityGroups: {},
  prefixLists: {},
  instances: {},
  networkInterfaces: {},
  stoppedInstances: {},
  terminatedInstances: {},
  idleInterfaces: {},
  elasticIps: {},
  flowLogs: {},
  keyPairs: {},
  externalHosts: {},
  tags: {},
  assumed: {},
  serial: 0,
};

export const VPC: Vpc = {
  id: 'vpc-00000000000000001',
  name: 'shop',
  attributes: { enableDnsSupport: true, enableDnsHostnames: false, enableNetworkAddressUsageMetrics: false },
  cidrs: ['10.0.0.0/16'],
  ipv6Cidr: '2001:db8:1::/56',
  internetGatewayId: 'igw-00000000000000001',
  egressOnlyInternetGatewayId: null,
  defaultGroupId: 'sg-00000000000000001',
  mainRouteTableId: 'rtb-00000000000000001',
  defaultNetworkAclId: 'acl-00000000000000001',
  isDefault: false,
};

export const SUBNET: Subnet = {
  id: 'subnet-00000000000000001',
  name: 'public',
  vpcId: VPC.id,
  zone: 'us-east-1a',
  attributes: {
    mapPublicIpOnLaunch: false,
    assignIpv6AddressOnCreation: true,
    enableDns64: false,
    privateDnsHostnameType: 'ip-name',
    enableResourceNameDnsARecord: false,
    enableResourceNameDnsAAAARecord: false,
  },
  cidr: '10.0.1.0/24',
  ipv6Cidr: '2001:db8:1:1::/64',
  routeTableId: null,
  networkAclId: null,
};

const MAIN_TABLE: RouteTable = { id: VPC.mainRouteTableId, name: 'shop.main', vpcId: VPC.id, number: 1, routes: [] };

/** Parses a rule written as `ingress tcp 80-90 0.0.0.0/0`; the peer is a block, `pl-…` or `sg-…`; `-` for no ports. */
export function rule(index: number, text: string): SecurityGroupRule {
  const [direction = '', protocol = '', ports = '', peerText = ''] = text.split(' ');
  const match = /^(-?\d+)(?:[-/](-?\d+))?$/.exec(ports);
  return {
    id: `sgr-${index.toString(16).padStart(17, '0')}`,
    index,
    direction: direction as Direction,
    protocol,
    fromPort: match === null ? null : Number(match[1]),
    toPort: match === null ? null : Number(match[2] ?? match[1]),
    peer: peer(peerText),
    description: null,
  };
}

/** Parses an entry written as `ingress deny tcp 22 0.0.0.0/0`. */
export function entry(number: number, text: string): NetworkAclEntry {
  const [direction = '', action = '', ...rest] = text.split(' ');
  const { protocol, fromPort, toPort, peer } = rule(1, [direction, ...rest].join(' '));
  if (peer.type !== 'cidr') throw new Error(`${text} has no block`);
  const { family, cidr } = peer;
  return {
    number,
    direction: direction as Direction,
    action: action as 'allow' | 'deny',
    protocol,
    fromPort,
    toPort,
    family,
    cidr,
  };
}

function peer(text: string): Peer {
  if (text.startsWith('pl-')) return { type: 'prefix-list', prefixListId: text };
  if (text.startsWith('sg-')) return { type: 'group', groupId: text };
  return { type: 'cidr', family: text.includes(':') ? 'ipv6' : 'ipv4', cidr: text };
}

export function group(number: number, rules: readonly SecurityGroupRule[] = []): SecurityGroup {
  return {
    id: groupId(number),
    name: `group-${number}`,
    description: 'test',
    vpcId: VPC.id,
    associatedVpcIds: [],
    rules,
  };
}

export function groupId(number: number): string {
  return `sg-${number.toString(16).padStart(17, '0')}`;
}

export function prefixList(name: string, cidrs: readonly string[]): PrefixList {
  return {
    id: `pl-${name}`,
    name,
    family: cidrs.some((cidr) => cidr.includes(':')) ? 'ipv6' : 'ipv4',
    managedByAws: false,
    maxEntries: 100,
    version: 1,
    entries: cidrs.map((cidr) => ({ cidr, description: null })),
  };
}

/** Interface number n has 10.0.1.n and 2001:db8:1:1::n. */
export function networkInterface(
  number: number,
  groupIds: readonly string[],
  more: Partial<NetworkInterface> = {},
): NetworkInterface {
  return {
    id: interfaceId(number),
    instanceId: `i-${number.toString(16).padStart(17, '0')}`,
    deviceIndex: 0,
    subnetId: SUBNET.id,
    macAddress: `02:00:00:00:00:${number.toString(16).padStart(2, '0')}`,
    privateIpAddresses: [`10.0.1.${number}`],
    ipv6Addresses: [`2001:db8:1:1::${number.toString(16)}`],
    groupIds,
    sourceDestCheck: true,
    publicIp: null,
    connectionTracking: { tcpEstablishedTimeout: 432_000, udpStreamTimeout: 180, udpTimeout: 30 },
    poolAddress: false,
    deleteOnTermination: true,
    description: '',
    ...more,
  };
}

export function interfaceId(number: number): string {
  return `eni-${number.toString(16).padStart(17, '0')}`;
}

export function cloud(
  securityGroups: readonly SecurityGroup[],
  networkInterfaces: readonly NetworkInterface[],
  prefixLists: readonly PrefixList[] = [],
): Cloud {
  return {
    ...EMPTY,
    vpcs: { [VPC.id]: VPC },
    subnets: { [SUBNET.id]: SUBNET },
    routeTables: { [MAIN_TABLE.id]: MAIN_TABLE },
    networkAcls: { [VPC.defaultNetworkAclId]: makeDefaultNetworkAcl(VPC) },
    instances: byId(networkInterfaces.map(instanceOf)),
    securityGroups: byId(securityGroups),
    networkInterfaces: byId(networkInterfaces),
    prefixLists: byId(prefixLists),
  };
}

/** Interface number n is eth0 of machine-n. */
function instanceOf(eni: NetworkInterface): Instance {
  const name = `machine-${Number.parseInt(eni.instanceId.slice(2), 16)}`;
  return {
    id: eni.instanceId,
    name,
    kind: 'ec2',
    forwarding: null,
    listen: [],
    interfaceIds: [eni.id],
    connectionAllowance: null,
    launch: null,
  };
}

function byId<T extends { readonly id: string }>(records: readonly T[]): Record<string, T> {
  return Object.fromEntries(records.map((record) => [record.id, record]));
}
