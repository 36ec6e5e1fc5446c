import { blocksOf, canReference, groupMembers, isStale } from '../cloud/groups/members.js';
import type { Direction, Family, SecurityGroupRule } from '../cloud/groups/types.js';
import type { NetworkInterface } from '../cloud/interfaces/types.js';
import { byId } from '../cloud/lookup.js';
import type { Cidr } from '../cloud/network/cidr.js';
import type { Cloud } from '../cloud/types.js';
import {
  keysWithClaims,
  keysWithFirstClaim,
  PACKET_CLASSES,
  type PacketClass,
  type Span,
  type SpansByClass,
  spansOf,
  WHOLE_LINE,
} from './axis.js';
import { type NamedSet, namedSet } from './ruleset.js';

/**
 * The union of an interface's groups in one direction, without duplicates: no group can subtract (S34, S40). Stale
 * rules match nothing (3.4).
 */
export function effectiveRules(
  cloud: Cloud,
  { groupIds }: NetworkInterface,
  direction: Direction,
): SecurityGroupRule[] {
  return [...new Set(groupIds)].flatMap((id) => {
    const group = byId(cloud.securityGroups, id);
    return group.rules.filter((rule) => rule.direction === direction && !isStale(cloud, group, rule));
  });
}

/** An entry 0.0.0.0/0 of a prefix list does not count: AWS names the CIDR only, and a pair of /1 does not count either. */
export function isAnyPeer({ peer }: SecurityGroupRule, family: Family): boolean {
  return peer.type === 'cidr' && peer.family === family && peer.cidr.endsWith('/0');
}

/**
 * The classes whose flows any-peer rules of the other direction leave untracked: those for which `reverse` admits every
 * port from or to anywhere (S61 … S67). Only TCP and UDP: every other protocol is always tracked (4.2).
 */
function untrackedClasses(reverse: readonly SecurityGroupRule[], family: Family): ReadonlySet<PacketClass> {
  const anyPeer = reverse.filter((rule) => isAnyPeer(rule, family)).map((rule) => spansOf(rule, family));
  return new Set(
    (['tcp', 'udp'] as const).filter((packetClass) => anyPeer.some((spans) => isWhole(spans[packetClass]))),
  );
}

/** Whether the rule admits every port, or every type, of the class. */
export function isOpenToAll(rule: SecurityGroupRule, family: Family, packetClass: PacketClass): boolean {
  return isWhole(spansOf(rule, family)[packetClass]);
}

function isWhole(spans: readonly Span[]): boolean {
  return spans.some(({ first, last }) => first === WHOLE_LINE.first && last === WHOLE_LINE.last);
}

/** The packets to be judged, and the rules that decide about them. */
export interface JudgedTraffic {
  readonly direction: Direction;
  readonly family: Family;
  readonly rules: readonly SecurityGroupRule[];
  /** The rules of the other direction: they decide whether a flow is tracked. */
  readonly reverse: readonly SecurityGroupRule[];
}

/** What decides about traffic, as data: `direction.ts` writes it as sets and chains. */
export interface Decisions {
  readonly portRules: readonly PortRules[];
  readonly classes: readonly ClassDecisions[];
}

/** Rules of one direction that agree in protocol and ports and differ in their peers only. */
export interface PortRules {
  /** `all`, `tcp-22`, `udp-5000-5100`, `icmp-8`, `icmp-3-4`, `protocol-50`; unique per protocol and ports. */
  readonly name: string;
  /** The first any-peer rule, which names the admission of any peer. */
  readonly anyPeer: SecurityGroupRule | null;
  /** By address; no two overlap. */
  readonly blocks: readonly Block[];
  /** The first rule of each referenced group, by index: a second one could no longer match. */
  readonly groups: ReadonlyMap<string, SecurityGroupRule>;
  readonly spans: SpansByClass;
}

/** A block of addresses that leads to a rule. */
interface Block {
  readonly block: Cidr;
  readonly rule: SecurityGroupRule;
}

/** The decisions about the packets of one class, by nft's key of their point on its line. */
export interface ClassDecisions {
  readonly packetClass: PacketClass;
  /** Whether any-peer rules of the other direction leave flows untracked that an any-peer rule admits. */
  readonly untracked: boolean;
  /** The rule that admits every peer. */
  readonly anyPeer: readonly (readonly [key: string, rule: SecurityGroupRule])[];
  /** The rules that ask for the peer, the widest ports first. */
  readonly byPeer: readonly (readonly [key: string, asked: readonly PortRules[]])[];
}

export function decisions(cloud: Cloud, { rules, reverse, family }: JudgedTraffic): Decisions {
  const all = portRules(cloud, rules, family);
  const untracked = untrackedClasses(reverse, family);
  const classes = PACKET_CLASSES.map((packetClass) => ({
    packetClass,
    untracked: untracked.has(packetClass),
    anyPeer: anyPeerDecisions(all, packetClass),
    byPeer: peerDecisions(all, packetClass),
  }));
  return { portRules: all, classes };
}

