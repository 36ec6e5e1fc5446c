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

export type SpansByClass = Readonly<Record<PacketClass, readonly Span[]>>;

/** The spans of a rule; none in the classes of which it matches no packet of that family. */
export function spansOf(rule: SecurityGroupRule, family: Family): SpansByClass {
  const of = (packetClass: PacketClass) => spansInClass(rule, family, packetClass);
  return { tcp: of('tcp'), udp: of('udp'), icmp: of('icmp'), other: of('other') };
}

function spansInClass(rule: SecurityGroupRule, family: Family, packetClass: PacketClass): readonly Span[] {
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

/** How nft writes a packet's point on a class's line: the type of the key, and the expression that gives it. */
interface Point {
  readonly type: string;
  readonly expression: string;
}

const PORT_POINTS = {
  tcp: { type: 'inet_service', expression: 'tcp dport' },
  udp: { type: 'inet_service', expression: 'udp dport' },
  other: { type: 'inet_proto', expression: 'meta l4proto' },
} as const;

export const POINTS: Readonly<Record<Family, Readonly<Record<PacketClass, Point>>>> = {
  ipv4: { ...PORT_POINTS, icmp: { type: 'icmp_type . icmp_code', expression: 'icmp type . icmp code' } },
  ipv6: { ...PORT_POINTS, icmp: { type: 'icmpv6_type . icmpv6_code', expression: 'icmpv6 type . icmpv6 code' } },
};

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

/** A stretch of a class's line with the claims on it. */
interface Stretch<T> {
  readonly span: Span;
  readonly value: T;
}

/** A value that applies to some spans of the line. */
interface Claim<T> {
  readonly spans: readonly Span[];
  readonly value: T;
}

/** The keys of a class's line on which any claim applies, each with its claims in the order given. */
export function keysWithClaims<T>(packetClass: PacketClass, claims: readonly Claim<T>[]): Keyed<readonly T[]>[] {
  return keyed(packetClass, cutLine(claims));
}

/** The same keys, each with the first of its claims. */
export function keysWithFirstClaim<T>(packetClass: PacketClass, claims: readonly Claim<T>[]): Keyed<T>[] {
  const first = cutLine(claims).flatMap(({ span, value: [value] }) => (value === undefined ? [] : [{ span, value }]));
  return keyed(packetClass, joined(first, Object.is));
}

type Keyed<T> = readonly [key: string, value: T];

function keyed<T>(packetClass: PacketClass, stretches: readonly Stretch<T>[]): Keyed<T>[] {
  return stretches.flatMap(({ span, value }) => keysOf(packetClass, span).map((key) => [key, value] as const));
}

/**
 * Cuts the line where any claim begins or ends and gives for every stretch the claims that apply there, in the order
 * given. Neighbours with the same claims are joined and stretches without claims left out, so that the result is
 * disjoint, ascending and at most twice as long as there are spans.
 */
export function cutLine<T>(claims: readonly Claim<T>[]): Stretch<readonly T[]>[] {
  const { starts, ends, points } = edges(claims);
  const active = new Set<number>();
  const stretches: Stretch<readonly T[]>[] = [];
  for (const [i, first] of points.entries()) {
    for (const n of ends.get(first) ?? []) active.delete(n);
    for (const n of starts.get(first) ?? []) active.add(n);
    const last = (points[i + 1] ?? first) - 1;
    const value = [...active]
      .sort((a, b) => a - b)
      .flatMap((n) => claims[n] ?? [])
      .map((claim) => claim.value);
    if (value.length > 0) stretches.push({ span: { first, last }, value });
  }
  return joined(stretches, sameItems);
}

/** Joins neighbours that touch and are the same. */
function joined<T>(stretches: readonly Stretch<T>[], isSame: (a: T, b: T) => boolean): Stretch<T>[] {
  const result: Stretch<T>[] = [];
  for (const { span, value } of stretches) {
    const previous = result.at(-1);
    if (previous !== undefined && previous.span.last + 1 === span.first && isSame(previous.value, value)) {
      result[result.length - 1] = { span: { first: previous.span.first, last: span.last }, value };
    } else {
      result.push({ span, value });
    }
  }
  return result;
}

function edges<T>(claims: readonly Claim<T>[]) {
  const starts = new Map<number, number[]>();
  const ends = new Map<number, number[]>();
  for (const [n, { spans }] of claims.entries()) {
    for (const { first, last } of spans) {
      starts.set(first, [...(starts.get(first) ?? []), n]);
      ends.set(last + 1, [...(ends.get(last + 1) ?? []), n]);
    }
  }
  const points = [...new Set([...starts.keys(), ...ends.keys()])].sort((a, b) => a - b);
  return { starts, ends, points };
}

function sameItems<T>(a: readonly T[], b: readonly T[]): boolean {
  return a.length === b.length && a.every((item, i) => item === b[i]);
}
