/** The machines that a lab does not have and anybody might: on the internet, and launched tomorrow. */

import { isUsableIn } from '../../cloud/groups/members.js';
import { authorize, type RuleSpec } from '../../cloud/groups/rules.js';
import { createSecurityGroup } from '../../cloud/groups/security-group.js';
import { createExternalHost } from '../../cloud/instances/external-host.js';
import { isTakenName, runInstance } from '../../cloud/instances/instance.js';
import { byId, namedLike } from '../../cloud/lookup.js';
import { addressHolder } from '../../cloud/network/address-book.js';
import { type Cidr, cidrAt, cidrContains, formatAddress, parseAddress, parseCidr } from '../../cloud/network/cidr.js';
import { createSubnet } from '../../cloud/network/subnet.js';
import type { Subnet, Vpc } from '../../cloud/network/types.js';
import { vpcBlocks } from '../../cloud/network/vpc-blocks.js';
import type { Cloud } from '../../cloud/types.js';
import { SglabError } from '../../errors.js';
import { isNotInternet, NOT_INTERNET } from '../audit/rule-coverage.js';
import { type Cell, cellsOf, signatureOf } from './address-cells.js';
import type { Stranger } from './types.js';

type Outside = Extract<Stranger, { kind: 'outside' }>;
type Launched = Extract<Stranger, { kind: 'launched' }>;
type Unnamed<T> = Omit<T, 'name'>;

/** What machines on the internet have: of IPv6, the global unicast addresses (RFC 4291). */
const WORLDS = ['0.0.0.0/0', '2000::/3'].map(parseCidr);
/** How many addresses of a cell are tried: the first ones may be reserved or taken. */
const TRIES = 16;
/** The smallest subnet that AWS has. */
const SMALLEST = 28;
/** AWS keeps the first four addresses of a subnet and the last. */
const KEPT = 4n;
/** Both directions: what such a machine begins and lets in is decided by the other end alone. */
const ANYTHING: readonly RuleSpec[] = (['0.0.0.0/0', '::/0'] as const).flatMap((cidr) =>
  (['ingress', 'egress'] as const).map((direction) => ({
    direction,
    protocol: '-1',
    peer: { type: 'cidr', cidr } as const,
  })),
);

/** One machine on the internet for each set of blocks that rules tell apart, where the lab has no machine already. */
export function outsiders(cloud: Cloud, blocks: readonly Cidr[]): Outside[] {
  const special = [...NOT_INTERNET, ...Object.values(cloud.vpcs).flatMap((vpc) => vpcBlocks(vpc).map(parseCidr))];
  const known = Object.values(cloud.externalHosts).flatMap(({ addresses }) => addresses.map(parseAddress));
  const seen = new Set(known.map(({ family, value }) => `${family} ${signatureOf({ family, first: value }, blocks)}`));
  const found: Unnamed<Outside>[] = [];
  for (const world of WORLDS) {
    for (const cell of cellsOf(world, [...blocks, ...special])) {
      const key = `${cell.family} ${signatureOf(cell, blocks)}`;
      const address = seen.has(key) ? undefined : usableOnInternet(cloud, cell);
      if (address === undefined) continue;
      seen.add(key);
      found.push({ kind: 'outside', address });
    }
  }
  return named(cloud, 'somebody', found);
}

function usableOnInternet(cloud: Cloud, cell: Cell): string | undefined {
  if (isNotInternet(cidrAt(cell.family, cell.first, cell.family === 'ipv4' ? 32 : 128))) return undefined;
  return candidates(cell.first + 1n, cell).find((address) =>
    succeeds(() => createExternalHost(cloud, { name: 'nobody-yet', addresses: [address] })),
  );
}

/** A few addresses of the cell, in the order in which they are tried. */
function candidates(start: bigint, { family, first, last }: Cell): string[] {
  const inTurn = Array.from({ length: TRIES }, (_, at) => start + BigInt(at));
  return [...inTurn, first]
    .filter((value) => value >= first && value <= last)
    .map((value) => formatAddress(family, value));
}

/** Machines of tomorrow: with every address that rules tell apart, and with every group that a rule trusts. */
export function newcomers(cloud: Cloud, blocks: readonly Cidr[]): Launched[] {
  const all = Object.values(cloud.vpcs).flatMap((vpc) => {
    const subnets = Object.values(cloud.subnets).filter(({ vpcId }) => vpcId === vpc.id);
    return [
      ...inSubnets(cloud, subnets, blocks),
      ...besideSubnets(vpc, subnets, blocks),
      ...withGroups(cloud, vpc, subnets),
    ];
  });
  return named(cloud, 'newcomer', all);
}

function inSubnets(cloud: Cloud, subnets: readonly Subnet[], blocks: readonly Cidr[]): Unnamed<Launched>[] {
  return subnets.flatMap((subnet) => {
    const block = parseCidr(subnet.cidr);
    const seen = new Set<string>();
    return cellsOf(block, blocks).flatMap((cell): Unnamed<Launched>[] => {
      const signature = signatureOf(cell, blocks);
      const address = seen.has(signature) ? undefined : freeIn(cloud, subnet, block, cell);
      if (address === undefined) return [];
      seen.add(signature);
      return [{ kind: 'launched', vpcId: subnet.vpcId, subnetCidr: subnet.cidr, address, groupId: null }];
    });
  });
}

