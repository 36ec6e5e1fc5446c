import type { Inventory } from '../inventory.js';
import { headOf, type TemplateReader, type TemplateResource } from './resource.js';

const TARGETS = [
  'GatewayId',
  'EgressOnlyInternetGatewayId',
  'NatGatewayId',
  'NetworkInterfaceId',
  'InstanceId',
  'VpcPeeringConnectionId',
  'TransitGatewayId',
  'VpcEndpointId',
  'LocalGatewayId',
  'CarrierGatewayId',
] as const;

export const TEMPLATE_NETWORK_READERS: Readonly<Record<string, TemplateReader>> = {
  'AWS::EC2::VPC': readVpc,
  'AWS::EC2::VPCCidrBlock': readMoreBlocks,
  // It is nothing before it is attached.
  'AWS::EC2::InternetGateway': () => {},
  'AWS::EC2::VPCGatewayAttachment': readAttachment,
  'AWS::EC2::EgressOnlyInternetGateway': (inventory, { key, properties }) => {
    inventory.gateways.push({ key, type: 'egress-only', vpc: properties.needText('VpcId') });
  },
  'AWS::EC2::Subnet': readSubnet,
  'AWS::EC2::NatGateway': readNatGateway,
  'AWS::EC2::NetworkAcl': readNetworkAcl,
  'AWS::EC2::NetworkAclEntry': readNetworkAclEntry,
  'AWS::EC2::SubnetNetworkAclAssociation': readNetworkAclAssociation,
  'AWS::EC2::PrefixList': readPrefixList,
  'AWS::EC2::VPCPeeringConnection': readPeering,
  'AWS::EC2::RouteTable': readTable,
  'AWS::EC2::Route': readRoute,
  'AWS::EC2::SubnetRouteTableAssociation': readAssociation,
};

function readVpc(inventory: Inventory, resource: TemplateResource): void {
  inventory.vpcs.push({ ...headOf(resource), cidrs: [resource.properties.needText('CidrBlock')], ipv6Cidr: null });
}

function readMoreBlocks(inventory: Inventory, { properties, place }: TemplateResource): void {
  const key = properties.needText('VpcId');
  const position = inventory.vpcs.findIndex((vpc) => vpc.key === key);
  const vpc = inventory.vpcs[position];
  const cidr = properties.text('CidrBlock');
  const ipv6Cidr = properties.text('Ipv6CidrBlock');
  if (vpc === undefined || (cidr === null && ipv6Cidr === null)) {
    inventory.unsupported.push({ place, reason: 'a block that only AWS knows, when it has chosen one' });
    return;
  }
  inventory.vpcs[position] = {
    ...vpc,
    cidrs: cidr === null ? vpc.cidrs : [...vpc.cidrs, cidr],
    ipv6Cidr: ipv6Cidr ?? vpc.ipv6Cidr,
  };
}

function readAttachment(inventory: Inventory, { properties, place }: TemplateResource): void {
  const key = properties.text('InternetGatewayId');
  if (key !== null) inventory.gateways.push({ key, type: 'internet', vpc: properties.needText('VpcId') });
  else inventory.unsupported.push({ place, reason: 'sglab builds no VPN gateways' });
}

function readSubnet(inventory: Inventory, resource: TemplateResource): void {
  const { properties } = resource;
  const ipv6Cidr = properties.text('Ipv6CidrBlock');
  inventory.subnets.push({
    ...headOf(resource),
    vpc: properties.needText('VpcId'),
    cidr: properties.needText('CidrBlock'),
    // One that is cut out of a block that AWS chooses is not known.
    ipv6Cidr: ipv6Cidr?.includes(':') === true ? ipv6Cidr : null,
    mapPublicIp: properties.flag('MapPublicIpOnLaunch') ?? false,
  });
  if (ipv6Cidr !== null && !ipv6Cidr.includes(':')) {
    inventory.unsupported.push({ place: resource.place, reason: 'an IPv6 block that only AWS knows' });
  }
}

function readNetworkAcl(inventory: Inventory, resource: TemplateResource): void {
  const vpc = resource.properties.needText('VpcId');
  inventory.networkAcls.push({ ...headOf(resource), vpc, isDefault: false, subnets: [], entries: [] });
}

