import { PEERING_STATUSES, type PeeringStatus } from '../../cloud/gateways/types.js';
import type { Cursor } from '../../source/cursor.js';
import type { Inventory, NetworkAclEntryItem } from '../inventory.js';

const BLOCKS = ['CidrBlock', 'CidrBlockSet', 'Ipv6CidrBlockSet'];

/** The last entry, which denies what no other matches: every list has it. */
const LAST_ENTRY = 32_767;

/** The Name tag. */
export function nameTag(item: Cursor): string | null {
  const tag = [...item.items('Tags'), ...item.items('TagSet')].find((each) => each.text('Key') === 'Name');
  return tag?.text('Value') ?? null;
}

export function readVpcs(inventory: Inventory, items: readonly Cursor[]): void {
  for (const item of items) {
    const id = item.needText('VpcId');
    const blocks = associated(item, 'CidrBlockAssociationSet', 'CidrBlock', 'CidrBlockState');
    const primary = item.text('CidrBlock');
    const cidrs = primary === null ? blocks : [primary, ...blocks.filter((block) => block !== primary)];
    const [ipv6Cidr = null, ...more] = ipv6Blocks(item);
    const name = nameTag(item) ?? (item.flag('IsDefault') === true ? 'default' : null);
    inventory.vpcs.push({ key: id, id, name, cidrs, ipv6Cidr, place: item.place(id) });
    refuseMore(inventory, item, id, more);
  }
}

export function readSubnets(inventory: Inventory, items: readonly Cursor[]): void {
  for (const item of items) {
    const id = item.needText('SubnetId');
    const [ipv6Cidr = null, ...more] = ipv6Blocks(item);
    inventory.subnets.push({
      key: id,
      id,
      name: nameTag(item),
      vpc: item.needText('VpcId'),
      cidr: item.needText('CidrBlock'),
      ipv6Cidr,
      mapPublicIp: item.flag('MapPublicIpOnLaunch') ?? false,
      place: item.place(id),
    });
    refuseMore(inventory, item, id, more);
  }
}

export function readPeerings(inventory: Inventory, items: readonly Cursor[]): void {
  for (const item of items) {
    const id = item.needText('VpcPeeringConnectionId');
    const word = item.at('Status').text('Code') ?? 'active';
    const status = PEERING_STATUSES.find((each): each is PeeringStatus => each === word);
    if (status === undefined) {
      inventory.unsupported.push({ place: item.place(id), reason: `a peering that is ${word} connects nothing` });
      item.ignore();
      continue;
    }
    const sides = [item.at('RequesterVpcInfo'), item.at('AccepterVpcInfo')];
    const regions = new Set(sides.flatMap((side) => side.text('Region') ?? []));
    if (regions.size > 1) {
      const reason = `a peering between regions (${[...regions].join(', ')}): sglab has one, where groups can be referred to`;
      inventory.unsupported.push({ place: item.place(id), reason });
    }
    // The VPCs say it themselves.
    for (const side of sides) for (const blocks of BLOCKS) side.at(blocks).ignore();
    inventory.peerings.push({
      key: id,
      id,
      name: nameTag(item),
      requester: item.at('RequesterVpcInfo').needText('VpcId'),
      accepter: item.at('AccepterVpcInfo').needText('VpcId'),
      status,
      dnsResolution: sides.every((side) => side.at('PeeringOptions').flag('AllowDnsResolutionFromRemoteVpc') === true),
      place: item.place(id),
    });
  }
}

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
      entries: item.items('Entries').flatMap(readAclEntry),
      place: item.place(id),
    });
  }
}

function readAclEntry(entry: Cursor): NetworkAclEntryItem[] {
  const number = entry.number('RuleNumber') ?? LAST_ENTRY;
  if (number >= LAST_ENTRY) {
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

function ipv6Blocks(item: Cursor): string[] {
  return associated(item, 'Ipv6CidrBlockAssociationSet', 'Ipv6CidrBlock', 'Ipv6CidrBlockState');
}

/** The blocks of an association set that are, or are about to be, in force. */
function associated(item: Cursor, set: string, block: string, state: string): string[] {
  return item.items(set).flatMap((each) => {
    if (['associated', 'associating', null].includes(each.at(state).text('State'))) return each.text(block) ?? [];
    each.ignore();
    return [];
  });
}

function refuseMore(inventory: Inventory, item: Cursor, id: string, blocks: readonly string[]): void {
  for (const block of blocks) {
    inventory.unsupported.push({ place: item.place(id), reason: `a second IPv6 block, ${block}: sglab has one` });
  }
}
