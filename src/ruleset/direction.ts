import type { Direction, Family, SecurityGroupRule } from '../cloud/groups/types.js';
import type { Cloud } from '../cloud/types.js';
import { POINTS } from './axis.js';
import { EXEMPTIONS } from './exempt.js';
import { digest, MARK_FROM_UPLINK, MARK_NO_RULE, MARK_RULE_MASK, MARK_UNTRACKED } from './names.js';
import { type Path, pathMacAddress, pathMark } from './paths.js';
import { type ClassDecisions, decisions, type JudgedTraffic, memberSetName, type PortRules } from './rules.js';
import { type Chain, chain, drop, type Element, log, type NamedSet } from './ruleset.js';

/** Sets and chains that judge packets of one direction and family, or a part of them. */
export interface Judgement {
  readonly sets: readonly NamedSet[];
  readonly chains: readonly Chain[];
}

/** The data that all parts of a judgement share. */
interface Context extends JudgedTraffic {
  /** A name such as `ingress4`. */
  readonly name: string;
  /** nft's expression for the peer's address. */
  readonly peer: string;
  readonly paths: readonly Path[];
}

/**
 * Builds the chain `ingress4`, `egress6`, …: exempt packets pass; the rest goes by its class to chain `ingress4-tcp`
 * and so on, where two or three look-ups decide, however many rules there are:
 *   1. `@ingress4-tcp-any`: port -> any-peer rule. First, because it decides whether the flow is tracked;
 *   2. `@ingress4-tcp`: port -> chain that asks the rules of that port for the peer, the widest ports first:
 *   3. `@ingress4-tcp-22`: peer address -> rule; then the referenced groups, one set each.
 * One map over ports and addresses instead would need ports x addresses elements, or (overlapping) become slow: the
 * kernel walks all elements that match in the first field of a concatenation (measured: 1000 rules, 0.4 of the packets
 * of 1).
 */
export function judge(cloud: Cloud, traffic: JudgedTraffic, paths: readonly Path[]): Judgement {
  const { direction, family } = traffic;
  const name = `${direction}${family === 'ipv4' ? 4 : 6}`;
  const peer = `${family === 'ipv4' ? 'ip' : 'ip6'} ${direction === 'ingress' ? 'saddr' : 'daddr'}`;
  const context: Context = { ...traffic, name, peer, paths };
  const { portRules, classes } = decisions(cloud, traffic);
  const judged = classes.map((each) => judgeClass(context, each));
  const icmp = family === 'ipv4' ? 'icmp' : 'ipv6-icmp';
  const byClass = `meta l4proto vmap { tcp : goto ${name}-tcp, udp : goto ${name}-udp, ${icmp} : goto ${name}-icmp }`;
  return {
    sets: [...portRules.flatMap((each) => blockMaps(context, each)), ...judged.flatMap(({ sets }) => sets)],
    chains: [
      ...judged.flatMap(({ chains }) => chains),
      chain(name, [...EXEMPTIONS[direction][family], byClass, `goto ${name}-other`]),
    ],
  };
}

function judgeClass(context: Context, { packetClass, untracked, anyPeer, byPeer }: ClassDecisions): Judgement {
  const name = `${context.name}-${packetClass}`;
  const { type, expression } = POINTS[context.family][packetClass];
  const asked = byPeer.map(([key, portRules]) => [key, chainName(context, portRules), portRules] as const);
  const peerChains = new Map(asked.map(([, to, portRules]) => [to, portRules]));
  const any = map(
    { name: `${name}-any`, type, data: 'mark' },
    anyPeer.map(([key, rule]) => [key, { value: markOf(rule, untracked), comment: rule.id }]),
  );
  const peers = map(
    { name, type, data: 'verdict' },
    asked.map(([key, to]) => [key, { value: `goto ${to}`, comment: null }]),
  );
  const rules = [
    ...(any.length > 0 ? [`meta mark set ${expression} map @${name}-any goto admit-${context.direction}`] : []),
    ...(peers.length > 0 ? [`${expression} vmap @${name}`] : []),
    `goto drop-${context.direction}`,
  ];
  return {
    sets: [...any, ...peers],
    chains: [
      ...Array.from(peerChains, ([to, portRules]) => chain(to, peerRules(context, portRules))),
      chain(name, rules),
    ],
  };
}

