import { PEERING_STATUSES, type PeeringStatus } from '../../cloud/gateways/types.js';
import type { Cursor } from '../../source/cursor.js';
import type { Inventory } from '../inventory.js';

const BLOCKS = ['CidrBlock', 'CidrBlockSet', 'Ipv6CidrBlockSet'];

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

function ipv6Blocks(item: Cursor): string[] {
  return associated(item, 'Ipv6CidrBlockAssociationSet', 'Ipv6CidrBlock', 'Ipv6CidrBlockState');
}

/** The blocks of an association set that are, or are about to be, in force. */
function associated(item: Cursor, set: string, block: string, state: string): string[] {
  return item
    .items(set)
    .filter((each) => ['associated', 'associating', null].includes(each.at(state).text('State')))
    .flatMap((each) => each.text(block) ?? []);
}

function refuseMore(inventory: Inventory, item: Cursor, id: string, blocks: readonly string[]): void {
  for (const block of blocks) {
    inventory.unsupported.push({ place: item.place(id), reason: `a second IPv6 block, ${block}: sglab has one` });
  }
}
