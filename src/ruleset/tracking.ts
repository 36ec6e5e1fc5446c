import type { Family } from '../cloud/groups/types.js';
import {
  MARK_FROM_GUEST,
  MARK_NO_RULE,
  MARK_RULE_MASK,
  MARK_STREAM,
  MARK_UDP,
  MARK_UNTRACKED,
  OVER_ALLOWANCE,
  PAIRS,
  STREAMS,
} from './names.js';
import { type Chain, chain, drop, log, type NamedSet } from './ruleset.js';

/** The flows that an interface tracks and their time-outs, as far as the sysctls of its card cannot configure them. */
export interface TrackingOptions {
  /** Families of the interface's addresses: packets of another family are all dropped. */
  readonly families: readonly Family[];
  /** The marks of packets that come from the VPC. */
  readonly uplinkMarks: readonly string[];
  /** Seconds. */
  readonly udpStreamTimeout: number;
  /** The most tracked connections; null: no limit. */
  readonly connectionAllowance: number | null;
  /** Whether ICMP errors are judged by the rules, or pass with the tracked flow that they are about (4.8). */
  readonly icmpErrors: 'rules' | 'related';
}

/** Seconds for which protocols other than TCP, UDP and ICMP are tracked by address pair (4.5). */
const PAIR_TIMEOUT = 600;

/** Marks a connection beyond the allowance. No rule has this index: it would be an untracked one. */
const ALLOWANCE_EXCEEDED_MARK = hex(0xffff_ffff);

const FROM_GUEST = hex(MARK_FROM_GUEST);
const TRACKED = `${hex(1)}-${hex(MARK_RULE_MASK)}`;
const STATE_BITS = hex((MARK_UNTRACKED | MARK_UDP | MARK_STREAM) >>> 0);

const SIDES = ['guest', 'uplink'] as const;
type Side = (typeof SIDES)[number];
const FAMILIES = ['ipv4', 'ipv6'] as const;
const IP = { ipv4: 'ip', ipv6: 'ip6' } as const;
type Ip = (typeof IP)[Family];

/**
 * Sets that packets fill: streams of UDP by both addresses and ports, other protocols by both addresses. IPv4's lead to
 * the mark of the rule that admitted them; IPv6's are sets, because nft 1.0.6 crashes on a map statement whose key is
 * longer than 16 bytes.
 */
export function trackingSets(families: readonly Family[]): NamedSet[] {
  const timed = (name: string, type: string, data: 'mark' | null): NamedSet => {
    return { name, type, data, flags: ['dynamic', 'timeout'], counter: false, elements: new Map() };
  };
  return families.flatMap((family) => {
    const [ip, address, data] = [IP[family], `${family}_addr`, family === 'ipv4' ? ('mark' as const) : null];
    return [
      timed(STREAMS[ip], `${address} . inet_service . ${address} . inet_service`, data),
      timed(PAIRS[ip], `${address} . ${address} . inet_proto`, data),
    ];
  });
}

/**
 * Linux tracks some other protocols by what it takes for their ports; AWS tracks all of them by address pair (S79,
 * S80). One statement for all packets, before connection tracking.
 */
export const BY_ADDRESS_PAIR = 'meta l4proto != { tcp, udp, icmp, ipv6-icmp } notrack';

/** The `forward` chain, and the chains for a packet that a rule admitted as part of a flow to be tracked. */
export function tracking(options: TrackingOptions): Chain[] {
  return [
    ...(['egress', 'ingress'] as const).flatMap((direction) => track(direction, options)),
    ...(options.connectionAllowance === null ? [] : [allowance(options.connectionAllowance)]),
    ...udp(options),
    ...pairs(options),
    forward(options),
  ];
}

/**
 * The first statement decides for nearly every packet: a connection that a rule admitted and that is tracked continues
 * whatever the rules are now (S58). `new` belongs there because a connection stays new until it is answered; `related`
 * does not, because an ICMP error carries the mark of the connection it is about. The marks of UDP flows lie outside
 * its range. An untracked flow has bit 31 in its mark and is judged by the rules packet for packet (S61).
 */
function forward({ icmpErrors, uplinkMarks, families }: TrackingOptions): Chain {
  const judged = [FROM_GUEST, ...uplinkMarks].flatMap((mark) =>
    FAMILIES.map((family) => {
      const direction = mark === FROM_GUEST ? 'egress' : 'ingress';
      const target = families.includes(family) ? `${direction}${family === 'ipv4' ? 4 : 6}` : `drop-${direction}`;
      return `${mark} . ${family} : goto ${target}`;
    }),
  );
  const udpState = `${hex(0)} : jump find-stream, ${hex(MARK_UDP)} : goto udp-flow, ${hex(MARK_UDP | MARK_STREAM)} : goto udp-stream`;
  return chain(
    'forward',
    [
      `ct state new,established ct mark ${TRACKED} accept`,
      ...(icmpErrors === 'related' ? [`ct state related ct mark ${hex(1)}-${hex(MARK_UNTRACKED - 1)} accept`] : []),
      `ct state new,established ct mark & ${STATE_BITS} vmap { ${udpState} }`,
      'ct state untracked jump find-pair',
      `meta mark . meta nfproto vmap { ${judged.join(', ')} }`,
    ],
    'type filter hook forward priority filter; policy drop;',
  );
}