/** The chain that asks these rules is named after them, so that a rule change elsewhere does not rewrite it. */
function chainName({ name }: Context, asked: readonly PortRules[]): string {
  const [first] = asked;
  return `${name}-to-${asked.length === 1 && first ? first.name : digest(asked.map((each) => each.name))}`;
}

function peerRules(context: Context, asked: readonly PortRules[]): string[] {
  const { direction, name, peer } = context;
  const withBlocks = asked.filter(({ blocks }) => blocks.length > 0);
  // In the order of evaluation; a second rule for the same group could no longer match.
  const groups = new Map<string, SecurityGroupRule>();
  for (const [groupId, rule] of asked.flatMap((each) => [...each.groups])) {
    if (!groups.has(groupId)) groups.set(groupId, rule);
  }
  return [
    ...withBlocks.map((each) => `meta mark set ${peer} map @${name}-${each.name} goto admit-${direction}`),
    ...[...groups].flatMap(([groupId, rule]) => {
      const admit = `meta mark set ${markOf(rule, false)} counter goto admit-${direction} comment "${rule.id}"`;
      return isMember(context, groupId).map((condition) => `${condition} ${admit}`);
    }),
    `goto drop-${direction}`,
  ];
}

/**
 * Conditions that a packet's peer is an interface with the group: by its address if that interface sent it, by its path
 * if it came by one.
 */
function isMember({ peer, family, paths }: Context, groupId: string): string[] {
  const address = `${peer} @${memberSetName(groupId, family)}`;
  if (paths.length === 0) return [address];
  const marks = paths.filter((path) => path.groupIds.includes(groupId)).map(pathMark);
  return [
    `meta mark 0x${MARK_FROM_UPLINK.toString(16)} ${address}`,
    ...(marks.length === 0 ? [] : [`meta mark { ${marks.join(', ')} }`]),
  ];
}

function blockMaps({ name, family }: Context, { name: ports, blocks }: PortRules): NamedSet[] {
  const elements = blocks.map(({ block, rule }): [string, Element] => [
    block.text,
    { value: markOf(rule, false), comment: rule.id },
  ]);
  const type = family === 'ipv4' ? 'ipv4_addr' : 'ipv6_addr';
  return map({ name: `${name}-${ports}`, type, data: 'mark' }, elements);
}

/** A map that nobody fills is left out. */
function map(
  named: Pick<NamedSet, 'name' | 'type' | 'data'>,
  elements: readonly (readonly [string, Element])[],
): NamedSet[] {
  if (elements.length === 0) return [];
  return [{ ...named, flags: ['interval'], counter: named.data === 'mark', elements: new Map(elements) }];
}

/** The connection's mark after the rule has admitted it: `SecurityGroupRule.index`, and whether it is untracked. */
function markOf(rule: SecurityGroupRule, untracked: boolean): string {
  const mark = untracked ? (rule.index | MARK_UNTRACKED) >>> 0 : rule.index;
  return `0x${mark.toString(16).padStart(8, '0')}`;
}

/** Replaces a judgement: everything passes, and is tracked, so that its answers pass as well. */
export function admitAll(direction: Direction, family: Family): Judgement {
  const name = `${direction}${family === 'ipv4' ? 4 : 6}`;
  return { sets: [], chains: [chain(name, ['ct state related accept', `ct mark set ${MARK_NO_RULE} accept`])] };
}

/**
 * The last chains of a direction. A first packet is reported with its rule in the mark. An ICMP error belongs to the
 * connection it is about, and must not change that connection's mark; nor may the answers of an untracked flow, which
 * the rules of the other direction admit, make it look like a flow of that other rule. Flows to be tracked continue to
 * `track-ingress`. `trackAlways` are statements that make more flows tracked.
 */
export function verdicts(direction: Direction, paths: readonly Path[], trackAlways: readonly string[]): Chain[] {
  const tracked = paths.filter((path) => path.tracked).map(pathMacAddress);
  const report = log(`pass sg-${direction}`);
  return [
    chain(`admit-${direction}`, [
      ...(tracked.length === 0
        ? []
        : [`ether saddr { ${tracked.join(', ')} } meta mark set meta mark & 0x${MARK_RULE_MASK.toString(16)}`]),
      `ct state related ${report} accept`,
      'ct direction reply ct mark 0x80000000-0xffffffff accept',
      ...trackAlways,
      `meta mark < 0x80000000 goto track-${direction}`,
      `ct state != established ${report}`,
      'ct mark set meta mark',
      'accept',
    ]),
    chain(`drop-${direction}`, [drop(`sg-${direction}`)]),
  ];
}
