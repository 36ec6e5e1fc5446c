import { managedPrefixLists } from '../cloud/groups/prefix-list.js';
import {
  cidrAt,
  cidrContains,
  cidrsOverlap,
  isAddress,
  isCidr,
  parseAddress,
  parseCidr,
} from '../cloud/network/cidr.js';
import type { SourceLocation } from '../source/tree.js';
import type { GroupItem, InterfaceItem, Inventory, VpcItem } from './inventory.js';

/** AWS's default VPC. */
const DEFAULT_VPC = 'default';
const DEFAULT_VPC_BLOCK = '172.31.0.0/16';
const USUAL_VPC_BLOCK = '10.0.0.0/16';

/** Adds to an inventory what its parts refer to but do not describe. Says in one sentence each what was made up. */
export function completeInventory(inventory: Inventory): string[] {
  const assumed: string[] = [];
  const completion = { inventory, assume: (sentence: string) => assumed.push(sentence) };
  addVpcs(completion);
  addSubnets(completion);
  addGroups(completion);
  addPrefixLists(completion);
  addGateways(completion);
  return assumed;
}

interface Completion {
  readonly inventory: Inventory;
  readonly assume: (sentence: string) => void;
}

/** The VPC that a thing is in that names none: the only one, or AWS's default VPC. */
export function homeVpc({ vpcs }: Inventory): string {
  return vpcs.length === 1 && vpcs[0] !== undefined ? vpcs[0].key : DEFAULT_VPC;
}

function addVpcs({ inventory, assume }: Completion): void {
  const { subnets, groups, routeTables, gateways, interfaces, peerings } = inventory;
  const users = [
    ...[...subnets, ...groups, ...routeTables, ...interfaces].map(({ vpc, place }) => ({ vpc, place })),
    ...gateways.map(({ vpc }) => ({ vpc, place: undefined })),
    ...peerings.flatMap(({ requester, accepter, place }) => [requester, accepter].map((vpc) => ({ vpc, place }))),
  ];
  for (const { vpc, place } of users) {
    const key = vpc ?? homeVpc(inventory);
    const somewhere = place ?? inventory.subnets[0]?.place;
    if (somewhere === undefined || inventory.vpcs.some((each) => each.key === key)) continue;
    const cidrs = blocksFor(inventory, key);
    const id = /^vpc-[0-9a-f]+$/.test(key) ? key : null;
    inventory.vpcs.push({ key, id, name: key, cidrs, ipv6Cidr: null, place: somewhere });
    const who =
      key === DEFAULT_VPC ? "nothing says in which VPC: it is AWS's default VPC," : `VPC ${key} is not described:`;
    assume(`${who} its block is taken to be ${cidrs.join(', ')}`);
  }
}

/** The /16 blocks that hold what is known to be in the VPC. */
function blocksFor({ subnets, interfaces }: Inventory, key: string): string[] {
  const inside = [
    ...subnets.filter(({ vpc }) => vpc === key).map(({ cidr }) => cidr.split('/')[0] ?? ''),
    ...interfaces.filter(({ vpc }) => vpc === key).flatMap(({ privateIps }) => privateIps),
  ].filter(isAddress);
  const blocks = inside.map((address) => cidrAt('ipv4', parseAddress(address).value, 16).text);
  const [first = key === DEFAULT_VPC ? DEFAULT_VPC_BLOCK : USUAL_VPC_BLOCK, ...more] = new Set(blocks);
  return [first, ...more];
}

function addSubnets({ inventory, assume }: Completion): void {
  const made = new Map<
    string,
    { readonly vpc: VpcItem; readonly addresses: string[]; readonly place: SourceLocation }
  >();
  for (const [position, each] of inventory.interfaces.entries()) {
    if (inventory.subnets.some(({ key }) => key === each.subnet)) continue;
    const vpc = vpcOfInterface(inventory, each);
    if (vpc === undefined) continue;
    const key = each.subnet ?? `${vpc.key}-subnet`;
    const subnet = made.get(key) ?? { vpc, addresses: [], place: each.place };
    subnet.addresses.push(...each.privateIps.filter(isAddress));
    made.set(key, subnet);
    inventory.interfaces[position] = { ...each, subnet: key };
  }
  for (const [key, { vpc, addresses, place }] of made) {
    const cidr = subnetBlock(inventory, vpc, addresses);
    const id = /^subnet-[0-9a-f]+$/.test(key) ? key : null;
    const name = id === null ? 'default' : key;
    inventory.subnets.push({ key, id, name, vpc: vpc.key, cidr, ipv6Cidr: null, mapPublicIp: id === null, place });
    assume(`subnet ${key} is not described: its block is taken to be ${cidr}`);
  }
}

