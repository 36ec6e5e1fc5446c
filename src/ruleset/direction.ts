import type { Direction, Family, SecurityGroupRule } from '../cloud/groups/types.js';
import type { Cloud } from '../cloud/types.js';
import { keyExpression, keysOf, keyType, PACKET_CLASSES, type PacketClass } from './axis.js';
import { exemptions } from './exempt.js';
import { memberSetName } from './groups.js';
import { cutLine, joined } from './line.js';
import { drop, log } from './log.js';
import { MARK_FROM_UPLINK, MARK_NO_RULE, MARK_RULE_MASK } from './names.js';
import { type Path, pathMacAddress, pathMark } from './paths.js';
import { anyPeerRule, outermostBlocks, type PortRules, portRules } from './reach.js';
import { markOf, untrackedClasses } from './rules.js';
import { type Chain, chain, digest, type Element, type NamedSet } from './types.js';

/** Sets and chains that judge packets of one direction and family, or a part of them. */
export interface Judgement {
  readonly sets: readonly NamedSet[];
  readonly chains: readonly Chain[];
}

/** The packets to be judged, and the rules that decide about them. */
export interface JudgedTraffic {
  readonly direction: Direction;
  readonly family: Family;
  readonly rules: readonly SecurityGroupRule[];
  /** The rules of the other direction: they decide whether a flow is tracked. */
  readonly reverse: readonly SecurityGroupRule[];
  readonly paths: readonly Path[];
}

/** The data that all parts of a judgement share. */
interface Context {
  readonly direction: Direction;
  readonly family: Family;
  /** A name such as `ingress4`. */
  readonly name: string;
  /** nft's expression for the peer's address. */
  readonly peer: string;
  readonly portRules: readonly PortRules[];
  /** The maps from blocks of addresses to rules, by the name of their reach. */
  readonly blockMaps: ReadonlyMap<string, NamedSet>;
  readonly untracked: ReadonlySet<PacketClass>;
  readonly paths: readonly Path[];
}

/**
 * Builds the chain `ingress4`, `egress6`, …: exempt packets pass; the rest goes by its class to chain `ingress4-tcp`
 * and so on, where two or three look-ups decide, however many rules there are:
 *   1. `@ingress4-tcp-any`: port -> any-peer rule. First, because it decides whether the flow is tracked;
 *   2. `@ingress4-tcp`: port -> chain that looks up the reaches of that port, the widest first, each by one look-up:
 *   3. `@ingress4-tcp-22`: peer address -> rule; then the referenced groups, one set each.
 * One map over ports and addresses instead would need ports x addresses elements, or (overlapping) become slow: the
 * kernel walks all elements that match in the first field of a concatenation (measured: 1000 rules, 0.4 of the packets
 * of 1).
 */
export function judge(cloud: Cloud, { direction, family, rules, reverse, paths }: JudgedTraffic): Judgement {
  const name = `${direction}${family === 'ipv4' ? 4 : 6}`;
  const all = portRules(rules, family);
  const blockMaps = all.map((reach) => blockMap(cloud, `${name}-${reach.name}`, reach, family));
  const context: Context = {
    direction,
    family,
    name,
    peer: `${family === 'ipv4' ? 'ip' : 'ip6'} ${direction === 'ingress' ? 'saddr' : 'daddr'}`,
    portRules: all,
    blockMaps: new Map(blockMaps.flatMap((map, i) => (map.elements.size > 0 ? [[all[i]?.name ?? '', map]] : []))),
    untracked: untrackedClasses(reverse, family),
    paths,
  };
  const classes = PACKET_CLASSES.map((packetClass) => judgeClass(context, packetClass));
  const icmp = family === 'ipv4' ? 'icmp' : 'ipv6-icmp';
  const byClass = `meta l4proto vmap { tcp : goto ${name}-tcp, udp : goto ${name}-udp, ${icmp} : goto ${name}-icmp }`;
  return {
    sets: [...context.blockMaps.values(), ...classes.flatMap(({ sets }) => sets)],
    chains: [
      ...classes.flatMap(({ chains }) => chains),
      chain(name, [...exemptions(direction, family), byClass, `goto ${name}-other`]),
    ],
  };
}