/** The packet's mark is that of the rule; its first packet is reported with it. */
function track(direction: 'egress' | 'ingress', { connectionAllowance }: TrackingOptions): Chain[] {
  const report = log(`pass sg-${direction}`);
  const tracked = chain(`track-${direction}`, [
    // The kernel tracks neither neighbour discovery nor multicast listener reports: none of them opens anything (S122).
    `ct state untracked meta l4proto ipv6-icmp ${report} accept`,
    `ct state untracked ${report} goto pair-from-${direction === 'egress' ? 'guest' : 'uplink'}`,
    ...(connectionAllowance === null
      ? []
      : ['jump allowance', `meta mark ${ALLOWANCE_EXCEEDED_MARK} goto ${OVER_ALLOWANCE[direction]}`]),
    `ct state != established ${report}`,
    `meta l4proto udp ct mark set meta mark | ${hex(MARK_UDP)} accept`,
    'ct mark set meta mark',
    'accept',
  ]);
  const refuse = chain(OVER_ALLOWANCE[direction], [drop(`sg-${direction}`, 'allowance')]);
  return connectionAllowance === null ? [tracked] : [tracked, refuse];
}

/** A single statement serves both directions: it counts the connections that passed it, as long as they exist. */
function allowance(most: number): Chain {
  return chain('allowance', [`ct count over ${most} meta mark set ${ALLOWANCE_EXCEEDED_MARK}`]);
}

/**
 * A UDP flow is a stream from its second request and response on (4.5). Linux regards it as one when it has lasted two
 * seconds, so that the stream's time-out is kept apart from connection tracking, whose own time-outs are both
 * `udpTimeout`.
 */
function udp({ udpStreamTimeout: timeout, families }: TrackingOptions): Chain[] {
  const ips = families.map((family) => IP[family]);
  const streams = SIDES.flatMap((side) => ips.map((ip) => ({ ip, side, key: streamKey(ip, side) })));
  const unknown = hex(MARK_UDP | MARK_STREAM | MARK_NO_RULE);
  return [
    chain('udp-flow', [
      'ct original packets < 2 accept',
      'ct reply packets < 2 accept',
      `ct mark set ct mark | ${hex(MARK_STREAM)}`,
      'goto udp-stream',
    ]),
    chain('udp-stream', [
      ...streams.map(({ ip, side, key }) => {
        return `${from(side)} ${addOrRenew(STREAMS[ip], key, timeout, ip === 'ip' ? 'ct mark' : null)}`;
      }),
      'accept',
    ]),
    chain('find-stream', [
      'meta l4proto != udp return',
      ...streams.map(({ ip, side, key }) => {
        const found =
          ip === 'ip' ? `ct mark set ${key} map @${STREAMS.ip}` : `${key} @${STREAMS.ip6} ct mark set ${unknown}`;
        return `${from(side)} ${found} goto udp-stream`;
      }),
    ]),
  ];
}

/**
 * Packets that an instance forwards have their addresses in the same order coming in and going out, and are one flow
 * (4.1): the pair is looked up in both orders.
 */
function pairs({ families }: TrackingOptions): Chain[] {
  const ips = families.map((family) => IP[family]);
  const find = SIDES.flatMap((side) =>
    ips.map((ip) => {
      const key = pairKey(ip, side);
      const found =
        ip === 'ip'
          ? `meta mark set ${key} map @${PAIRS.ip}`
          : `${key} @${PAIRS.ip6} meta mark set ${hex(MARK_NO_RULE)}`;
      return `${found} goto remembered-from-${side}`;
    }),
  );
  // Such a packet looks like the first one of its flow, so whoever waits for it is told that it passed.
  const remembered = SIDES.map((side) =>
    chain(`remembered-from-${side}`, [
      log(`pass sg-${side === 'guest' ? 'egress' : 'ingress'}`),
      `goto pair-from-${side}`,
    ]),
  );
  const refresh = SIDES.map((side) =>
    chain(`pair-from-${side}`, [
      ...ips.map((ip) => addOrRenew(PAIRS[ip], pairKey(ip, side), PAIR_TIMEOUT, ip === 'ip' ? 'meta mark' : null)),
      'accept',
    ]),
  );
  return [chain('find-pair', find), ...remembered, ...refresh];
}

/** Adds the flow or renews its time-out; if the set is full the packet still passes, untracked. */
function addOrRenew(set: string, key: string, timeout: number, mark: string | null): string {
  return `update @${set} { ${key} timeout ${timeout}s${mark === null ? '' : ` : ${mark}`} } accept`;
}

function from(side: Side): string {
  return side === 'guest' ? `meta mark ${FROM_GUEST}` : `meta mark != ${FROM_GUEST}`;
}

/** Puts the instance's side first, so that both directions have the same key. */
function streamKey(ip: Ip, side: Side): string {
  const ends = [`${ip} saddr . udp sport`, `${ip} daddr . udp dport`];
  return (side === 'guest' ? ends : ends.reverse()).join(' . ');
}

function pairKey(ip: Ip, side: Side): string {
  const ends = [`${ip} saddr`, `${ip} daddr`];
  return `${(side === 'guest' ? ends : ends.reverse()).join(' . ')} . meta l4proto`;
}

function hex(value: number): string {
  return `0x${value.toString(16)}`;
}