function vpcOfInterface(inventory: Inventory, { vpc, groups }: InterfaceItem): VpcItem | undefined {
  const group = inventory.groups.find(({ key }) => groups?.includes(key));
  const key = vpc ?? group?.vpc ?? homeVpc(inventory);
  const found = inventory.vpcs.find((each) => each.key === key);
  return found ?? inventory.vpcs[0];
}

/** The smallest block from /24 on that holds the addresses; a free /24 if there are none. */
function subnetBlock({ subnets }: Inventory, vpc: VpcItem, addresses: readonly string[]): string {
  const [first] = addresses;
  if (first !== undefined) {
    for (let prefixLength = 24; prefixLength >= 16; prefixLength--) {
      const block = cidrAt('ipv4', parseAddress(first).value, prefixLength);
      if (addresses.every((address) => cidrContains(block, parseAddress(address)))) return block.text;
    }
  }
  const whole = parseCidr(vpc.cidrs[0] ?? USUAL_VPC_BLOCK);
  const taken = subnets
    .filter((subnet) => subnet.vpc === vpc.key && isCidr(subnet.cidr))
    .map(({ cidr }) => parseCidr(cidr));
  const prefixLength = Math.max(24, whole.prefixLength);
  for (let at = whole.first; at <= whole.last; at += 256n) {
    const block = cidrAt('ipv4', at, prefixLength);
    if (!taken.some((other) => cidrsOverlap(other, block))) return block.text;
  }
  return whole.text;
}

/** An empty group stands in for one that is referred to: nobody is a member, so that the rule admits nobody. */
function addGroups({ inventory, assume }: Completion): void {
  const vpcs = new Map(inventory.groups.map(({ key, vpc }) => [key, vpc]));
  const users = [
    ...inventory.rules.map(({ group: user, peer, place }) => ({
      keys: peer.type === 'group' ? [peer.key] : [],
      vpc: vpcs.get(user) ?? null,
      place,
    })),
    ...inventory.interfaces.map(({ groups, subnet, place }) => ({
      keys: groups ?? [],
      vpc: inventory.subnets.find(({ key }) => key === subnet)?.vpc ?? null,
      place,
    })),
  ];
  const known = new Set(inventory.groups.map(({ key }) => key));
  for (const { keys, vpc, place } of users) {
    for (const key of keys) {
      if (known.has(key)) continue;
      known.add(key);
      inventory.groups.push(standInGroup(key, vpc, place));
      assume(`group ${key} is not described: a group without rules stands in for it`);
    }
  }
}

function standInGroup(key: string, vpc: string | null, place: SourceLocation): GroupItem {
  const id = /^sg-[0-9a-f]+$/.test(key) ? key : null;
  const name = `not described ${key}`;
  return { key, id, name, vpc, description: name, isDefault: false, unknown: [], place };
}

function addPrefixLists({ inventory, assume }: Completion): void {
  const users = [
    ...inventory.rules.flatMap(({ peer, place }) => (peer.type === 'prefix-list' ? [{ key: peer.key, place }] : [])),
    ...inventory.routes.flatMap(({ to, place }) => (to.startsWith('pl-') ? [{ key: to, place }] : [])),
  ];
  const managed = managedPrefixLists('us-east-1');
  for (const { key, place } of users) {
    if (Object.hasOwn(managed, key) || inventory.prefixLists.some((list) => list.key === key)) continue;
    const id = /^pl-[0-9a-f]+$/.test(key) ? key : null;
    inventory.prefixLists.push({ key, id, name: key, family: 'ipv4', maxEntries: null, entries: [], place });
    assume(`prefix list ${key} is not described: it is taken to be empty`);
  }
}

/** A gateway that is only named by a route, or without which a public address could not be. */
function addGateways({ inventory, assume }: Completion): void {
  const hasGateway = (vpc: string) => inventory.gateways.some((each) => each.vpc === vpc && each.type === 'internet');
  for (const { table, via } of inventory.routes) {
    const vpc = inventory.routeTables.find(({ key }) => key === table)?.vpc;
    if (vpc === undefined || !/^e?igw-/.test(via) || inventory.gateways.some(({ key }) => key === via)) continue;
    inventory.gateways.push({ key: via, type: via.startsWith('eigw-') ? 'egress-only' : 'internet', vpc });
    assume(`gateway ${via} is not described: a route of ${table} leads to it, so VPC ${vpc} has it`);
  }
  for (const { subnet, publicIp } of inventory.interfaces) {
    const vpc = inventory.subnets.find(({ key }) => key === subnet)?.vpc ?? homeVpc(inventory);
    if (publicIp === false || hasGateway(vpc)) continue;
    inventory.gateways.push({ key: `${vpc}-internet-gateway`, type: 'internet', vpc });
    assume(`VPC ${vpc} is taken to have an internet gateway: a public address is in use`);
  }
}