function freeIn(cloud: Cloud, { id }: Pick<Subnet, 'id'>, block: Cidr, cell: Cell): string | undefined {
  const start = cell.first > block.first + KEPT ? cell.first : block.first + KEPT;
  const last = cell.last < block.last ? cell.last : block.last - 1n;
  return candidates(start, { ...cell, last }).find(
    (address) => parseAddress(address).value >= start && addressHolder(cloud, id, address) === undefined,
  );
}

/** A subnet may be made wherever the VPC has room: that matters where blocks hold that room and no subnet that is there. */
function besideSubnets(vpc: Vpc, subnets: readonly Subnet[], blocks: readonly Cidr[]): Unnamed<Launched>[] {
  const taken = subnets.map(({ cidr }) => parseCidr(cidr));
  const seen = new Set(taken.flatMap((subnet) => cellsOf(subnet, blocks).map((cell) => signatureOf(cell, blocks))));
  const room = vpc.cidrs.flatMap((cidr) => cellsOf(parseCidr(cidr), [...blocks, ...taken]));
  return room.flatMap((cell): Unnamed<Launched>[] => {
    const signature = signatureOf(cell, blocks);
    const isTaken = taken.some((subnet) => cidrContains(subnet, { family: 'ipv4', value: cell.first }));
    if (isTaken || seen.has(signature)) return [];
    const block = cidrAt('ipv4', cell.first, SMALLEST);
    const value = cell.first > block.first + KEPT ? cell.first : block.first + KEPT;
    if (value > cell.last || value >= block.last) return [];
    seen.add(signature);
    const address = formatAddress('ipv4', value);
    return [{ kind: 'launched', vpcId: vpc.id, subnetCidr: block.text, address, groupId: null }];
  });
}

function withGroups(cloud: Cloud, { id: vpcId }: Vpc, [subnet]: readonly Subnet[]): Unnamed<Launched>[] {
  if (subnet === undefined) return [];
  const rules = Object.values(cloud.securityGroups).flatMap((group) => group.rules);
  const trusted = new Set(rules.flatMap(({ peer }) => (peer.type === 'group' ? peer.groupId : [])));
  return [...trusted]
    .filter((id) => isUsableIn(byId(cloud.securityGroups, id), vpcId))
    .map((groupId) => ({ kind: 'launched', vpcId, subnetCidr: subnet.cidr, address: null, groupId }));
}

function named<T>(
  cloud: Cloud,
  name: string,
  strangers: readonly Unnamed<T>[],
): (Unnamed<T> & { readonly name: string })[] {
  let number = 0;
  return strangers.map((stranger) => {
    do number++;
    while (isTakenName(cloud, `${name}-${number}`));
    return { ...stranger, name: `${name}-${number}` };
  });
}

/** The cloud with the machine in it. @throws CloudError where AWS would refuse it, as for a full subnet */
export function withStranger(cloud: Cloud, stranger: Stranger): Cloud {
  if (stranger.kind === 'outside') {
    return createExternalHost(cloud, { name: stranger.name, addresses: [stranger.address] }).cloud;
  }
  const { name, vpcId, address, groupId } = stranger;
  const open = openGroup(cloud, vpcId);
  const { cloud: next, subnetId } = subnetWith(open.cloud, vpcId, stranger.subnetCidr);
  const groupIds = [open.groupId, ...(groupId === null ? [] : [groupId])];
  const eni = { subnetId, groupIds, ...(address === null ? {} : { privateIp: address }) };
  return runInstance(next, { name, interfaces: [eni] }).cloud;
}

/** Adds those that AWS would not refuse. */
export function withStrangers(cloud: Cloud, strangers: readonly Stranger[]): Cloud {
  return strangers.reduce((before, stranger) => {
    try {
      return withStranger(before, stranger);
    } catch (error) {
      if (error instanceof SglabError) return before;
      throw error;
    }
  }, cloud);
}

const OPEN = 'open-to-anybody';

function openGroup(cloud: Cloud, vpcId: string): { readonly cloud: Cloud; readonly groupId: string } {
  const known = namedLike(cloud.securityGroups, OPEN).find((group) => group.vpcId === vpcId);
  if (known !== undefined) return { cloud, groupId: known.id };
  const made = createSecurityGroup(cloud, { vpcId, name: OPEN, description: 'Lets everything in and out' });
  const has = new Set(
    made.group.rules.map(({ direction, peer }) => `${direction} ${peer.type === 'cidr' ? peer.cidr : ''}`),
  );
  const lacking = ANYTHING.filter(
    ({ direction, peer }) => !has.has(`${direction} ${peer.type === 'cidr' ? peer.cidr : ''}`),
  );
  return { cloud: authorize(made.cloud, made.group.id, lacking).cloud, groupId: made.group.id };
}

function subnetWith(cloud: Cloud, vpcId: string, cidr: string): { readonly cloud: Cloud; readonly subnetId: string } {
  const known = Object.values(cloud.subnets).find((subnet) => subnet.vpcId === vpcId && subnet.cidr === cidr);
  if (known !== undefined) return { cloud, subnetId: known.id };
  const made = createSubnet(cloud, { vpcId, cidr });
  return { cloud: made.cloud, subnetId: made.subnet.id };
}

function succeeds(action: () => unknown): boolean {
  try {
    action();
    return true;
  } catch (error) {
    if (error instanceof SglabError) return false;
    throw error;
  }
}
