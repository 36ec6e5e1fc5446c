/** From drafts to events: numbers become words that name something in the cloud of the moment. */

import type { Mutation } from '../../changes/mutation.js';
import { byId } from '../../cloud/by-id.js';
import type { SecurityGroup, SecurityGroupRule } from '../../cloud/groups/types.js';
import { interfaceName } from '../../cloud/lookup.js';
import type { EntryInput } from '../../cloud/network/network-acl-entry.js';
import type { WordedRule } from '../../cloud/text/rule-words.js';
import type { Cloud } from '../../cloud/types.js';
import type { FlowSend } from '../../verdict/types.js';
import { Choices } from './choices.js';
import { chooseQuestion } from './choose-question.js';
import type { Draft, Event } from './event.js';

/** Next to the time-outs of 4.5, never near a sum of others: what is left differs by more than a slow run takes. */
const SILENCES = [20, 50, 110, 700, 500_000] as const;

const PORT_RANGES = [
  [22, 22],
  [80, 80],
  [0, 65_535],
  [1, 65_535],
  [20, 60],
  [53, 53],
  [79, 81],
] as const;

const BLOCKS4 = [
  '0.0.0.0/0',
  '10.0.0.0/16',
  '10.0.1.0/24',
  '10.0.1.4/32',
  '10.0.2.0/23',
  '10.1.0.0/16',
  '198.51.100.0/24',
  '203.0.113.7/32',
  '0.0.0.0/1',
  '128.0.0.0/1',
] as const;
const BLOCKS6 = ['::/0', '2001:db8:1::/56', '2001:db8:1:2::/64', '2001:db8:ffff::10/128', '::/1'] as const;
/** Before, between and behind the entries 100 and 101 of a default list. */
const ENTRY_NUMBERS = [90, 100, 101, 110] as const;

const TIMEOUTS = [
  { tcpEstablishedTimeout: 60 },
  { udpTimeout: 60 },
  { udpStreamTimeout: 60 },
  { tcpEstablishedTimeout: 432_000, udpTimeout: 30, udpStreamTimeout: 180 },
] as const;

const SENDS: readonly FlowSend[] = ['both', 'client', 'server'];

/** The event that the draft stands for now; null where there is nothing to choose. @param flows that are open */
export function choose(cloud: Cloud, flows: readonly string[], draft: Draft, serial: number): Event | null {
  const choices = new Choices(draft.choices);
  switch (draft.kind) {
    case 'probe': {
      const question = chooseQuestion(cloud, choices);
      return question === null ? null : { type: 'probe', question };
    }
    case 'open': {
      const question = chooseQuestion(cloud, choices);
      if (question === null) return null;
      // A ping is an echo of code 0.
      const icmpCode = question.icmpCode === null ? null : 0;
      return { type: 'open', flow: `f${serial}`, question: { ...question, icmpCode } };
    }
    case 'exchange': {
      const flow = choices.of(flows);
      return flow === undefined ? null : { type: 'exchange', flow, send: choices.of(SENDS) ?? 'both' };
    }
    case 'end': {
      const flow = choices.of(flows);
      return flow === undefined ? null : { type: 'end', flow };
    }
    case 'advance':
      return { type: 'advance', seconds: choices.of(SILENCES) ?? 20 };
    default: {
      const mutation = chooseMutation(cloud, draft.kind, choices, serial);
      return mutation === null ? null : { type: 'mutate', mutation };
    }
  }
}

type MutationKind = Exclude<Draft['kind'], 'probe' | 'open' | 'exchange' | 'end' | 'advance'>;

function chooseMutation(cloud: Cloud, kind: MutationKind, choices: Choices, serial: number): Mutation | null {
  switch (kind) {
    case 'authorize': {
      const group = choices.of(Object.values(cloud.securityGroups));
      if (group === undefined) return null;
      // Rules are named by their description: their ids would depend on everything before them.
      const rules = ['a', 'b', 'c'].slice(0, 1 + choices.number(3)).map((letter) => {
        return { ...chooseRule(cloud, group, choices), description: `r${serial}${letter}` };
      });
      return { type: kind, group: groupWord(cloud, group), rules };
    }
    case 'revoke': {
      const group = choices.of(Object.values(cloud.securityGroups).filter(({ rules }) => rules.length > 0));
      const rule = choices.of(group?.rules ?? []);
      if (group === undefined || rule === undefined) return null;
      const word = groupWord(cloud, group);
      if (rule.description !== null) return { type: kind, group: word, rules: [], ruleIds: [rule.description] };
      return { type: kind, group: word, rules: [wordsOf(cloud, rule)], ruleIds: [] };
    }
    case 'modify': {
      const isChangeable = ({ peer, description }: SecurityGroupRule) => peer.type === 'cidr' && description !== null;
      const group = choices.of(Object.values(cloud.securityGroups).filter(({ rules }) => rules.some(isChangeable)));
      const rule = choices.of((group?.rules ?? []).filter(isChangeable));
      if (group === undefined || rule?.peer.type !== 'cidr' || rule.description === null) return null;
      const peer = choices.of(rule.peer.family === 'ipv4' ? BLOCKS4 : BLOCKS6) ?? '0.0.0.0/0';
      const to = { direction: rule.direction, peer };
      return { type: kind, group: groupWord(cloud, group), rule: rule.description, to };
    }
    case 'attach': {
      const eni = choices.of(Object.values(cloud.networkInterfaces));
      if (eni === undefined) return null;
      const { vpcId } = byId(cloud.subnets, eni.subnetId);
      const others = Object.values(cloud.securityGroups).filter((group) => group.vpcId === vpcId);
      const group = choices.of(others.filter(({ id }) => !eni.groupIds.includes(id)));
      if (group === undefined) return null;
      return { type: kind, instance: interfaceName(cloud, eni.id), group: groupWord(cloud, group) };
    }
    case 'detach': {
      // The last group of an interface stays.
      const eni = choices.of(Object.values(cloud.networkInterfaces).filter(({ groupIds }) => groupIds.length > 1));
      const id = choices.of(eni?.groupIds ?? []);
      if (eni === undefined || id === undefined) return null;
      const group = groupWord(cloud, byId(cloud.securityGroups, id));
      return { type: kind, instance: interfaceName(cloud, eni.id), group };
    }
    case 'prefix-list':
      return choosePrefixList(cloud, choices);
    case 'source-dest-check': {
      const eni = choices.of(Object.values(cloud.networkInterfaces));
      const instance = eni === undefined ? '' : interfaceName(cloud, eni.id);
      return { type: kind, instance, enabled: choices.number(2) === 0 };
    }
    case 'network-acl':
      return chooseEntry(cloud, choices);
    case 'connection-tracking': {
      const eni = choices.of(Object.values(cloud.networkInterfaces));
      const timeouts = choices.of(TIMEOUTS);
      if (eni === undefined || timeouts === undefined) return null;
      return { type: kind, instance: interfaceName(cloud, eni.id), timeouts };
    }
    case 'peering': {
      const [peering] = Object.values(cloud.peerings);
      if (peering === undefined) return null;
      return { type: kind, name: peering.name, status: choices.number(2) === 0 ? 'deleted' : 'active' };
    }
  }
}

