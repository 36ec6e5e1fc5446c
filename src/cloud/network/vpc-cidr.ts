/** Blocks that a VPC takes and gives back after it was made. */

import { CloudError } from '../errors.js';
import type { Family } from '../groups/types.js';
import { byId, getVpc, withEntry } from '../lookup.js';
import type { Cloud } from '../types.js';
import { cidrAt, cidrContainsCidr, cidrsOverlap, parseCidr } from './cidr.js';
import { makeDefaultNetworkAcl } from './network-acl.js';
import type { RouteTable, Vpc } from './types.js';
import { checkVpcBlocks } from './vpc.js';

/** The space of the IPv6 blocks that AWS would provide: documentation space (RFC 3849), a /56 each. */
const PROVIDED = parseCidr('2001:db8:ec2::/48');
const PROVIDED_SIZE = 56;
/** IPv4 blocks of one VPC (QUO). */
const MAX_BLOCKS = 5;

/** The first free block of those that AWS would provide. Throws CloudError. */
export function nextIpv6Block(cloud: Cloud): string {
  const taken = Object.values(cloud.vpcs).flatMap(({ ipv6Cidr }) => (ipv6Cidr === null ? [] : [parseCidr(ipv6Cidr)]));
  const size = 1n << BigInt(128 - PROVIDED_SIZE);
  for (let first = PROVIDED.first; first < PROVIDED.last; first += size) {
    const block = cidrAt('ipv6', first, PROVIDED_SIZE);
    if (!taken.some((each) => cidrsOverlap(each, block))) return block.text;
  }
  throw new CloudError('InsufficientCidrBlocks', `${PROVIDED.text} has no free IPv6 block left`);
}

/**
 * AssociateVpcCidrBlock: every route table of the VPC gets the local route, and with IPv6 its default network ACL lets it pass
 * unless its entries were changed (NACL). Throws CloudError.
 */
export function associateVpcCidrBlock(
  cloud: Cloud,
  vpcId: string,
  { family, cidr }: { readonly family: Family; readonly cidr: string },
): { cloud: Cloud; vpc: Vpc; cidr: string } {
  const before = getVpc(cloud, vpcId);
  if (family === 'ipv6' && before.ipv6Cidr !== null) {
    throw new CloudError('CidrLimitExceeded', `This network '${vpcId}' has met its maximum number of allowed CIDRs: 1`);
  }
  if (family === 'ipv4' && before.cidrs.length >= MAX_BLOCKS) {
    const text = `This network '${vpcId}' has met its maximum number of allowed CIDRs: ${MAX_BLOCKS}`;
    throw new CloudError('CidrLimitExceeded', text);
  }
  const all = family === 'ipv4' ? [...before.cidrs, cidr] : [cidr];
  const text = checkVpcBlocks(cloud, family, all).at(-1) ?? cidr;
  const vpc: Vpc = family === 'ipv6' ? { ...before, ipv6Cidr: text } : { ...before, cidrs: [...before.cidrs, text] };
  const routeTables = tablesOf(cloud, vpc.id).map((table) => withLocalRoute(table, family, text));
  const changed = { ...cloud, vpcs: withEntry(cloud.vpcs, vpc), routeTables: withAll(cloud.routeTables, routeTables) };
  return { cloud: family === 'ipv6' ? allowIpv6InDefaultAcl(changed, before, vpc) : changed, vpc, cidr: text };
}

/** DisassociateVpcCidrBlock. Throws CloudError for the primary block, and while a subnet is in the block. */
export function disassociateVpcCidrBlock(cloud: Cloud, vpcId: string, cidr: string): Cloud {
  const vpc = getVpc(cloud, vpcId);
  if (cidr === vpc.cidrs[0]) {
    throw new CloudError(
      'OperationNotPermitted',
      `The vpc CIDR block ${cidr} may not be disassociated. It is the primary IPv4 CIDR block of the VPC`,
    );
  }
  const subnet = Object.values(cloud.subnets).find(
    (each) =>
      each.vpcId === vpc.id &&
      [each.cidr, each.ipv6Cidr].some((block) => block !== null && cidrContainsCidr(parseCidr(cidr), parseCidr(block))),
  );
  if (subnet !== undefined) {
    throw new CloudError('InvalidCidrBlock.InUse', `The vpc CIDR block ${cidr} is in use by subnet ${subnet.id}`);
  }
  const next: Vpc =
    cidr === vpc.ipv6Cidr ? { ...vpc, ipv6Cidr: null } : { ...vpc, cidrs: vpc.cidrs.filter((each) => each !== cidr) };
  const routeTables = tablesOf(cloud, vpc.id).map((table) => withoutLocalRoute(table, cidr));
  return { ...cloud, vpcs: withEntry(cloud.vpcs, next), routeTables: withAll(cloud.routeTables, routeTables) };
}

function tablesOf(cloud: Cloud, vpcId: string): RouteTable[] {
  return Object.values(cloud.routeTables).filter((table) => table.vpcId === vpcId);
}

function withAll(record: Cloud['routeTables'], tables: readonly RouteTable[]): Cloud['routeTables'] {
  return tables.reduce(withEntry<RouteTable>, record);
}

/** Local routes come first. */
function withLocalRoute(table: RouteTable, family: Family, cidr: string): RouteTable {
  const local = { destination: { type: 'cidr', family, cidr }, target: { type: 'local' } } as const;
  const at = table.routes.findIndex(({ target }) => target.type !== 'local');
  const place = at < 0 ? table.routes.length : at;
  return { ...table, routes: [...table.routes.slice(0, place), local, ...table.routes.slice(place)] };
}

function withoutLocalRoute(table: RouteTable, cidr: string): RouteTable {
  const isOf = ({ destination }: RouteTable['routes'][number]) =>
    destination.type === 'cidr' && destination.cidr === cidr;
  return { ...table, routes: table.routes.filter((route) => !isOf(route)) };
}

function allowIpv6InDefaultAcl(cloud: Cloud, before: Vpc, vpc: Vpc): Cloud {
  const list = byId(cloud.networkAcls, vpc.defaultNetworkAclId);
  if (JSON.stringify(list.entries) !== JSON.stringify(makeDefaultNetworkAcl(before).entries)) return cloud;
  const entries = [...makeDefaultNetworkAcl(vpc).entries].sort((a, b) => a.number - b.number);
  return { ...cloud, networkAcls: withEntry(cloud.networkAcls, { ...list, entries }) };
}
