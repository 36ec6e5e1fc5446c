import type { Cursor } from '../../source/cursor.js';
import type { Inventory, NetworkAclEntryItem } from '../inventory.js';
import { nameTag } from './aws-network.js';

/** The last entry, which denies what no other matches: every list has it. */
const LAST = 32_767;

export function readNetworkAcls(inventory: Inventory, items: readonly Cursor[]): void {
  for (const item of items) {
    const id = item.needText('NetworkAclId');
    const isDefault = item.flag('IsDefault') ?? false;
    inventory.networkAcls.push({
      key: id,
      id,
      name: nameTag(item),
      vpc: item.needText('VpcId'),
      isDefault,
      subnets: item.items('Associations').flatMap((each) => each.text('SubnetId') ?? []),
      entries: item.items('Entries').flatMap(readEntry),
      place: item.place(id),
    });
  }
}

function readEntry(entry: Cursor): NetworkAclEntryItem[] {
  const number = entry.number('RuleNumber') ?? LAST;
  if (number >= LAST) {
    entry.ignore();
    return [];
  }
  const ports = entry.at('PortRange');
  const icmp = entry.at('IcmpTypeCode');
  return [
    {
      number,
      direction: entry.flag('Egress') === true ? 'egress' : 'ingress',
      action: entry.text('RuleAction') === 'deny' ? 'deny' : 'allow',
      protocol: entry.needText('Protocol'),
      fromPort: ports.number('From') ?? icmp.number('Type'),
      toPort: ports.number('To') ?? icmp.number('Code'),
      cidr: entry.text('CidrBlock') ?? entry.needText('Ipv6CidrBlock'),
    },
  ];
}

export function readNatGateways(inventory: Inventory, items: readonly Cursor[]): void {
  for (const item of items) {
    const id = item.needText('NatGatewayId');
    const state = item.text('State') ?? 'available';
    const kind = item.text('ConnectivityType') ?? 'public';
    const addresses = item.items('NatGatewayAddresses');
    const address = addresses.find((each) => each.flag('IsPrimary') === true) ?? addresses[0];
    if (kind !== 'public' || !['available', 'pending'].includes(state)) {
      inventory.unsupported.push({ place: item.place(id), reason: `a ${kind} NAT gateway that is ${state}` });
      item.ignore();
      continue;
    }
    // Its network interface is part of it.
    address?.at('NetworkInterfaceId');
    inventory.natGateways.push({
      key: id,
      id,
      name: nameTag(item),
      subnet: item.needText('SubnetId'),
      publicIp: address?.text('PublicIp') ?? null,
      privateIp: address?.text('PrivateIp') ?? null,
      place: item.place(id),
    });
  }
}