/** Sets an entry, or removes one that is there. */
function chooseEntry(cloud: Cloud, choices: Choices): Mutation | null {
  const list = choices.of(Object.values(cloud.networkAcls));
  if (list === undefined) return null;
  const present = choices.number(3) === 2 ? choices.of(list.entries) : undefined;
  if (present !== undefined) return { type: 'network-acl', name: list.name, set: [], remove: [present] };
  const protocol = choices.of(['tcp', '-1', 'udp', 'icmp', '47', 'icmpv6']) ?? 'tcp';
  const entry: EntryInput = {
    number: choices.of(ENTRY_NUMBERS) ?? 90,
    direction: choices.number(2) === 0 ? 'ingress' : 'egress',
    action: choices.number(3) === 2 ? 'allow' : 'deny',
    protocol,
    ...chooseRange(protocol, choices),
    cidr: choices.of([...BLOCKS4, ...BLOCKS6]) ?? '0.0.0.0/0',
  };
  return { type: 'network-acl', name: list.name, set: [entry], remove: [] };
}

function choosePrefixList(cloud: Cloud, choices: Choices): Mutation | null {
  const list = choices.of(Object.values(cloud.prefixLists));
  if (list === undefined) return null;
  const present = list.entries.map(({ cidr }) => cidr);
  const block = choices.of(list.family === 'ipv4' ? BLOCKS4.slice(1) : BLOCKS6.slice(1)) ?? '';
  const change = present.includes(block) ? { add: [], remove: [block] } : { add: [block], remove: [] };
  return { type: 'prefix-list', name: list.name, ...change };
}

function chooseRule(cloud: Cloud, group: SecurityGroup, choices: Choices): WordedRule {
  const direction = choices.number(3) === 2 ? 'egress' : 'ingress';
  const protocol = choices.of(['tcp', 'udp', '-1', 'icmp', 'icmpv6', '47', 'tcp', 'udp']) ?? 'tcp';
  return {
    direction,
    protocol,
    ...chooseRange(protocol, choices),
    peer: choosePeer(cloud, group, choices),
    description: null,
  };
}

function chooseRange(protocol: string, choices: Choices): Pick<WordedRule, 'fromPort' | 'toPort'> {
  if (protocol === 'icmp' || protocol === 'icmpv6') {
    const echo = protocol === 'icmp' ? 8 : 128;
    const [fromPort, toPort] = choices.of([[-1, -1] as const, [echo, -1] as const, [echo, 0] as const]) ?? [-1, -1];
    return { fromPort, toPort };
  }
  if (protocol !== 'tcp' && protocol !== 'udp') return { fromPort: null, toPort: null };
  const [fromPort, toPort] = choices.of(PORT_RANGES) ?? [80, 80];
  return { fromPort, toPort };
}

function choosePeer(cloud: Cloud, { vpcId }: SecurityGroup, choices: Choices): string {
  const groups = Object.values(cloud.securityGroups).filter((other) => other.vpcId === vpcId || hasPeering(cloud));
  const peers = [
    BLOCKS4,
    groups.map((each) => groupWord(cloud, each)),
    BLOCKS6,
    BLOCKS4,
    Object.values(cloud.prefixLists).map(({ name }) => name),
  ];
  return choices.of(choices.of(peers) ?? BLOCKS4) ?? '0.0.0.0/0';
}

/** The name, with its VPC's where several VPCs have a group of that name: ids differ from lab to lab. */
function groupWord(cloud: Cloud, { vpcId, name }: SecurityGroup): string {
  const isOnly = Object.values(cloud.securityGroups).filter((group) => group.name === name).length === 1;
  return isOnly ? name : `${byId(cloud.vpcs, vpcId).name}/${name}`;
}

function wordsOf(cloud: Cloud, { direction, protocol, fromPort, toPort, peer }: SecurityGroupRule): WordedRule {
  const word =
    peer.type === 'cidr'
      ? peer.cidr
      : peer.type === 'prefix-list'
        ? byId(cloud.prefixLists, peer.prefixListId).name
        : groupWord(cloud, byId(cloud.securityGroups, peer.groupId));
  return { direction, protocol, fromPort, toPort, peer: word, description: null };
}

function hasPeering(cloud: Cloud): boolean {
  return Object.values(cloud.peerings).some(({ status }) => status === 'active');
}
