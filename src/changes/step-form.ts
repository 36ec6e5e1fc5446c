/** Parts of steps: a change is written as the step of a file, and read back from it. */
import type { Direction } from '../cloud/groups/types.js';
import type { EntryInput } from '../cloud/network/network-acl.js';
import { type UnresolvedRule, unresolvedRuleText } from '../cloud/text/rule.js';

/** A list of one is written as the one; an empty one not at all. */
export function listKey(key: string, items: readonly unknown[]): object {
  return items.length === 0 ? {} : { [key]: items.length === 1 ? items[0] : items };
}

/** Rules under the keys of their directions. */
export function rulesStep(rules: readonly UnresolvedRule[]): object {
  const of = (direction: Direction) => rules.filter((rule) => rule.direction === direction).map(ruleStep);
  return { ...listKey('ingress', of('ingress')), ...listKey('egress', of('egress')) };
}

/** A rule, or as much of it as a modification has. */
export function ruleStep({
  direction,
  protocol,
  fromPort,
  toPort,
  peer,
  description,
}: Partial<UnresolvedRule>): object {
  const side = direction === 'egress' ? 'to' : 'from';
  return {
    ...(protocol === undefined ? {} : { protocol: protocolValue(protocol), ...rangeKeys(protocol, fromPort, toPort) }),
    ...(peer === undefined ? {} : { [side]: peer }),
    ...(description == null ? {} : { description }),
  };
}

/** An entry of a network ACL. */
export function entryStep({ number, action, direction, protocol, fromPort, toPort, cidr }: EntryInput): object {
  const side = direction === 'egress' ? 'to' : 'from';
  return {
    rule: number,
    action,
    protocol: protocolValue(protocol),
    ...rangeKeys(protocol, fromPort, toPort),
    [side]: cidr,
  };
}

function protocolValue(protocol: string): string | number {
  if (protocol === '-1') return 'all';
  return /^\d+$/.test(protocol) ? Number(protocol) : protocol;
}

function rangeKeys(protocol: string, from: number | null | undefined, to: number | null | undefined): object {
  if (from == null || to == null) return {};
  if (protocol === 'icmp' || protocol === 'icmpv6') return { type: from, code: to };
  return { ports: from === to ? from : `${from}-${to}` };
}

/** The words of `authorize` and `revoke` after the verb; null for more or less than one rule. */
export function ruleCommandWords(group: string, rules: readonly UnresolvedRule[]): readonly string[] | null {
  const [rule, second] = rules;
  if (rule === undefined || second !== undefined) return null;
  const text = unresolvedRuleText(rule).replace(/^all traffic /, 'all ');
  return [group, ...text.split(' ')];
}
