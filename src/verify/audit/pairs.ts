/** Pairs of machines between which a packet can prove or refute something about a rule. */

import { addressesOf, blocksOf, groupInterfaces } from '../../cloud/groups/members.js';
import type { Direction, Family, SecurityGroupRule } from '../../cloud/groups/types.js';
import type { NetworkInterface } from '../../cloud/interfaces/types.js';
import { byId, interfaceName, interfacesOf } from '../../cloud/lookup.js';
import { type Cidr, cidrContains, parseAddress } from '../../cloud/network/cidr.js';
import type { Cloud } from '../../cloud/types.js';
import type { Hop, ProbeResult } from '../../verdict/types.js';
import { eachPeerBlock, isWorld } from './rule-coverage.js';

/** A probe from one machine to another, by name; `memberId` is the interface whose group is tested. */
export interface Pair {
  readonly from: string;
  readonly to: string;
  readonly family: Family | null;
  readonly memberId: string;
}

interface End {
  readonly word: string;
  readonly family: Family | null;
}

/** Pairs each member with each machine that the rule's peer includes, or with each one outside that it includes. */
export function pairsFor(cloud: Cloud, groupId: string, rule: SecurityGroupRule, outside: boolean): Pair[] {
  const peers = [...hostsIn(cloud, rule), ...(outside ? [] : machinesIn(cloud, rule))];
  return pairUp(cloud, groupId, rule.direction, peers);
}

/** Pairs each member with every other machine. */
export function pairsWithAll(cloud: Cloud, groupId: string, direction: Direction): Pair[] {
  const machines = Object.values(cloud.instances).filter(({ kind }) => kind !== 'nat-gateway');
  const interfaceLabels = machines
    .flatMap((each) => interfacesOf(cloud, each))
    .map((eni) => interfaceLabel(cloud, eni));
  const ends = [...interfaceLabels, ...Object.keys(cloud.externalHosts)].map((word) => ({ word, family: null }));
  return pairUp(cloud, groupId, direction, ends);
}

/** External hosts in the peer's blocks; those that only a rule for the world can include come first. */
export function hostsIn(cloud: Cloud, rule: SecurityGroupRule): End[] {
  const blocks = blocksOf(cloud, rule.peer);
  const narrow = eachPeerBlock(cloud).filter((block) => !isWorld(block));
  const ends = Object.values(cloud.externalHosts).flatMap(({ name, addresses }) =>
    addresses.filter((address) => isIn(blocks, address)).map((address) => ({ name, address })),
  );
  const strangers = ends.filter(({ address }) => !isIn(narrow, address));
  const known = ends.filter((end) => !strangers.includes(end));
  return [...strangers, ...known].map(({ name, address }) => ({ word: name, family: parseAddress(address).family }));
}

function machinesIn(cloud: Cloud, rule: SecurityGroupRule): End[] {
  if (rule.peer.type === 'group') {
    return groupInterfaces(cloud, rule.peer.groupId).map((eni) => ({ word: interfaceLabel(cloud, eni), family: null }));
  }
  const blocks = blocksOf(cloud, rule.peer);
  return Object.values(cloud.networkInterfaces).flatMap((eni) =>
    [addressesOf(eni, 'ipv4')[0], addressesOf(eni, 'ipv6')[0]].flatMap((address) =>
      address !== undefined && isIn(blocks, address)
        ? [{ word: interfaceLabel(cloud, eni), family: parseAddress(address).family }]
        : [],
    ),
  );
}

/** Members with a route to the internet come first: their probes prove most. */
function pairUp(cloud: Cloud, groupId: string, direction: Direction, ends: readonly End[]): Pair[] {
  const members = groupInterfaces(cloud, groupId);
  const ranked = [...members].sort((a, b) => Number(b.publicIp !== null) - Number(a.publicIp !== null));
  return ranked.flatMap((eni) => {
    const own = interfaceLabel(cloud, eni);
    return ends
      .filter(({ word, family }) => word !== own && (family === null || addressesOf(eni, family).length > 0))
      .map(({ word, family }) => {
        const [from, to] = direction === 'ingress' ? [word, own] : [own, word];
        return { from, to, family, memberId: eni.id };
      });
  });
}

/** `web-1`, or `web-1.eth1` if it is not the first interface. */
export function interfaceLabel(cloud: Cloud, eni: NetworkInterface): string {
  return eni.deviceIndex === 0 ? byId(cloud.instances, eni.instanceId).name : interfaceName(cloud, eni.id);
}

function isIn(blocks: readonly Cidr[], address: string): boolean {
  return blocks.some((block) => cidrContains(block, parseAddress(address)));
}

/** One packet that was sent, with its two ends. */
export interface SentProbe {
  readonly pair: Pair;
  readonly probe: ProbeResult;
  readonly words: string;
}

/** The hop at which the groups of that direction decided about the request. */
export function decidingHop(rule: SecurityGroupRule, { pair, probe }: SentProbe): Hop | undefined {
  const stage = rule.direction === 'ingress' ? 'sg-ingress' : 'sg-egress';
  return probe.path.find(
    (entry) =>
      entry.stage === stage && entry.leg === 'request' && entry.verdict === 'pass' && entry.interface === pair.memberId,
  );
}
