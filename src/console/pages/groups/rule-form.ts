/** A security group rule as the form has it, and as AWS does. */
import { normaliseRule, type PeerSpec, type RuleBody, ruleIdentity } from '../../../cloud/groups/rules.js';
import type { Direction, Peer, SecurityGroup, SecurityGroupRule } from '../../../cloud/groups/types.js';
import { findById } from '../../../cloud/lookup.js';
import { familyOf, hostCidr, isAddress } from '../../../cloud/network/cidr.js';
import { parseTraffic } from '../../../cloud/text/rule.js';
import type { Cloud } from '../../../cloud/types.js';
import { SglabError } from '../../../errors.js';
import type { Item, Row } from '../../editing/rows.js';
import { CUSTOM_TCP, type Traffic, trafficOf, trafficOfType } from './rule-types.js';

/** AWS's choices; `my-ip` is the address of a host of the lab's internet, as the browser's own is in AWS. */
export const PEER_KINDS = ['custom', 'anywhere-ipv4', 'anywhere-ipv6', 'my-ip'] as const;

export interface FormPeer {
  readonly kind: (typeof PEER_KINDS)[number];
  /** A block, or the id of a group or prefix list; of `my-ip` the name of the host. */
  readonly text: string;
}

export interface RuleValue {
  readonly traffic: Traffic;
  readonly peer: FormPeer;
  readonly description: string;
}

export const ANYWHERE = { 'anywhere-ipv4': '0.0.0.0/0', 'anywhere-ipv6': '::/0' } as const;

export const NEW_RULE: RuleValue = {
  traffic: trafficOfType(CUSTOM_TCP),
  peer: { kind: 'custom', text: '' },
  description: '',
};

/** A group's rules of one direction. */
export function ruleItems({ rules }: SecurityGroup, direction: Direction): Item<RuleValue>[] {
  return rules.filter((rule) => rule.direction === direction).map((rule) => ({ id: rule.id, value: formRule(rule) }));
}

function formRule(rule: SecurityGroupRule): RuleValue {
  return { traffic: trafficOf(rule), peer: formPeer(rule.peer), description: rule.description ?? '' };
}

function formPeer(peer: Peer): FormPeer {
  if (peer.type === 'group') return { kind: 'custom', text: peer.groupId };
  if (peer.type === 'prefix-list') return { kind: 'custom', text: peer.prefixListId };
  if (peer.cidr === ANYWHERE['anywhere-ipv4']) return { kind: 'anywhere-ipv4', text: '' };
  if (peer.cidr === ANYWHERE['anywhere-ipv6']) return { kind: 'anywhere-ipv6', text: '' };
  return { kind: 'custom', text: peer.cidr };
}

/** What a row asks for, or what is wrong with it, in AWS's words where AWS would say it. */
export interface ReadRow {
  readonly row: Row<RuleValue>;
  readonly body: RuleBody | null;
  readonly problem: { readonly field: 'ports' | 'peer' | 'description'; readonly text: string } | null;
}

/** @param group one that does not exist yet has no id and no rules */
export function readRows(
  cloud: Cloud,
  group: SecurityGroup,
  direction: Direction,
  rows: readonly Row<RuleValue>[],
): ReadRow[] {
  const read = rows.map((row) => readRow(cloud, group, direction, row));
  const seen = new Set<string>();
  return read.map((each) => {
    if (each.body === null) return each;
    const identity = ruleIdentity(each.body);
    if (!seen.has(identity)) {
      seen.add(identity);
      return each;
    }
    const text = 'The same permission must not appear multiple times';
    return { ...each, body: null, problem: { field: 'peer', text } };
  });
}

function readRow(cloud: Cloud, group: SecurityGroup, direction: Direction, row: Row<RuleValue>): ReadRow {
  const { traffic, peer, description } = row.value;
  let field: 'ports' | 'peer' = 'ports';
  try {
    const ports = readTraffic(traffic);
    field = 'peer';
    const spec = { direction, ...ports, peer: peerSpec(cloud, peer) };
    const body = normaliseRule(cloud, group, spec);
    return { row, ...described(body, description, () => normaliseRule(cloud, group, { ...spec, description })) };
  } catch (error) {
    return { row, body: null, problem: { field, text: wordsOf(error) } };
  }
}

function described(plain: RuleBody, description: string, make: () => RuleBody): Omit<ReadRow, 'row'> {
  if (description === '') return { body: plain, problem: null };
  try {
    return { body: make(), problem: null };
  } catch (error) {
    return { body: null, problem: { field: 'description', text: wordsOf(error) } };
  }
}

/** The protocol and ports. @throws CloudError in AWS's words */
export function readTraffic({ protocol, ports }: Traffic) {
  const isCounted = protocol === 'tcp' || protocol === 'udp' || protocol === 'icmp' || protocol === 'icmpv6';
  return parseTraffic(isCounted ? `${protocol}/${ports.trim().replace(/\s*-\s*/, '-')}` : protocol.trim());
}

function peerSpec(cloud: Cloud, { kind, text }: FormPeer): PeerSpec {
  if (kind === 'anywhere-ipv4' || kind === 'anywhere-ipv6') return { type: 'cidr', cidr: ANYWHERE[kind] };
  if (kind === 'my-ip') return { type: 'cidr', cidr: hostBlock(cloud, text) };
  const word = text.trim();
  if (word.startsWith('sg-')) return { type: 'group', groupId: word };
  if (word.startsWith('pl-')) return { type: 'prefix-list', prefixListId: word };
  return { type: 'cidr', cidr: isAddress(word) ? hostCidr(word) : word };
}

/** The block of a host's own address, of IPv4 if it has one; empty for no host. */
export function hostBlock(cloud: Cloud, name: string): string {
  const addresses = findById(cloud.externalHosts, name)?.addresses ?? [];
  const address = addresses.find((each) => familyOf(each) === 'ipv4') ?? addresses[0];
  return address === undefined ? '' : hostCidr(address);
}

export function wordsOf(error: unknown): string {
  if (!(error instanceof SglabError)) throw error;
  return error.hint === null ? error.message : `${error.message} (${error.hint})`;
}
