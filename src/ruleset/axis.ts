import type { Family, SecurityGroupRule } from '../cloud/groups/types.js';

/**
 * Maps a rule, apart from its peer, to spans of whole numbers on one line per *class* of packets:
 *   `tcp`, `udp`  the destination port;
 *   `icmp`        ICMP of the packet's own family: type * 256 + code;
 *   `other`       every other protocol: its number.
 * A packet belongs to exactly one class and is one point on its line.
 */
export type PacketClass = 'tcp' | 'udp' | 'icmp' | 'other';
export const PACKET_CLASSES: readonly PacketClass[] = ['tcp', 'udp', 'icmp', 'other'];

/** Both ends are inclusive. */
export interface Span {
  readonly first: number;
  readonly last: number;
}

/** Every port, and every type with every code: both lines are equally long. */
export const WHOLE_LINE: Span = { first: 0, last: 0xffff };

const ICMP: Readonly<Record<Family, { readonly name: string; readonly number: number }>> = {
  ipv4: { name: 'icmp', number: 1 },
  ipv6: { name: 'icmpv6', number: 58 },
};
const TCP = 6;
const UDP = 17;

/** The spans of a rule in a class; empty if it matches no packet of that class and family. */
export function spansOf(rule: SecurityGroupRule, family: Family, packetClass: PacketClass): readonly Span[] {
  if (rule.protocol === '-1') return packetClass === 'other' ? otherProtocols(family) : [WHOLE_LINE];
  if (rule.protocol === 'tcp' || rule.protocol === 'udp') {
    return rule.protocol === packetClass ? [{ first: rule.fromPort ?? 0, last: rule.toPort ?? WHOLE_LINE.last }] : [];
  }
  if (rule.protocol === 'icmp' || rule.protocol === 'icmpv6') {
    return packetClass === 'icmp' && rule.protocol === ICMP[family].name ? [icmpSpan(rule)] : [];
  }
  return packetClass === 'other' ? [{ first: Number(rule.protocol), last: Number(rule.protocol) }] : [];
}

function otherProtocols(family: Family): readonly Span[] {
  const taken = [TCP, UDP, ICMP[family].number].sort((a, b) => a - b);
  return [...taken, 256].map((number, i) => ({ first: (taken[i - 1] ?? -1) + 1, last: number - 1 }));
}

function icmpSpan({ fromPort, toPort }: SecurityGroupRule): Span {
  if (fromPort === null || fromPort === -1) return WHOLE_LINE;
  if (toPort === null || toPort === -1) return { first: fromPort * 256, last: fromPort * 256 + 255 };
  return { first: fromPort * 256 + toPort, last: fromPort * 256 + toPort };
}

/** nft's type for a point on the class's line. */
export function keyType(family: Family, packetClass: PacketClass): string {
  if (packetClass === 'icmp') return `${ICMP[family].name}_type . ${ICMP[family].name}_code`;
  return packetClass === 'other' ? 'inet_proto' : 'inet_service';
}

/** nft's expression for a packet's point on the class's line. */
export function keyExpression(family: Family, packetClass: PacketClass): string {
  if (packetClass === 'icmp') return `${ICMP[family].name} type . ${ICMP[family].name} code`;
  return packetClass === 'other' ? 'meta l4proto' : `${packetClass} dport`;
}

/**
 * Writes a span as keys of nft. A concatenation takes rectangles only, so that a span over several ICMP types may need
 * three.
 */
export function keysOf(packetClass: PacketClass, { first, last }: Span): string[] {
  if (packetClass !== 'icmp') return [range(first, last)];
  const [fromType, toType] = [first >> 8, last >> 8];
  const [fromCode, toCode] = [first & 0xff, last & 0xff];
  if (fromType === toType) return [`${fromType} . ${range(fromCode, toCode)}`];
  const firstWholeType = fromCode === 0 ? fromType : fromType + 1;
  const lastWhole = toCode === 0xff ? toType : toType - 1;
  return [
    ...(fromCode === 0 ? [] : [`${fromType} . ${range(fromCode, 0xff)}`]),
    ...(firstWholeType > lastWhole ? [] : [`${range(firstWholeType, lastWhole)} . 0-255`]),
    ...(toCode === 0xff ? [] : [`${toType} . ${range(0, toCode)}`]),
  ];
}

function range(first: number, last: number): string {
  return first === last ? `${first}` : `${first}-${last}`;
}
