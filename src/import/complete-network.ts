/** Adds the VPCs and subnets that a source names but does not describe, and the places of interfaces that have none. */
import {
  type Cidr,
  cidrAt,
  cidrContains,
  cidrContainsCidr,
  cidrsOverlap,
  isAddress,
  isCidr,
  parseAddress,
  parseCidr,
} from '../cloud/network/cidr.js';
import type { SourceLocation } from '../source/tree.js';
import { assume, type InterfaceItem, type Inventory, type SubnetItem, type VpcItem } from './inventory.js';

/** AWS's default VPC. */
export const DEFAULT_VPC = 'default';
const DEFAULT_VPC_BLOCK = '172.31.0.0/16';
const SECOND_OCTETS = 256;
/** Of the subnets of a default VPC, and of others. */
const DEFAULT_SUBNET_LENGTH = 20;
const USUAL_SUBNET_LENGTH = 24;
/** The shortest and the longest prefix of a subnet in AWS. */
const SUBNET_LENGTHS = { shortest: 16, longest: 28 };

/** The VPC that a thing is in that names none: the only one, or AWS's default VPC. */
export function homeVpc({ vpcs }: Inventory): string {
  return vpcs.length === 1 && vpcs[0] !== undefined ? vpcs[0].key : DEFAULT_VPC;
}

/** Returns the keys of those that were made up. */
export function addVpcs(inventory: Inventory): Set<string> {
  const { subnets, groups, routeTables, networkAcls, gateways, interfaces, peerings } = inventory;
  const things = [...subnets, ...groups, ...routeTables, ...networkAcls, ...unplaced(inventory)];
  const users = [
    ...things.map(({ vpc, place }) => ({ vpc, place })),
    ...gateways.map(({ vpc }) => ({ vpc, place: subnets[0]?.place ?? groups[0]?.place ?? interfaces[0]?.place })),
    ...peerings.flatMap(({ requester, accepter, place }) => [requester, accepter].map((vpc) => ({ vpc, place }))),
  ];
  const made = new Set<string>();
  for (const { vpc, place } of users) {
    const key = vpc ?? homeVpc(inventory);
    if (place === undefined || inventory.vpcs.some((each) => each.key === key)) continue;
    addVpc(inventory, key, place);
    made.add(key);
  }
  return made;
}

/** Interfaces whose VPC no subnet tells. */
function unplaced({ interfaces, subnets, groups }: Inventory): InterfaceItem[] {
  const known = new Set([...subnets, ...groups].map(({ key }) => key));
  return interfaces.filter(
    ({ subnet, groups: own }) => !known.has(subnet ?? '') && !(own ?? []).some((key) => known.has(key)),
  );
}

function addVpc(inventory: Inventory, key: string, place: SourceLocation): void {
  const cidrs = blocksFor(inventory, key);
  const id = /^vpc-[0-9a-f]+$/.test(key) ? key : null;
  inventory.vpcs.push({ key, id, name: key, cidrs, ipv6Cidr: null, place });
  if (key !== DEFAULT_VPC) {
    assume(inventory, `VPC ${key} is not described: its block is taken to be ${cidrs.join(', ')}`, key);
    return;
  }
  inventory.gateways.push({ key: `${key}-internet-gateway`, type: 'internet', vpc: key });
  const what = "it is AWS's default VPC, which has an internet gateway and gives public addresses";
  assume(inventory, `nothing says in which VPC: ${what}; its block is taken to be ${cidrs.join(', ')}`, key);
}

/** The /16 blocks that hold what is known to be in the VPC; one that no other VPC has, if nothing is known. */
function blocksFor({ subnets, interfaces, vpcs }: Inventory, key: string): string[] {
  const inside = [
    ...subnets.filter(({ vpc }) => vpc === key).map(({ cidr }) => cidr.split('/')[0] ?? ''),
    ...interfaces.filter(({ vpc }) => vpc === key).flatMap(({ privateIps }) => privateIps),
  ].filter((text) => isAddress(text) && !text.includes(':'));
  const blocks = [...new Set(inside.map((address) => cidrAt('ipv4', parseAddress(address).value, 16).text))];
  if (blocks.length > 0) return blocks;
  const taken = vpcs.flatMap(({ cidrs }) => cidrs.filter(isCidr).map(parseCidr));
  const usual = Array.from({ length: SECOND_OCTETS }, (_, octet) => `10.${octet}.0.0/16`);
  const free = [...(key === DEFAULT_VPC ? [DEFAULT_VPC_BLOCK] : []), ...usual].find(
    (block) => !taken.some((other) => cidrsOverlap(other, parseCidr(block))),
  );
  return [free ?? DEFAULT_VPC_BLOCK];
}

interface MissingSubnet {
  readonly vpc: VpcItem;
  readonly addresses: string[];
  readonly place: SourceLocation;
}