function readNetworkAclEntry(inventory: Inventory, { properties, place }: TemplateResource): void {
  const key = properties.needText('NetworkAclId');
  const position = inventory.networkAcls.findIndex((acl) => acl.key === key);
  const acl = inventory.networkAcls[position];
  if (acl === undefined) {
    inventory.unsupported.push({ place, reason: `the network ACL ${key} is not in the template` });
    return;
  }
  const ports = properties.at('PortRange');
  const icmp = properties.at('Icmp');
  const entry = {
    number: properties.number('RuleNumber') ?? 0,
    direction: properties.flag('Egress') === true ? 'egress' : 'ingress',
    action: properties.text('RuleAction') === 'deny' ? 'deny' : 'allow',
    protocol: properties.needText('Protocol'),
    fromPort: ports.number('From') ?? icmp.number('Type'),
    toPort: ports.number('To') ?? icmp.number('Code'),
    cidr: properties.text('CidrBlock') ?? properties.needText('Ipv6CidrBlock'),
  } as const;
  inventory.networkAcls[position] = { ...acl, entries: [...acl.entries, entry] };
}

function readNetworkAclAssociation(inventory: Inventory, { properties, place }: TemplateResource): void {
  const key = properties.needText('NetworkAclId');
  const position = inventory.networkAcls.findIndex((acl) => acl.key === key);
  const acl = inventory.networkAcls[position];
  const subnet = properties.needText('SubnetId');
  if (acl === undefined) inventory.unsupported.push({ place, reason: `the network ACL ${key} is not in the template` });
  else inventory.networkAcls[position] = { ...acl, subnets: [...acl.subnets, subnet] };
}

function readNatGateway(inventory: Inventory, resource: TemplateResource): void {
  const { properties, place } = resource;
  if (properties.text('ConnectivityType') === 'private') {
    inventory.unsupported.push({ place, reason: 'sglab builds no private NAT gateways' });
    return;
  }
  const subnet = properties.needText('SubnetId');
  inventory.natGateways.push({
    ...headOf(resource),
    subnet,
    publicIp: null,
    privateIp: properties.text('PrivateIpAddress'),
  });
}

function readPrefixList(inventory: Inventory, resource: TemplateResource): void {
  const { properties } = resource;
  inventory.prefixLists.push({
    ...headOf(resource),
    name: properties.text('PrefixListName'),
    family: properties.text('AddressFamily') === 'IPv6' ? 'ipv6' : 'ipv4',
    maxEntries: properties.number('MaxEntries'),
    entries: properties
      .items('Entries')
      .map((entry) => ({ cidr: entry.needText('Cidr'), description: entry.text('Description') })),
  });
}

function readPeering(inventory: Inventory, resource: TemplateResource): void {
  const { properties } = resource;
  const requester = properties.needText('VpcId');
  inventory.peerings.push({
    ...headOf(resource),
    requester,
    accepter: properties.needText('PeerVpcId'),
    status: 'active',
    dnsResolution: false,
  });
}

function readTable(inventory: Inventory, resource: TemplateResource): void {
  const vpc = resource.properties.needText('VpcId');
  inventory.routeTables.push({ ...headOf(resource), vpc, isMain: false, subnets: [] });
}

function readRoute(inventory: Inventory, { properties, place }: TemplateResource): void {
  const to =
    properties.text('DestinationCidrBlock') ??
    properties.text('DestinationIpv6CidrBlock') ??
    properties.text('DestinationPrefixListId');
  const [via] = TARGETS.flatMap((key) => properties.text(key) ?? []);
  if (to === null || via === undefined) throw properties.problem('a route needs a destination and a target');
  inventory.routes.push({ table: properties.needText('RouteTableId'), to, via, place });
}

function readAssociation(inventory: Inventory, { properties, place }: TemplateResource): void {
  const key = properties.needText('RouteTableId');
  const position = inventory.routeTables.findIndex((table) => table.key === key);
  const table = inventory.routeTables[position];
  if (table === undefined)
    inventory.unsupported.push({ place, reason: `the route table ${key} is not in the template` });
  else inventory.routeTables[position] = { ...table, subnets: [...table.subnets, properties.needText('SubnetId')] };
}
