import type { Inventory } from '../inventory.js';
import { headOf, type TemplateResource } from './read-template.js';

export function readNetworkAcl(inventory: Inventory, resource: TemplateResource): void {
  const vpc = resource.properties.needText('VpcId');
  inventory.networkAcls.push({ ...headOf(resource), vpc, isDefault: false, subnets: [], entries: [] });
}

export function readNetworkAclEntry(inventory: Inventory, { properties, place }: TemplateResource): void {
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

export function readNetworkAclAssociation(inventory: Inventory, { properties, place }: TemplateResource): void {
  const key = properties.needText('NetworkAclId');
  const position = inventory.networkAcls.findIndex((acl) => acl.key === key);
  const acl = inventory.networkAcls[position];
  const subnet = properties.needText('SubnetId');
  if (acl === undefined) inventory.unsupported.push({ place, reason: `the network ACL ${key} is not in the template` });
  else inventory.networkAcls[position] = { ...acl, subnets: [...acl.subnets, subnet] };
}

export function readNatGateway(inventory: Inventory, resource: TemplateResource): void {
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