/** Puts each interface into a subnet, and makes those up that nothing describes. */
export function addSubnets(inventory: Inventory): void {
  const missing = new Map<string, MissingSubnet>();
  for (const [position, each] of inventory.interfaces.entries()) {
    if (inventory.subnets.some(({ key }) => key === each.subnet)) continue;
    const vpc = vpcOfInterface(inventory, each);
    const described = each.subnet === null ? roomiestSubnet(inventory, vpc, each) : undefined;
    const key = each.subnet ?? described?.key ?? `${vpc.key}-subnet`;
    inventory.interfaces[position] = { ...each, subnet: key };
    if (described !== undefined) {
      const words = [each.name ?? each.key, described.name ?? described.key];
      assume(inventory, `${words[0]} names no subnet: it is taken to be in ${words[1]}`, each.key);
      continue;
    }
    const subnet = missing.get(key) ?? { vpc, addresses: [], place: each.place };
    subnet.addresses.push(...each.privateIps.filter(isAddress));
    missing.set(key, subnet);
  }
  for (const { subnet, place } of inventory.natGateways) {
    const [vpc] = inventory.vpcs;
    if (vpc === undefined || inventory.subnets.some(({ key }) => key === subnet) || missing.has(subnet)) continue;
    missing.set(subnet, { vpc, addresses: [], place });
  }
  for (const [key, each] of missing) addSubnet(inventory, key, each);
}

function addSubnet(inventory: Inventory, key: string, { vpc, addresses, place }: MissingSubnet): void {
  const cidr = subnetBlock(inventory, vpc, addresses);
  if (cidr === null) {
    inventory.unsupported.push({
      place,
      reason: `nothing describes subnet ${key}, and VPC ${vpc.name ?? vpc.key} has no room for it`,
      lost: `Describe the subnets too.`,
    });
    return;
  }
  const id = /^subnet-[0-9a-f]+$/.test(key) ? key : null;
  const name = key === `${vpc.key}-subnet` ? 'default' : key;
  const mapPublicIp = vpc.key === DEFAULT_VPC;
  inventory.subnets.push({ key, id, name, vpc: vpc.key, cidr, ipv6Cidr: null, mapPublicIp, place });
  assume(inventory, `subnet ${key} is not described: its block is taken to be ${cidr}`, key);
}

function vpcOfInterface(inventory: Inventory, { vpc, groups }: InterfaceItem): VpcItem {
  const group = inventory.groups.find(({ key }) => groups?.includes(key));
  const key = vpc ?? group?.vpc ?? homeVpc(inventory);
  const found = inventory.vpcs.find((each) => each.key === key) ?? inventory.vpcs[0];
  if (found === undefined) throw new Error(`no VPC was made up for ${key}`);
  return found;
}

/** The described subnet of the VPC with the most addresses; one that has those of the interface. */
function roomiestSubnet({ subnets }: Inventory, vpc: VpcItem, { privateIps }: InterfaceItem): SubnetItem | undefined {
  const fit = subnets.filter(
    (subnet) =>
      subnet.vpc === vpc.key &&
      isCidr(subnet.cidr) &&
      privateIps.filter(isAddress).every((address) => cidrContains(parseCidr(subnet.cidr), parseAddress(address))),
  );
  const length = ({ cidr }: SubnetItem) => parseCidr(cidr).prefixLength;
  return fit.reduce<SubnetItem | undefined>(
    (best, each) => (best === undefined || length(each) < length(best) ? each : best),
    undefined,
  );
}

/** A block that holds the addresses and is nobody's yet; null if there is none. */
function subnetBlock({ subnets }: Inventory, vpc: VpcItem, addresses: readonly string[]): string | null {
  const taken = subnets.filter((each) => each.vpc === vpc.key && isCidr(each.cidr)).map(({ cidr }) => parseCidr(cidr));
  const wholes = vpc.cidrs.filter(isCidr).map(parseCidr);
  const isFree = (block: Cidr) =>
    wholes.some((whole) => cidrContainsCidr(whole, block)) && !taken.some((other) => cidrsOverlap(other, block));
  const values = addresses.filter((address) => !address.includes(':')).map(parseAddress);
  const [first] = values;
  for (const prefixLength of lengthsToTry(vpc)) {
    const candidates =
      first === undefined
        ? wholes.flatMap((whole) => [...blocksIn(whole, prefixLength)])
        : [cidrAt('ipv4', first.value, prefixLength)];
    for (const block of candidates) {
      if (isFree(block) && values.every((address) => cidrContains(block, address))) return block.text;
    }
  }
  return null;
}

/** The usual one, then smaller and smaller blocks, then larger ones. */
function lengthsToTry({ key }: VpcItem): number[] {
  const usual = key === DEFAULT_VPC ? DEFAULT_SUBNET_LENGTH : USUAL_SUBNET_LENGTH;
  const { shortest, longest } = SUBNET_LENGTHS;
  return [
    ...Array.from({ length: longest - usual + 1 }, (_, at) => usual + at),
    ...Array.from({ length: usual - shortest }, (_, at) => usual - 1 - at),
  ];
}

function* blocksIn(whole: Cidr, prefixLength: number): Generator<Cidr> {
  if (prefixLength < whole.prefixLength) return;
  const size = 1n << BigInt(32 - prefixLength);
  for (let at = whole.first; at <= whole.last; at += size) yield cidrAt('ipv4', at, prefixLength);
}
