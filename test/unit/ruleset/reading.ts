import type { Direction, Family, SecurityGroupRule } from '../../../src/cloud/groups/types.js';
import { parseAddress, parseCidr } from '../../../src/cloud/network/cidr.js';
import type { Cloud } from '../../../src/cloud/types.js';
import type { NamedSet, Ruleset } from '../../../src/ruleset/ruleset.js';

/**
 * Two evaluations of a cloud's rules that share no code: one of the rules as a list, one of the ruleset as look-ups.
 */

export interface Packet {
  readonly direction: Direction;
  readonly family: Family;
  /** The address that the rules match. */
  readonly peer: string;
  readonly protocol: number;
  /** Destination port, or ICMP type * 256 + code; 0 for other protocols. */
  readonly point: number;
}

/** Evaluates the rules: the mark of the rule that admits, or null. */
export function readRules(cloud: Cloud, groupIds: readonly string[], packet: Packet): number | null {
  const rules = groupIds.flatMap((id) => cloud.securityGroups[id]?.rules ?? []);
  const [best] = rules
    .filter((rule) => rule.direction === packet.direction && matchesProtocol(rule, packet))
    .map((rule) => ({ rule, kind: peerKind(cloud, rule, packet) }))
    .filter(({ kind }) => kind !== null)
    .sort(
      (a, b) =>
        (a.kind?.order ?? 0) - (b.kind?.order ?? 0) ||
        extent(b.rule) - extent(a.rule) ||
        (a.rule.fromPort ?? 0) - (b.rule.fromPort ?? 0) ||
        (a.kind?.prefixLength ?? 0) - (b.kind?.prefixLength ?? 0) ||
        a.rule.index - b.rule.index,
    );
  if (best === undefined) return null;
  const isUntracked = best.kind?.order === 0 && [6, 17].includes(packet.protocol) && isOpenInReverse(rules, packet);
  return isUntracked ? 0x8000_0000 + best.rule.index : best.rule.index;
}

function matchesProtocol(rule: SecurityGroupRule, { protocol, point, family }: Packet): boolean {
  const icmp = family === 'ipv4' ? { name: 'icmp', number: 1 } : { name: 'icmpv6', number: 58 };
  const { fromPort, toPort } = rule;
  if (rule.protocol === '-1') return true;
  if (rule.protocol === 'tcp' || rule.protocol === 'udp') {
    const number = rule.protocol === 'tcp' ? 6 : 17;
    return protocol === number && (fromPort ?? 0) <= point && point <= (toPort ?? 65535);
  }
  if (rule.protocol === 'icmp' || rule.protocol === 'icmpv6') {
    if (rule.protocol !== icmp.name || protocol !== icmp.number) return false;
    return [-1, point >> 8].includes(fromPort ?? -1) && [-1, point & 0xff].includes(toPort ?? -1);
  }
  return rule.protocol === String(protocol);
}

/** 0: any peer; 1: a block of addresses; 2: a group. */
function peerKind(cloud: Cloud, { peer }: SecurityGroupRule, packet: Packet) {
  const address = parseAddress(packet.peer);
  if (peer.type === 'group') {
    const members = Object.values(cloud.networkInterfaces).filter(({ groupIds }) => groupIds.includes(peer.groupId));
    const addresses = members.flatMap((n) => [...n.privateIpAddresses, ...n.ipv6Addresses]);
    return addresses.includes(packet.peer) ? { order: 2, prefixLength: 0 } : null;
  }
  const texts =
    peer.type === 'cidr' ? [peer.cidr] : (cloud.prefixLists[peer.prefixListId]?.entries.map(({ cidr }) => cidr) ?? []);
  const blocks = texts
    .map(parseCidr)
    .filter((b) => b.family === address.family && b.first <= address.value && address.value <= b.last)
    .map(({ prefixLength }) => prefixLength);
  if (blocks.length === 0) return null;
  const prefixLength = Math.min(...blocks);
  return { order: peer.type === 'cidr' && prefixLength === 0 ? 0 : 1, prefixLength };
}

function extent({ protocol, fromPort, toPort }: SecurityGroupRule): number {
  if (protocol === '-1') return Number.MAX_SAFE_INTEGER;
  if (protocol === 'tcp' || protocol === 'udp') return (toPort ?? 0) - (fromPort ?? 0) + 1;
  if (protocol === 'icmp' || protocol === 'icmpv6') return fromPort === -1 ? 65536 : toPort === -1 ? 256 : 1;
  return 1;
}

function isOpenInReverse(rules: readonly SecurityGroupRule[], { direction, family, protocol }: Packet): boolean {
  const any = family === 'ipv4' ? '0.0.0.0/0' : '::/0';
  return rules.some(
    (rule) =>
      rule.direction !== direction &&
      rule.peer.type === 'cidr' &&
      rule.peer.cidr === any &&
      (rule.protocol === '-1' ||
        (rule.protocol === (protocol === 6 ? 'tcp' : 'udp') && rule.fromPort === 0 && rule.toPort === 65535)),
  );
}

/**
 * Evaluates the ruleset: follows the chain of the packet's class as the kernel would.
 * @throws if elements overlap
 */
export function readRuleset(ruleset: Ruleset, packet: Packet): number | null {
  const table = ruleset.tables.find(({ name }) => name === 'sg');
  const icmp = packet.family === 'ipv4' ? 1 : 58;
  const packetClass = { 6: 'tcp', 17: 'udp', [icmp]: 'icmp' }[packet.protocol] ?? 'other';
  const point = packetClass === 'other' ? packet.protocol : packet.point;
  const follow = (name: string): number | null => {
    const rules = table?.chains.find((chain) => chain.name === name)?.rules ?? [];
    for (const text of rules) {
      const lookup = /@(\S+)/.exec(text)?.[1];
      const set = table?.sets.find((candidate) => candidate.name === lookup);
      if (set === undefined) return null;
      const key = / [sd]addr /.test(` ${text}`) ? packet.peer : point;
      const found = lookUp(set, key);
      if (found === undefined) continue;
      if (text.includes(' vmap ')) return follow(found.replace('goto ', ''));
      const value = set.data === 'mark' ? found : (/mark set (\S+)/.exec(text)?.[1] ?? '');
      return Number(value);
    }
    return null;
  };
  return follow(`${packet.direction}${packet.family === 'ipv4' ? 4 : 6}-${packetClass}`);
}

function lookUp(set: NamedSet, key: string | number): string | undefined {
  const hits = [...set.elements].filter(([text]) => covers(text, key));
  if (hits.length > 1) throw new Error(`${set.name}: ${hits.map(([text]) => text).join(' and ')} overlap`);
  return hits[0] === undefined ? undefined : (hits[0][1].value ?? 'member');
}

function covers(text: string, key: string | number): boolean {
  if (typeof key === 'string') {
    const { family, value } = parseAddress(key);
    const block = text.includes('/') ? parseCidr(text) : parseCidr(`${text}/${family === 'ipv4' ? 32 : 128}`);
    return block.first <= value && value <= block.last;
  }
  const parts = text.split(' . ');
  const values = parts.length === 2 ? [key >> 8, key & 0xff] : [key];
  return parts.every((part, i) => {
    const [first = 0, last = first] = part.split('-').map(Number);
    return first <= (values[i] ?? -1) && (values[i] ?? -1) <= last;
  });
}
