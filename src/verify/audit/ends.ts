/** Who can send a packet that shows something about a rule, and to whom. */
import { byId } from '../../cloud/by-id.js';
import { addressesOf, groupInterfaces } from '../../cloud/groups/members.js';
import type { Direction, Family, SecurityGroupRule } from '../../cloud/groups/types.js';
import type { NetworkInterface } from '../../cloud/interfaces/types.js';
import { interfaceName, interfacesOf } from '../../cloud/lookup.js';
import { type Cidr, cidrContains, parseAddress } from '../../cloud/network/cidr.js';
import type { Cloud } from '../../cloud/types.js';
import type { Hop, ProbeResult } from '../../verdict/types.js';
import { blocksOf, eachPeerBlock, isWorld } from './reach.js';

/** A probe from one end to the other, as words; `memberId` is the interface whose group is asked. */
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

/** Each member with each machine that the rule's peer stands for, or with each one outside that it stands for. */
export function pairsFor(cloud: Cloud, groupId: string, rule: SecurityGroupRule, outside: boolean): Pair[] {
  const peers = [...hostsIn(cloud, rule), ...(outside ? [] : machinesIn(cloud, rule))];
  return pairUp(cloud, groupId, rule.direction, peers);
}

/** Each member with everybody else. */
export function pairsWithAll(cloud: Cloud, groupId: string, direction: Direction): Pair[] {
  const machines = Object.values(cloud.instances).filter(({ kind }) => kind !== 'nat-gateway');
  const everybody = machines.flatMap((each) => interfacesOf(cloud, each)).map((eni) => wordOf(cloud, eni));
  const ends = [...everybody, ...Object.keys(cloud.externalHosts)].map((word) => ({ word, family: null }));
  return pairUp(cloud, groupId, direction, ends);
}

/** External hosts in the peer's blocks; first those of which only a rule for the world can be meant. */
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
    return groupInterfaces(cloud, rule.peer.groupId).map((eni) => ({ word: wordOf(cloud, eni), family: null }));
  }
  const blocks = blocksOf(cloud, rule.peer);
  return Object.values(cloud.networkInterfaces).flatMap((eni) =>
    [addressesOf(eni, 'ipv4')[0], addressesOf(eni, 'ipv6')[0]].flatMap((address) =>
      address !== undefined && isIn(blocks, address)
        ? [{ word: wordOf(cloud, eni), family: parseAddress(address).family }]
        : [],
    ),
  );
}

/** Members with a way to the internet first: what they show is worth most. */
function pairUp(cloud: Cloud, groupId: string, direction: Direction, ends: readonly End[]): Pair[] {
  const members = groupInterfaces(cloud, groupId);
  const ranked = [...members].sort((a, b) => Number(b.publicIp !== null) - Number(a.publicIp !== null));
  return ranked.flatMap((eni) => {
    const own = wordOf(cloud, eni);
    return ends
      .filter(({ word, family }) => word !== own && (family === null || addressesOf(eni, family).length > 0))
      .map(({ word, family }) => {
        const [from, to] = direction === 'ingress' ? [word, own] : [own, word];
        return { from, to, family, memberId: eni.id };
      });
  });
}

/** `web-1`, or `web-1.eth1` where it is not the first interface. */
export function wordOf(cloud: Cloud, eni: NetworkInterface): string {
  return eni.deviceIndex === 0 ? byId(cloud.instances, eni.instanceId).name : interfaceName(cloud, eni.id);
}

function isIn(blocks: readonly Cidr[], address: string): boolean {
  return blocks.some((block) => cidrContains(block, parseAddress(address)));
}

/** One packet that was sent, and between whom. */
export interface Sent {
  readonly pair: Pair;
  readonly probe: ProbeResult;
  readonly words: string;
}

/** The stage at which the rule of that direction decided about the request. */
export function admission(rule: SecurityGroupRule, { pair, probe }: Sent): Hop | undefined {
  const stage = rule.direction === 'ingress' ? 'sg-ingress' : 'sg-egress';
  return probe.path.find(
    (entry) =>
      entry.stage === stage && entry.leg === 'request' && entry.verdict === 'pass' && entry.interface === pair.memberId,
  );
}