function anyPeerDecisions(all: readonly PortRules[], packetClass: PacketClass): ClassDecisions['anyPeer'] {
  const claims = all.flatMap(({ anyPeer, spans }) =>
    anyPeer === null ? [] : [{ spans: spans[packetClass], value: anyPeer }],
  );
  return keysWithFirstClaim(packetClass, claims);
}

function peerDecisions(all: readonly PortRules[], packetClass: PacketClass): ClassDecisions['byPeer'] {
  const claims = all
    .filter(({ blocks, groups }) => blocks.length > 0 || groups.size > 0)
    .map((value) => ({ spans: value.spans[packetClass], value }));
  return keysWithClaims(packetClass, claims);
}

/**
 * The rules of one family, widest first: every protocol before one, a long range of ports before a short one, and of two
 * equally long ones the one that begins earlier.
 */
function portRules(cloud: Cloud, rules: readonly SecurityGroupRule[], family: Family): PortRules[] {
  const byName = new Map<string, [SecurityGroupRule, ...SecurityGroupRule[]]>();
  for (const rule of [...rules].sort((a, b) => a.index - b.index)) {
    const same = byName.get(portsName(rule));
    if (same === undefined) byName.set(portsName(rule), [rule]);
    else same.push(rule);
  }
  return Array.from(byName, ([name, same]) => ({
    name,
    anyPeer: same.find((rule) => isAnyPeer(rule, family)) ?? null,
    blocks: outermostBlocks(cloud, same, family),
    groups: firstPerGroup(same),
    spans: spansOf(same[0], family),
  }))
    .filter(({ spans }) => width(spans) > 0)
    .sort((a, b) => width(b.spans) - width(a.spans) || firstPoint(a.spans) - firstPoint(b.spans));
}

/**
 * The outermost blocks of the rules' peers, by address. Prefixes either nest or are disjoint, and of two that nest the
 * wider one names the admission: so no block has to be cut, and one inside another is left out.
 */
function outermostBlocks(cloud: Cloud, rules: readonly SecurityGroupRule[], family: Family): Block[] {
  const all = rules
    .filter((rule) => !isAnyPeer(rule, family))
    .flatMap((rule) => blocksOf(cloud, rule.peer).map((block) => ({ block, rule })))
    .filter(({ block }) => block.family === family)
    .sort((a, b) => byAddress(a.block, b.block));
  const outermost: Block[] = [];
  for (const item of all) if ((outermost.at(-1)?.block.last ?? -1n) < item.block.first) outermost.push(item);
  return outermost;
}

function firstPerGroup(rules: readonly SecurityGroupRule[]): Map<string, SecurityGroupRule> {
  const first = new Map<string, SecurityGroupRule>();
  for (const rule of rules) {
    if (rule.peer.type === 'group' && !first.has(rule.peer.groupId)) first.set(rule.peer.groupId, rule);
  }
  return first;
}

/**
 * Sorts outer blocks before the blocks that they contain; stable for equal ones, so that the lower rule index stays
 * first.
 */
function byAddress(a: Cidr, b: Cidr): number {
  return a.first === b.first ? a.prefixLength - b.prefixLength : a.first < b.first ? -1 : 1;
}

function portsName({ protocol, fromPort, toPort }: SecurityGroupRule): string {
  if (protocol === '-1') return 'all';
  if (protocol === 'icmp' || protocol === 'icmpv6') return `${protocol}-${icmpParts(fromPort, toPort)}`;
  if (protocol !== 'tcp' && protocol !== 'udp') return `protocol-${protocol}`;
  return fromPort === toPort ? `${protocol}-${fromPort ?? 'all'}` : `${protocol}-${fromPort}-${toPort}`;
}

function icmpParts(type: number | null, code: number | null): string {
  if (type === null || type === -1) return 'all';
  return code === null || code === -1 ? `${type}` : `${type}-${code}`;
}

function width(spans: SpansByClass): number {
  return PACKET_CLASSES.flatMap((packetClass) => spans[packetClass]).reduce(
    (n, { first, last }) => n + last - first + 1,
    0,
  );
}

function firstPoint(spans: SpansByClass): number {
  return Math.min(...PACKET_CLASSES.flatMap((packetClass) => spans[packetClass]).map(({ first }) => first));
}

/** Name of the set of a group's private addresses of a family: `sg-0123456789abcdef0-4`. */
export function memberSetName(groupId: string, family: Family): string {
  return `${groupId}-${family === 'ipv4' ? 4 : 6}`;
}

/**
 * One set per referenced group and family, of the members that a card in the VPC can meet: other VPCs may use the same
 * addresses for other interfaces. Attaching the group elsewhere changes its elements and nothing else (S42).
 */
export function memberSets(
  cloud: Cloud,
  vpcId: string,
  rules: readonly SecurityGroupRule[],
  family: Family,
): NamedSet[] {
  const ids = new Set(rules.flatMap(({ peer }) => (peer.type === 'group' ? [peer.groupId] : [])));
  const type = family === 'ipv4' ? 'ipv4_addr' : 'ipv6_addr';
  const inReach = new Set(Object.keys(cloud.vpcs).filter((other) => canReference(cloud, 'ingress', vpcId, other)));
  return [...ids]
    .sort()
    .map((id) => namedSet(memberSetName(id, family), type, groupMembers(cloud, id, family, inReach)));
}
