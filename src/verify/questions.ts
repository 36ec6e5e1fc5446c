/**
 * The questions worth asking about a cloud: for every pair of ends, one of each kind of traffic that rules distinguish.
 */

import type { Direction, Family, SecurityGroupRule } from '../cloud/groups/types.js';
import { servedBy } from '../cloud/instances/listener.js';
import type { Listener } from '../cloud/instances/types.js';
import { byId, interfaceName } from '../cloud/lookup.js';
import { protocolNumber } from '../cloud/protocol.js';
import type { ProbeSpec } from '../cloud/text/probe.js';
import type { Cloud } from '../cloud/types.js';

/** A probe's question without its ends. */
type Traffic = Omit<ProbeSpec, 'from' | 'to'>;

interface End {
  readonly word: string;
  readonly families: readonly Family[];
  readonly listen: readonly Listener[];
  rules(direction: Direction): readonly SecurityGroupRule[];
}

const FAMILIES = ['ipv4', 'ipv6'] as const;
const LAST_PORT = 65_535;

/** A port, and ICMP types, that no rule is likely to name: only rules for all traffic let it pass. */
const UNLIKELY_PORT = 4999;
const ECHO = { ipv4: 8, ipv6: 128 } as const;
/** GRE: a protocol without ports that none of sglab's servers answers. */
const WITHOUT_PORTS = 47;

/** Nobody can know which of several targets a network load balancer will choose, nor does a NAT gateway ask. */
export function isPredictable(cloud: Cloud, interfaceId: string): boolean {
  const { instanceId } = byId(cloud.networkInterfaces, interfaceId);
  const { kind, forwarding } = byId(cloud.instances, instanceId);
  if (kind !== 'network-load-balancer') return kind !== 'nat-gateway';
  return (forwarding?.ports ?? []).every(({ targetIds }) => targetIds.length === 1);
}

/** Every ordered pair of different ends, in both families if both ends have them. */
export function questionsFor(cloud: Cloud): ProbeSpec[] {
  const ends = endsOf(cloud);
  return ends.flatMap((from) =>
    ends
      .filter((to) => to !== from && !(isExternal(cloud, from) && isExternal(cloud, to)))
      .flatMap((to) => ask(from, to)),
  );
}

/** Part `index` (from 1) of `count` equal ones: the parts together are all questions, each once. */
export function shardOf<T>(questions: readonly T[], index: number, count: number): T[] {
  return questions.filter((_, position) => position % count === index - 1);
}

function ask(from: End, to: End): ProbeSpec[] {
  const rules = [...from.rules('egress'), ...to.rules('ingress')];
  return FAMILIES.filter((family) => from.families.includes(family) && to.families.includes(family)).flatMap((family) =>
    trafficFor(rules, to.listen, family).map((traffic) => ({ from: from.word, to: to.word, ...traffic })),
  );
}

/** What rules are about, whoever the peers are. */
type RuleTraffic = Pick<SecurityGroupRule, 'protocol' | 'fromPort' | 'toPort'>;

/** One of each kind of traffic that the rules distinguish. */
export function trafficFor(rules: readonly RuleTraffic[], listen: readonly Listener[], family: Family): Traffic[] {
  const icmp = family === 'ipv4' ? 'icmp' : 'icmpv6';
  const none = { port: null, icmpType: null, icmpCode: null, family };
  return [
    ...portsFor('tcp', rules, listen).map((port) => ({ ...none, protocol: 'tcp', port })),
    ...portsFor('udp', rules, listen).map((port) => ({ ...none, protocol: 'udp', port })),
    ...icmpFor(rules, icmp, family).map(([icmpType, icmpCode]) => ({ ...none, protocol: icmp, icmpType, icmpCode })),
    ...numbersFor(rules, listen).map((number) => ({ ...none, protocol: String(number) })),
  ];
}

/**
 * For each range: the port before it, its two ends, the port after it; the ports that listeners have; and an unlikely
 * one.
 */
function portsFor(protocol: 'tcp' | 'udp', rules: readonly RuleTraffic[], listen: readonly Listener[]): number[] {
  const edges = rules
    .filter((rule) => rule.protocol === protocol)
    .flatMap(({ fromPort, toPort }) => {
      const [first, last] = [fromPort ?? 0, toPort ?? LAST_PORT];
      return [first - 1, first, last, last + 1];
    });
  const served = listen.flatMap((each) => (each.protocol === protocol ? [each.port] : []));
  const ports = [...new Set([...edges, ...served, UNLIKELY_PORT])].filter((port) => port >= 1 && port <= LAST_PORT);
  return ports.sort((a, b) => a - b);
}

/** An echo; for each rule about types, the type itself, its code, and the codes and types beside it. */
function icmpFor(rules: readonly RuleTraffic[], protocol: string, family: Family): [number, number][] {
  const named = rules
    .filter((rule) => rule.protocol === protocol && (rule.fromPort ?? -1) >= 0)
    .flatMap(({ fromPort, toPort }): [number, number][] => {
      const [type, code] = [fromPort ?? 0, toPort === null || toPort === -1 ? 0 : toPort];
      return [
        [type, code],
        [type, code + 1],
        [type + 1, code],
      ];
    });
  const all: [number, number][] = [[ECHO[family], 0], ...named];
  const valid = all.filter(([type, code]) => type <= 255 && code <= 255 && !isKernelHandledIcmp(family, type));
  return [...new Map(valid.map((pair) => [pair.join('/'), pair])).values()];
}

/** The kernel handles neighbour discovery, membership and redirects itself: no rule sees them. */
function isKernelHandledIcmp(family: Family, type: number): boolean {
  return family === 'ipv6' ? (type >= 130 && type <= 137) || type === 143 : type === 5;
}

function numbersFor(rules: readonly RuleTraffic[], listen: readonly Listener[]): number[] {
  const named = rules.filter(({ protocol }) => /^\d+$/.test(protocol)).map(({ protocol }) => protocolNumber(protocol));
  const served = listen.flatMap((each) => (each.protocol === 'raw' ? [each.number] : []));
  return [...new Set([...named, ...served, ...(named.length > 0 ? [WITHOUT_PORTS] : [])])];
}

function endsOf(cloud: Cloud): End[] {
  const predictable = Object.values(cloud.networkInterfaces).filter(({ id }) => isPredictable(cloud, id));
  const interfaces = predictable.map((eni): End => {
    const rules = eni.groupIds.flatMap((id) => byId(cloud.securityGroups, id).rules);
    return {
      word: interfaceName(cloud, eni.id),
      families: eni.ipv6Addresses.length > 0 ? FAMILIES : ['ipv4'],
      listen: servedBy(byId(cloud.instances, eni.instanceId)),
      rules: (direction) => rules.filter((rule) => rule.direction === direction),
    };
  });
  const external = Object.values(cloud.externalHosts).map(({ name, addresses, listen }): End => {
    const families = FAMILIES.filter((family) => addresses.some((each) => each.includes(':') === (family === 'ipv6')));
    return { word: name, families, listen, rules: () => [] };
  });
  return [...interfaces, ...external];
}

function isExternal(cloud: Cloud, { word }: End): boolean {
  return Object.hasOwn(cloud.externalHosts, word);
}
