/**
 * Adds one machine on the internet to the audit's own copy of a cloud, to prove findings that no host of the file can.
 */

import { blocksOf, groupInterfaces } from '../../cloud/groups/members.js';
import type { Family } from '../../cloud/groups/types.js';
import { createExternalHost } from '../../cloud/instances/external-host.js';
import { cidrAt, cidrContains, formatAddress, parseAddress, parseCidr } from '../../cloud/network/cidr.js';
import type { Cloud } from '../../cloud/types.js';
import { SglabError } from '../../errors.js';
import { hostsIn } from './pairs.js';
import { eachPeerBlock, isWorld } from './rule-coverage.js';
import type { Finding } from './types.js';

/** Addresses reserved for documentation (RFC 5737, RFC 3849). */
const EXAMPLES: Readonly<Record<Family, readonly string[]>> = {
  ipv4: ['203.0.113.0/24', '198.51.100.0/24', '192.0.2.0/24'],
  ipv6: ['2001:db8:ffff:ffff::/64', '2001:db8:eeee:eeee::/64'],
};

/** Addresses tried in each of these blocks, from its end: scenario files mostly use the beginning. */
const TRIES = 100;

/** Adds an outsider to the cloud if some finding needs one that the cloud does not have. */
export function withOutsider(cloud: Cloud, findings: readonly Finding[]): Cloud {
  const lacking = findings.flatMap(({ claim }) => {
    if (!('rule' in claim) || groupInterfaces(cloud, claim.groupId).length === 0) return [];
    const needsHost = claim.type === 'passes' ? claim.outside : isOfWorld(cloud, claim.rule);
    return needsHost && hostsIn(cloud, claim.rule).length === 0 ? blocksOf(cloud, claim.rule.peer) : [];
  });
  const families = [...new Set(lacking.map(({ family }) => family))];
  const addresses = families.flatMap((family) => freeAddress(cloud, family) ?? []);
  return addresses.length === 0 ? cloud : createExternalHost(cloud, { name: freeName(cloud), addresses }).cloud;
}

function isOfWorld(cloud: Cloud, rule: Parameters<typeof hostsIn>[1]): boolean {
  return blocksOf(cloud, rule.peer).some(isWorld);
}

/** Only rules for the world admit the address, so that a probe from it is true of every stranger. */
function freeAddress(cloud: Cloud, family: Family): string | undefined {
  const known = eachPeerBlock(cloud).filter((block) => !isWorld(block));
  const candidates = EXAMPLES[family].map(parseCidr).flatMap(({ last }) => {
    const block = cidrAt(family, last, family === 'ipv4' ? 25 : 121);
    return Array.from({ length: TRIES }, (_, at) => formatAddress(family, block.last - 1n - BigInt(at)));
  });
  return candidates.find(
    (address) => !known.some((block) => cidrContains(block, parseAddress(address))) && isFree(cloud, address),
  );
}

function isFree(cloud: Cloud, address: string): boolean {
  try {
    createExternalHost(cloud, { name: freeName(cloud), addresses: [address] });
    return true;
  } catch (error) {
    if (error instanceof SglabError) return false;
    throw error;
  }
}

function freeName(cloud: Cloud): string {
  const taken = new Set([
    ...Object.keys(cloud.externalHosts),
    ...Object.values(cloud.instances).map(({ name }) => name),
    ...Object.values(cloud.vpcs).map(({ name }) => name),
  ]);
  const names = Array.from({ length: taken.size + 1 }, (_, at) => (at === 0 ? 'outsider' : `outsider-${at + 1}`));
  return names.find((name) => !taken.has(name)) ?? 'outsider';
}
