import type { Direction } from '../../cloud/groups/types.js';
import type { Cursor } from '../../source/cursor.js';
import type { Inventory, PeerItem, RuleItem } from '../inventory.js';
import { nameTag } from './network.js';

const LISTS = [
  ['IpPermissions', 'ingress'],
  ['IpPermissionsEgress', 'egress'],
] as const;

/** `describe-security-groups`. `recorded`: groups whose rules come, with their ids, from `describe-security-group-rules`. */
export function readGroups(inventory: Inventory, items: readonly Cursor[], recorded: ReadonlySet<string>): void {
  for (const item of items) {
    const id = item.needText('GroupId');
    const name = item.text('GroupName') ?? id;
    inventory.groups.push({
      key: id,
      id,
      name,
      vpc: item.text('VpcId'),
      description: item.text('Description') ?? nameTag(item),
      isDefault: name === 'default',
      unknown: [],
      place: item.place(id),
    });
    for (const [list, direction] of LISTS) {
      if (recorded.has(id)) item.at(list).ignore();
      else for (const permission of item.items(list)) readPermission(inventory, id, direction, permission);
    }
  }
}

/** `describe-security-group-rules`; a group that is described nowhere else is known by its id. */
export function readRuleRecords(inventory: Inventory, items: readonly Cursor[]): void {
  const known = new Set(inventory.groups.map(({ key }) => key));
  for (const item of items) {
    const group = item.needText('GroupId');
    if (!known.has(group)) {
      known.add(group);
      const place = item.place(group);
      const name = `rules of ${group}`;
      inventory.groups.push({
        key: group,
        id: group,
        name,
        vpc: null,
        description: null,
        isDefault: false,
        unknown: [],
        place,
      });
    }
    const id = item.text('SecurityGroupRuleId');
    const direction = item.flag('IsEgress') === true ? 'egress' : 'ingress';
    const peer = recordedPeer(item);
    if (peer === null) throw item.problem('a rule without CidrIpv4, CidrIpv6, PrefixListId or ReferencedGroupInfo');
    const description = item.text('Description');
    inventory.rules.push({ group, id, direction, ...traffic(item), peer, description, place: item.place(id ?? group) });
  }
}

function recordedPeer(item: Cursor): PeerItem | null {
  const cidr = item.text('CidrIpv4') ?? item.text('CidrIpv6');
  if (cidr !== null) return { type: 'cidr', cidr };
  const list = item.text('PrefixListId');
  if (list !== null) return { type: 'prefix-list', key: list };
  const group = item.at('ReferencedGroupInfo').text('GroupId');
  return group === null ? null : { type: 'group', key: group };
}

/** One rule for each peer of the permission. */
function readPermission(inventory: Inventory, group: string, direction: Direction, permission: Cursor): void {
  const peers: [string, (item: Cursor) => PeerItem][] = [
    ['IpRanges', (item) => ({ type: 'cidr', cidr: item.needText('CidrIp') })],
    ['Ipv6Ranges', (item) => ({ type: 'cidr', cidr: item.needText('CidrIpv6') })],
    ['PrefixListIds', (item) => ({ type: 'prefix-list', key: item.needText('PrefixListId') })],
    ['UserIdGroupPairs', (item) => ({ type: 'group', key: item.needText('GroupId') })],
  ];
  const range = traffic(permission);
  for (const [list, peerOf] of peers) {
    for (const item of permission.items(list)) {
      const description = item.text('Description');
      const place = item.place(group);
      inventory.rules.push({ group, id: null, direction, ...range, peer: peerOf(item), description, place });
    }
  }
}

function traffic(item: Cursor): Pick<RuleItem, 'protocol' | 'fromPort' | 'toPort'> {
  const protocol = item.needText('IpProtocol');
  const [fromPort, toPort] = [item.number('FromPort'), item.number('ToPort')];
  return protocol === '-1' ? { protocol, fromPort: null, toPort: null } : { protocol, fromPort, toPort };
}
