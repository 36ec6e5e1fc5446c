import type { Cursor } from '../../source/cursor.js';
import { assume, type InterfaceItem, type Inventory, readConnectionTracking } from '../inventory.js';
import { nameTag } from './network.js';

/** They have no groups, and nothing that could be asked stands behind them. */
const WITHOUT_GROUPS = new Set([
  'nat_gateway',
  'gateway_load_balancer',
  'gateway_load_balancer_endpoint',
  'transit_gateway',
]);
const SECONDARY = 'a public address of a secondary private one: sglab gives one to the primary address';
const GONE = new Set(['terminated', 'shutting-down']);

/** `describe-network-interfaces`; the attached ones are read with their instance, if that is described too. */
export function readInterfaces(inventory: Inventory, items: readonly Cursor[]): void {
  const attached = new Map<string, { readonly index: number; readonly key: string; readonly item: Cursor }[]>();
  for (const item of items) {
    const id = item.needText('NetworkInterfaceId');
    const type = item.text('InterfaceType') ?? 'interface';
    // That of a NAT gateway comes with it.
    if (type === 'nat_gateway' && inventory.natGateways.length > 0) {
      item.ignore();
      continue;
    }
    if (WITHOUT_GROUPS.has(type)) {
      inventory.unsupported.push({ place: item.place(id), reason: `the network interface of a ${type}` });
      item.ignore();
      continue;
    }
    inventory.interfaces.push(readInterface(inventory, item, id));
    const attachment = item.at('Attachment');
    const instance = attachment.text('InstanceId');
    if (instance === null) continue;
    const list = attached.get(instance) ?? [];
    list.push({ index: attachment.number('DeviceIndex') ?? 0, key: id, item });
    attached.set(instance, list);
  }
  for (const [id, list] of attached) {
    const interfaces = list.sort((a, b) => a.index - b.index).map(({ key }) => key);
    const item = list[0]?.item;
    if (item !== undefined) inventory.instances.push({ key: id, id, name: id, interfaces, place: item.place(id) });
  }
}

/** `describe-addresses`: Elastic IPs, which an interface's own description tells too. */
export function readAddresses(inventory: Inventory, items: readonly Cursor[]): void {
  for (const item of items) {
    const address = item.needText('PublicIp');
    const instance = inventory.instances.find((each) => each.key === item.text('InstanceId'));
    const key = item.text('NetworkInterfaceId') ?? instance?.interfaces[0];
    const privateIp = item.text('PrivateIpAddress');
    const position = inventory.interfaces.findIndex((each) => each.key === key);
    const found = inventory.interfaces[position];
    if (found !== undefined && privateIp !== null && (found.privateIps[0] ?? privateIp) !== privateIp) {
      inventory.unsupported.push({ place: item.place(address), reason: SECONDARY });
    } else if (found !== undefined) inventory.interfaces[position] = { ...found, publicIp: address };
    else if (!inventory.natGateways.some(({ publicIp }) => publicIp === address)) {
      inventory.unsupported.push({ place: item.place(address), reason: 'an Elastic IP of nothing that is described' });
    }
  }
}

/** `describe-instances`. What it says of interfaces counts where `describe-network-interfaces` says nothing. */
export function readInstances(inventory: Inventory, items: readonly Cursor[]): void {
  const described = new Set(inventory.interfaces.map(({ key }) => key));
  const places = new Map(inventory.instances.map(({ key }, position) => [key, position]));
  for (const item of items) {
    const id = item.needText('InstanceId');
    const state = item.at('State').text('Name') ?? 'running';
    if (GONE.has(state)) {
      inventory.unsupported.push({ place: item.place(id), reason: `the instance is ${state}` });
      item.ignore();
      continue;
    }
    if (state !== 'running' && state !== 'pending')
      assume(inventory, `${id} is ${state}: it is built as if it ran`, id);
    repeated(item);
    const own = item.items('NetworkInterfaces');
    for (const each of own) {
      const key = each.needText('NetworkInterfaceId');
      if (described.has(key)) each.ignore();
      else inventory.interfaces.push(readInterface(inventory, each, key));
      described.add(key);
    }
    const interfaces = [...own]
      .sort((a, b) => indexOf(a) - indexOf(b))
      .map((each) => each.needText('NetworkInterfaceId'));
    const instance = { key: id, id, name: nameTag(item) ?? id, interfaces, place: item.place(id) };
    const known = places.get(id);
    const before = known === undefined ? undefined : inventory.instances[known];
    if (known === undefined || before === undefined) places.set(id, inventory.instances.push(instance) - 1);
    else inventory.instances[known] = { ...instance, interfaces: own.length === 0 ? before.interfaces : interfaces };
  }
}

/** An instance says again what its primary interface says. */
function repeated(item: Cursor): void {
  for (const key of ['SubnetId', 'PrivateIpAddress', 'PublicIpAddress', 'SecurityGroups', 'SourceDestCheck']) {
    item.at(key).ignore();
  }
}

function indexOf(item: Cursor): number {
  return item.at('Attachment').number('DeviceIndex') ?? 0;
}

function readInterface(inventory: Inventory, item: Cursor, id: string): InterfaceItem {
  const addresses = item.items('PrivateIpAddresses');
  const primary = item.text('PrivateIpAddress');
  const all = addresses.flatMap((address) => address.text('PrivateIpAddress') ?? []);
  for (const address of addresses) {
    const association = address.at('Association');
    const publicIp = association.text('PublicIp');
    association.ignore();
    if (publicIp === null || address.text('PrivateIpAddress') === (primary ?? all[0])) continue;
    inventory.unsupported.push({ place: association.place(`${id}.${publicIp}`), reason: SECONDARY });
  }
  return {
    key: id,
    id,
    name: nameTag(item) ?? item.text('Description') ?? id,
    place: item.place(id),
    subnet: item.text('SubnetId'),
    vpc: item.text('VpcId'),
    privateIps: primary === null ? all : [primary, ...all.filter((address) => address !== primary)],
    ipv6: item.items('Ipv6Addresses').flatMap((address) => address.text('Ipv6Address') ?? []),
    groups: item.items('Groups').map((group) => group.needText('GroupId')),
    sourceDestCheck: item.flag('SourceDestCheck') ?? true,
    connectionTracking: readConnectionTracking(item.at('ConnectionTrackingConfiguration')),
    publicIp: item.at('Association').text('PublicIp') ?? false,
  };
}
