/** A change as the step of a scenario file: what the parser of steps reads. */

import type { Mutation } from '../changes/mutation.js';
import type { Direction } from '../cloud/groups/types.js';
import { listenerWords } from '../cloud/instances/listener.js';
import type { EntryInput } from '../cloud/network/network-acl-entry.js';
import type { WordedRule } from '../cloud/text/rule-words.js';

/** The step that makes the change, for stringify or a command line. */
export function mutationStep(mutation: Mutation): object {
  switch (mutation.type) {
    case 'authorize':
      return { authorize: { group: mutation.group, ...byDirection(mutation.rules, ruleKeys) } };
    case 'revoke': {
      const rule = mutation.ruleIds.length === 0 ? {} : { rule: mutation.ruleIds };
      return { revoke: { group: mutation.group, ...rule, ...byDirection(mutation.rules, ruleKeys) } };
    }
    case 'modify':
      return { modify: { group: mutation.group, rule: mutation.rule, to: ruleKeys(mutation.to) } };
    case 'attach':
    case 'detach':
      return { [mutation.type]: { instance: mutation.instance, group: mutation.group } };
    case 'source-dest-check':
      return { sourceDestCheck: { instance: mutation.instance, enabled: mutation.enabled } };
    case 'prefix-list':
      return { prefixList: { name: mutation.name, add: mutation.add, remove: mutation.remove } };
    case 'peering':
      return { peering: { name: mutation.name, status: mutation.status } };
    case 'network-acl': {
      const remove = byListDirection(mutation.remove, ({ number }) => number);
      const removed = mutation.remove.length === 0 ? {} : { remove };
      return { networkAcl: { name: mutation.name, ...byListDirection(mutation.set, entryKeys), ...removed } };
    }
    case 'connection-tracking':
      return { connectionTracking: { instance: mutation.instance, ...mutation.timeouts } };
    case 'routes': {
      const { table, add, remove } = mutation;
      return { routes: { table, ...listKey('remove', remove), ...listKey('add', add) } };
    }
    case 'subnet': {
      const { type: _, ...associations } = mutation;
      return { subnet: associations };
    }
    case 'launch': {
      const { name, subnet, groups, privateIp, publicIp, listen } = mutation.machine;
      const addresses = { ...(privateIp === null ? {} : { privateIp }), ...(publicIp === false ? {} : { publicIp }) };
      const listKeys = { ...listKey('securityGroups', groups ?? []), ...listKey('listen', listen.map(listenerWords)) };
      return { launch: { name, subnet, ...listKeys, ...addresses } };
    }
    case 'terminate':
      return { terminate: mutation.machine };
    case 'listen':
    case 'close':
      return { [mutation.type]: { on: mutation.on, ...listKey('ports', mutation.listeners.map(listenerWords)) } };
  }
}

/** A list of one is written as the one; an empty one not at all. */
function listKey(key: string, items: readonly unknown[]): object {
  return items.length === 0 ? {} : { [key]: items.length === 1 ? items[0] : items };
}

function byDirection<T extends { readonly direction: Direction }>(
  items: readonly T[],
  keys: (item: T) => object,
): object {
  const of = (direction: Direction) => items.filter((item) => item.direction === direction).map(keys);
  return { ...listKey('ingress', of('ingress')), ...listKey('egress', of('egress')) };
}

function byListDirection<T extends { readonly direction: Direction }>(
  items: readonly T[],
  of: (item: T) => unknown,
): object {
  const [inbound, outbound] = (['ingress', 'egress'] as const).map((direction) =>
    items.filter((item) => item.direction === direction).map(of),
  );
  return { ...listKey('inbound', inbound ?? []), ...listKey('outbound', outbound ?? []) };
}

function ruleKeys({ direction, protocol, fromPort, toPort, peer, description }: Partial<WordedRule>): object {
  const side = direction === 'egress' ? 'to' : 'from';
  return {
    ...(protocol === undefined ? {} : { protocol: protocolWord(protocol), ...rangeKeys(protocol, fromPort, toPort) }),
    ...(peer === undefined ? {} : { [side]: peer }),
    ...(description == null ? {} : { description }),
  };
}

function entryKeys({ number, action, direction, protocol, fromPort, toPort, cidr }: EntryInput): object {
  const side = direction === 'egress' ? 'to' : 'from';
  return {
    rule: number,
    action,
    protocol: protocolWord(protocol),
    ...rangeKeys(protocol, fromPort, toPort),
    [side]: cidr,
  };
}

function protocolWord(protocol: string): string | number {
  if (protocol === '-1') return 'all';
  return /^\d+$/.test(protocol) ? Number(protocol) : protocol;
}

function rangeKeys(protocol: string, from: number | null | undefined, to: number | null | undefined): object {
  if (from == null || to == null) return {};
  if (protocol === 'icmp' || protocol === 'icmpv6') return { type: from, code: to };
  return { ports: from === to ? from : `${from}-${to}` };
}
