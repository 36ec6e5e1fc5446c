/** A history as the steps of a scenario file: what a reader can run, and keep as a regression test. */
import type { Mutation } from '../cloud/mutation.js';
import type { EntryInput } from '../cloud/network-acl-entry.js';
import { type ProbeSpec, probeTrafficWords } from '../cloud/probe.js';
import type { WordedRule } from '../cloud/rule-words.js';
import type { Direction } from '../cloud/types.js';
import type { Played } from './play.js';

/** The step that makes it happen again; expected is what the model says. */
export function stepOf({ event, model }: Played): object {
  switch (event.type) {
    case 'mutate':
      return mutationStep(event.mutation);
    case 'probe':
      return probeStep(event.question, model);
    case 'open':
      // A step that opens a flow demands that it opens.
      if (model?.outcome !== 'connected') return probeStep(event.question, model);
      return { open: { flow: event.flow, probe: probeText(event.question), ...familyOf(event.question) } };
    case 'exchange':
      return { flow: event.flow, send: event.send, ...expectation(model) };
    case 'end':
      return { end: event.flow };
    case 'advance':
      return { advance: `${event.seconds}s` };
  }
}

function probeStep(question: ProbeSpec, model: Played['model']): object {
  return { probe: probeText(question), ...familyOf(question), ...expectation(model) };
}

function expectation(model: Played['model']): object {
  if (model === null) return {};
  const { outcome, stage, leg } = model;
  return { expect: outcome, ...(stage === null ? {} : { at: stage }), ...(leg === null ? {} : { leg }) };
}

function probeText(question: ProbeSpec): string {
  return `${question.from} -> ${question.to} ${probeTrafficWords(question)}`;
}

function familyOf({ family }: ProbeSpec): object {
  return family === 'ipv6' ? { family } : {};
}

function mutationStep(mutation: Mutation): object {
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
    default:
      throw new Error(`no history has a ${mutation.type}`);
  }
}

function byDirection<T extends { readonly direction: Direction }>(
  items: readonly T[],
  keys: (item: T) => object,
): object {
  const of = (direction: Direction) => items.filter((item) => item.direction === direction).map(keys);
  const [ingress, egress] = [of('ingress'), of('egress')];
  return { ...(ingress.length === 0 ? {} : { ingress }), ...(egress.length === 0 ? {} : { egress }) };
}

function byListDirection<T extends { readonly direction: Direction }>(
  items: readonly T[],
  of: (item: T) => unknown,
): object {
  const [inbound, outbound] = (['ingress', 'egress'] as const).map((direction) =>
    items.filter((item) => item.direction === direction).map(of),
  );
  return { ...(inbound?.length ? { inbound } : {}), ...(outbound?.length ? { outbound } : {}) };
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
