import { CloudError } from '../errors.js';
import type { GatewayEndpoint } from '../gateways/types.js';
import type { ExternalHost } from '../instances/types.js';
import type { ElasticIp } from '../interfaces/types.js';
import { allInterfaces, findInstance } from '../lookup.js';
import { groupedBy, searched } from '../records.js';
import type { Cloud } from '../types.js';
import { type Avoided, addressHolder, firstOffset, INTERNET, NOTHING_AVOIDED } from './address-book.js';
import {
  type Cidr,
  canonicalAddress,
  cidrContains,
  cidrsOverlap,
  nthAddress,
  parseAddress,
  parseCidr,
} from './cidr.js';
import { vpcBlocks } from './vpc-blocks.js';

/** RFC 2544's benchmarking block: never anybody's real address. */
const AUTOMATIC_POOL = parseCidr('198.18.0.0/15');

/** Addresses that mean something else than "that machine over there", with the reason. */
const SPECIAL: readonly (readonly [Cidr, string])[] = [
  [parseCidr('0.0.0.0/8'), 'this network'],
  [parseCidr('127.0.0.0/8'), 'loopback'],
  [parseCidr('169.254.0.0/16'), 'link-local'],
  [parseCidr('224.0.0.0/4'), 'multicast'],
  [parseCidr('240.0.0.0/4'), 'reserved'],
  [parseCidr('::/127'), 'unspecified or loopback'],
  [parseCidr('::ffff:0:0/96'), 'IPv4 in IPv6 form'],
  [parseCidr('fe80::/10'), 'link-local'],
  [parseCidr('ff00::/8'), 'multicast'],
];

/** Throws CloudError when the block reaches into addresses that no VPC and no host can have. */
export function checkNotSpecial(cidr: Cidr): void {
  const special = SPECIAL.find(([block]) => cidrsOverlap(block, cidr));
  if (special === undefined) return;
  const [block, meaning] = special;
  throw new CloudError(
    'InvalidParameterValue',
    `${cidr.text} reaches into ${block.text} (${meaning})`,
    'Use a private block such as 10.0.0.0/16, or addresses made for examples: 198.51.100.0/24, 203.0.113.0/24, 2001:db8::/32.',
  );
}

/**
 * The canonical text of an address that a machine on the internet, or an interface's public side, is about to get.
 * Throws CloudError if it is special, inside a VPC, or taken.
 */
export function claimInternetAddress(cloud: Cloud, text: string): string {
  const address = parseAddress(text);
  const canonical = canonicalAddress(text);
  checkNotSpecial(parseCidr(`${canonical}/${address.family === 'ipv4' ? 32 : 128}`));
  const vpc = Object.values(cloud.vpcs).find((candidate) =>
    vpcBlocks(candidate).some((block) => cidrContains(parseCidr(block), address)),
  );
  if (vpc !== undefined) {
    throw new CloudError(
      'InvalidParameterValue',
      `${canonical} is inside VPC ${vpc.name} (${vpcBlocks(vpc).join(', ')})`,
      'An address on the internet must be outside every VPC.',
    );
  }
  const holder = holderOf(cloud, canonical);
  if (holder !== undefined) {
    throw new CloudError(
      'InvalidIPAddress.InUse',
      `Address ${canonical} is in use by ${holder}.`,
      'Choose another one.',
    );
  }
  return canonical;
}

/** The first free public address of the lab's own pool. */
export function nextPublicIp(cloud: Cloud, { promised, own }: Avoided = NOTHING_AVOIDED): string {
  const blocks = Object.values(cloud.vpcs).flatMap((vpc) => vpc.cidrs.map(parseCidr));
  const pool = AUTOMATIC_POOL;
  let offset = firstOffset(cloud, INTERNET, { block: pool, least: 1n, promised });
  while (pool.first + offset < pool.last) {
    const address = nthAddress(pool, offset);
    const around = blocks.find((block) => cidrContains(block, { family: 'ipv4', value: pool.first + offset }));
    const isTaken = promised.has(address) || own.includes(address) || holderOf(cloud, address) !== undefined;
    if (around === undefined && !isTaken) return address;
    offset = around === undefined ? offset + 1n : around.last + 1n - pool.first;
  }
  throw new CloudError('InsufficientAddressCapacity', `${AUTOMATIC_POOL.text} has no free public address left`);
}

/** Throws CloudError when a VPC's new block would swallow an address that is already used on the internet. */
export function checkNoInternetAddressIn(cloud: Cloud, block: Cidr): void {
  for (const [address, holder] of internetAddresses(cloud)) {
    if (!cidrContains(block, parseAddress(address))) continue;
    throw new CloudError(
      'InvalidVpc.Range',
      `The CIDR '${block.text}' is invalid.`,
      `It contains ${address}, used by ${holder}.`,
    );
  }
}

const HOSTS = groupedBy<ExternalHost>(({ addresses }) => addresses);
const ELASTIC_IPS = groupedBy<ElasticIp>(({ publicIp }) => [publicIp]);
const ENDPOINTS = groupedBy<GatewayEndpoint>(({ publicIp }) => [publicIp]);

function holderOf(cloud: Cloud, address: string): string | undefined {
  const eni = addressHolder(cloud, INTERNET, address);
  const [endpoint] = searched(cloud.gatewayEndpoints, ENDPOINTS).get(address) ?? [];
  const [elasticIp] = searched(cloud.elasticIps, ELASTIC_IPS).get(address) ?? [];
  const [host] = searched(cloud.externalHosts, HOSTS).get(address) ?? [];
  if (eni !== undefined) return findInstance(cloud, eni.instanceId ?? '')?.name ?? eni.id;
  return endpoint?.name ?? elasticIp?.id ?? host?.name;
}

/** Address -> who has it, for all external hosts, public IPs and gateway endpoints. */
function internetAddresses(cloud: Cloud): Map<string, string> {
  const hosts = Object.values(cloud.externalHosts).flatMap((host) =>
    host.addresses.map((address) => [address, host.name] as const),
  );
  const publicIps = allInterfaces(cloud).flatMap((eni) =>
    eni.publicIp === null ? [] : [[eni.publicIp, findInstance(cloud, eni.instanceId ?? '')?.name ?? eni.id] as const],
  );
  const elasticIps = Object.values(cloud.elasticIps).map(({ publicIp, id }) => [publicIp, id] as const);
  const endpoints = Object.values(cloud.gatewayEndpoints).map(({ publicIp, name }) => [publicIp, name] as const);
  return new Map([...hosts, ...elasticIps, ...publicIps, ...endpoints]);
}
