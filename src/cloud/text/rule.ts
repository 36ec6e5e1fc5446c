import { CloudError, refuseDenyRule, refuseRateLimit } from '../errors.js';
import type { RuleBody } from '../groups/rules.js';
import type { Direction, Peer } from '../groups/types.js';
import { byId } from '../lookup.js';
import { hasPorts, isIcmp, normaliseProtocol } from '../protocol.js';
import type { Cloud } from '../types.js';
import { quote } from './quote.js';

/** A rule in the words of a file or of a command: its peer is a block or the name or id of a group or prefix list. */
export interface UnresolvedRule {
  readonly direction: Direction;
  readonly protocol: string;
  readonly fromPort: number | null;
  readonly toPort: number | null;
  readonly peer: string;
  readonly description: string | null;
}

export type Traffic = Pick<UnresolvedRule, 'protocol' | 'fromPort' | 'toPort'>;

const RULE = /^(\S+)\s+(from|to)\s+(\S.*)$/i;
const PORTS = /^(-?\d{1,9})(?:-(-?\d{1,9}))?$/;
const ICMP = /^(-?\d{1,9})(?:\/(-?\d{1,9}))?$/;
const ALL_PORTS = { fromPort: 0, toPort: 65535 } as const;
const FORM = 'Write a rule such as "tcp/443 from 0.0.0.0/0", "icmp/8/-1 from web" or "all traffic to 10.0.0.0/16".';

/**
 * Reads `tcp/22 from web`, `tcp/7000-8000 …`, `icmp/8/-1 …`, `47 …`, `all traffic …`, `all to 10.0.0.0/8`: `from` makes an ingress
 * rule, `to` an egress rule. Throws CloudError; whether the peer exists shows when the rule meets a group.
 */
export function parseRule(text: string): UnresolvedRule {
  const words = text.trim();
  if (/^deny\b/i.test(words)) throw refuseDenyRule();
  if (/\b(limit|rate)\b.*\//i.test(words) && !RULE.test(words)) throw refuseRateLimit();
  const plain = words.replace(/^allow\s+/i, '').replace(/^all\s+traffic\s/i, 'all ');
  const [, traffic, preposition, peer] = RULE.exec(plain) ?? [];
  if (traffic === undefined || preposition === undefined || peer === undefined) {
    throw new CloudError('InvalidParameterValue', `${quote(text)} is not a rule`, FORM);
  }
  const direction = preposition.toLowerCase() === 'from' ? 'ingress' : 'egress';
  return { direction, ...parseTraffic(traffic), peer: peer.trim(), description: null };
}

/** Formats a rule in the form that parseRuleWords reads. */
export function unresolvedRuleText(rule: UnresolvedRule): string {
  return `${trafficText(rule)} ${rule.direction === 'ingress' ? 'from' : 'to'} ${rule.peer}`;
}

/** Reads `tcp/443`, `tcp/all`, `icmp`, `icmpv6/128`, `47`, `proto/47`, `all`. Ranges are checked with the rule. */
export function parseTraffic(text: string): Traffic {
  const [name = '', ...rest] = text.replace(/^proto\//i, '').split('/');
  const protocol = normaliseProtocol(allAsNumber(name));
  const detail = rest.join('/');
  if (isIcmp(protocol)) return { protocol, ...parseIcmp(protocol, detail) };
  if (hasPorts(protocol)) return { protocol, ...parsePorts(detail) };
  if (detail === '') return { protocol, fromPort: null, toPort: null };
  throw new CloudError('InvalidParameterValue', `protocol ${protocol} has no ports`, `Write ${protocol} alone.`);
}

/** `all` is a word of AWS's command line, which sends -1 for it (section 1.2 of the semantics, W). */
export function allAsNumber(protocol: string): string {
  return protocol.toLowerCase() === 'all' ? '-1' : protocol;
}

/** Reads `443`, `7000-8000` or `all`. Throws CloudError for what is not of that form. */
export function parsePorts(text: string): { fromPort: number; toPort: number } {
  if (text.toLowerCase() === 'all') return ALL_PORTS;
  const [, first, last = first] = PORTS.exec(text) ?? [];
  if (first !== undefined) return { fromPort: Number(first), toPort: Number(last) };
  throw new CloudError(
    'InvalidParameterValue',
    text === '' ? 'TCP and UDP need ports' : `${quote(text)} is not a port or a range of ports`,
    'Write a port (443), a range (7000-8000) or all.',
  );
}

function parseIcmp(protocol: string, text: string): { fromPort: number; toPort: number } {
  if (text === '' || text.toLowerCase() === 'all') return { fromPort: -1, toPort: -1 };
  const [, type, code = '-1'] = ICMP.exec(text) ?? [];
  if (type !== undefined) return { fromPort: Number(type), toPort: Number(code) };
  throw new CloudError(
    'InvalidParameterValue',
    `${quote(text)} is not an ICMP type, or type and code`,
    `Write ${protocol} for all of it, or type and code: ${protocol}/8/-1.`,
  );
}

/** The rule as people say it, and as parseRuleWords reads it: `tcp/443 from 0.0.0.0/0`, `all traffic to web`. */
export function ruleText(cloud: Cloud, rule: RuleBody): string {
  return `${trafficText(rule)} ${rule.direction === 'ingress' ? 'from' : 'to'} ${peerName(cloud, rule.peer)}`;
}

/** `tcp/443`, `tcp/7000-8000`, `icmp/8/-1`, `47`; `all traffic`, as the console calls protocol -1. */
export function trafficText({
  protocol,
  fromPort,
  toPort,
}: Pick<RuleBody, 'protocol' | 'fromPort' | 'toPort'>): string {
  if (protocol === '-1') return 'all traffic';
  if (fromPort === null) return protocol;
  if (protocol === 'icmp' || protocol === 'icmpv6') return `${protocol}/${fromPort}/${toPort}`;
  return fromPort === toPort ? `${protocol}/${fromPort}` : `${protocol}/${fromPort}-${toPort}`;
}

/** The block, or the name of the group or prefix list. */
export function peerName(cloud: Cloud, peer: Peer): string {
  if (peer.type === 'cidr') return peer.cidr;
  return peer.type === 'group'
    ? byId(cloud.securityGroups, peer.groupId).name
    : byId(cloud.prefixLists, peer.prefixListId).name;
}