function judgeClass(context: Context, packetClass: PacketClass): Judgement {
  const name = `${context.name}-${packetClass}`;
  const point = keyExpression(context.family, packetClass);
  const any = anyPeerMap(context, packetClass);
  const { map, chains } = reachMap(context, packetClass);
  const rules = [
    ...(any.elements.size > 0 ? [`meta mark set ${point} map @${any.name} goto admit-${context.direction}`] : []),
    ...(map.elements.size > 0 ? [`${point} vmap @${map.name}`] : []),
    `goto drop-${context.direction}`,
  ];
  return { sets: [any, map].filter(({ elements }) => elements.size > 0), chains: [...chains, chain(name, rules)] };
}

function anyPeerMap({ name, family, portRules, untracked }: Context, packetClass: PacketClass): NamedSet {
  const claims = portRules.flatMap((reach) => {
    const rule = anyPeerRule(reach, family);
    return rule === null ? [] : [{ spans: reach.spans[packetClass], value: rule }];
  });
  const decidingRules = cutLine(claims).flatMap(({ span, value: [rule] }) => (rule ? [{ span, value: rule }] : []));
  const elements = joined(decidingRules, (a, b) => a === b).flatMap(({ span, value: rule }) =>
    keysOf(packetClass, span).map((key): [string, Element] => [
      key,
      { value: markOf(rule, untracked.has(packetClass)), comment: rule.id },
    ]),
  );
  return map(`${name}-${packetClass}-any`, keyType(family, packetClass), 'mark', elements);
}

function reachMap(context: Context, packetClass: PacketClass): { map: NamedSet; chains: Chain[] } {
  const chains = new Map<string, Chain>();
  const claims = context.portRules
    .filter((reach) => context.blockMaps.has(reach.name) || firstPerGroup([reach]).size > 0)
    .map((reach) => ({ spans: reach.spans[packetClass], value: reach }));
  const elements = cutLine(claims).flatMap(({ span, value }) => {
    const asked = portRulesChain(context, value);
    chains.set(asked.name, asked);
    return keysOf(packetClass, span).map((key): [string, Element] => [
      key,
      { value: `goto ${asked.name}`, comment: null },
    ]);
  });
  const name = `${context.name}-${packetClass}`;
  return { map: map(name, keyType(context.family, packetClass), 'verdict', elements), chains: [...chains.values()] };
}

/**
 * Looks up some reaches, the widest first. The chain is named after them, so that a rule change elsewhere does not
 * rewrite it.
 */
function portRulesChain(context: Context, asked: readonly PortRules[]): Chain {
  const { direction, name, peer, blockMaps } = context;
  const [first] = asked;
  const suffix = asked.length === 1 && first ? first.name : digest(asked.map((reach) => reach.name));
  const blocks = asked.flatMap((reach) => blockMaps.get(reach.name) ?? []);
  return chain(`${name}-to-${suffix}`, [
    ...blocks.map((map) => `meta mark set ${peer} map @${map.name} goto admit-${direction}`),
    ...Array.from(firstPerGroup(asked), ([groupId, rule]) => {
      const admit = `meta mark set ${markOf(rule, false)} counter goto admit-${direction} comment "${rule.id}"`;
      return isMember(context, groupId).map((condition) => `${condition} ${admit}`);
    }).flat(),
    `goto drop-${direction}`,
  ]);
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

/** Rules by group id, in the order of evaluation; a second rule for the same group could no longer match. */
function firstPerGroup(asked: readonly PortRules[]): Map<string, SecurityGroupRule> {
  const first = new Map<string, SecurityGroupRule>();
  for (const rule of asked.flatMap(({ rules }) => rules)) {
    if (rule.peer.type === 'group' && !first.has(rule.peer.groupId)) first.set(rule.peer.groupId, rule);
  }
  return first;
}

function blockMap(cloud: Cloud, name: string, reach: PortRules, family: Family): NamedSet {
  const elements = outermostBlocks(cloud, reach, family).map(({ block, rule }): [string, Element] => [
    block.text,
    { value: markOf(rule, false), comment: rule.id },
  ]);
  return map(name, family === 'ipv4' ? 'ipv4_addr' : 'ipv6_addr', 'mark', elements);
}

function map(
  name: string,
  type: string,
  data: 'mark' | 'verdict',
  elements: Iterable<readonly [string, Element]>,
): NamedSet {
  return { name, type, data, flags: ['interval'], counter: data === 'mark', elements: new Map(elements) };
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
