import { blocksOf } from '../cloud/groups/members.js';
import type { Family, SecurityGroupRule } from '../cloud/groups/types.js';
import type { Cidr } from '../cloud/network/cidr.js';
import type { Cloud } from '../cloud/types.js';
import { PACKET_CLASSES, type PacketClass, type Span, spansOf } from './axis.js';
import { isAnyPeer } from './rules.js';

/** Rules of one direction that agree in protocol and ports and differ in their peers only. */
export interface PortRules {
  /** `all`, `tcp-22`, `udp-5000-5100`, `icmp-8`, `icmp-3-4`, `protocol-50`; unique per protocol and ports. */
  readonly name: string;
  /** Rules in the order of their indices: the first one that matches names the admission. */
  readonly rules: readonly SecurityGroupRule[];
  readonly spans: Readonly<Record<PacketClass, readonly Span[]>>;
}

/** A block of addresses that leads to a rule; no two overlap. */
export interface Block {
  readonly block: Cidr;
  readonly rule: SecurityGroupRule;
}

/**
 * The reaches of the rules in one family, widest first: every protocol before one, a long range before a short one, and
 * of two equally long ones the one that begins earlier.
 */
export function portRules(rules: readonly SecurityGroupRule[], family: Family): PortRules[] {
  const byName = new Map<string, SecurityGroupRule[]>();
  for (const rule of [...rules].sort((a, b) => a.index - b.index)) {
    const name = reachName(rule);
    byName.set(name, [...(byName.get(name) ?? []), rule]);
  }
  return Array.from(byName, ([name, same]) => ({ name, rules: same, spans: spansByClass(same, family) }))
    .filter(({ spans }) => width(spans) > 0)
    .sort((a, b) => width(b.spans) - width(a.spans) || firstPoint(a.spans) - firstPoint(b.spans));
}

/** The rule that names the admission of any peer: the first any-peer rule, or null. */
export function anyPeerRule(reach: PortRules, family: Family): SecurityGroupRule | null {
  return reach.rules.find((rule) => isAnyPeer(rule, family)) ?? null;
}

/**
 * The outermost blocks of the reach's other peers, by address. Prefixes either nest or are disjoint, and of two that
 * nest the wider one names the admission: so no block has to be cut, and one inside another is left out.
 */
export function outermostBlocks(cloud: Cloud, reach: PortRules, family: Family): Block[] {
  const all = reach.rules
    .filter((rule) => !isAnyPeer(rule, family))
    .flatMap((rule) => blocksOf(cloud, rule.peer).map((block) => ({ block, rule })))
    .filter(({ block }) => block.family === family)
    .sort((a, b) => byAddress(a.block, b.block));
  const outermost: Block[] = [];
  for (const item of all) if ((outermost.at(-1)?.block.last ?? -1n) < item.block.first) outermost.push(item);
  return outermost;
}

/**
 * Sorts outer blocks before the blocks that they contain; stable for equal ones, so that the lower rule index stays
 * first.
 */
function byAddress(a: Cidr, b: Cidr): number {
  return a.first === b.first ? a.prefixLength - b.prefixLength : a.first < b.first ? -1 : 1;
}

function reachName({ protocol, fromPort, toPort }: SecurityGroupRule): string {
  if (protocol === '-1') return 'all';
  if (protocol === 'icmp' || protocol === 'icmpv6') return `${protocol}-${icmpParts(fromPort, toPort)}`;
  if (protocol !== 'tcp' && protocol !== 'udp') return `protocol-${protocol}`;
  return fromPort === toPort ? `${protocol}-${fromPort ?? 'all'}` : `${protocol}-${fromPort}-${toPort}`;
}

function icmpParts(type: number | null, code: number | null): string {
  if (type === null || type === -1) return 'all';
  return code === null || code === -1 ? `${type}` : `${type}-${code}`;
}

function spansByClass([rule]: readonly SecurityGroupRule[], family: Family): PortRules['spans'] {
  const of = (packetClass: PacketClass): readonly Span[] => (rule ? spansOf(rule, family, packetClass) : []);
  return { tcp: of('tcp'), udp: of('udp'), icmp: of('icmp'), other: of('other') };
}

function width(spans: PortRules['spans']): number {
  return PACKET_CLASSES.flatMap((packetClass) => spans[packetClass]).reduce(
    (n, { first, last }) => n + last - first + 1,
    0,
  );
}

function firstPoint(spans: PortRules['spans']): number {
  return Math.min(...PACKET_CLASSES.flatMap((packetClass) => spans[packetClass]).map(({ first }) => first));
}
