/** The events of random histories, and the drafts that they are made of. */

import { Choices } from '../../changes/choices.js';
import { type Mutation, VERBS } from '../../changes/verbs.js';
import type { PacketSpec } from '../../cloud/text/packet-spec.js';
import type { ProbeSpec } from '../../cloud/text/probe.js';
import type { Cloud } from '../../cloud/types.js';
import type { FlowSend } from '../../verdict/types.js';
import { chooseForgery } from './choose-forgery.js';
import { chooseQuestion } from './choose-question.js';

/** One event of a history. */
export type Event =
  | { readonly type: 'mutate'; readonly mutation: Mutation }
  | { readonly type: 'probe'; readonly question: ProbeSpec }
  | { readonly type: 'packet'; readonly packet: PacketSpec }
  | { readonly type: 'open'; readonly flow: string; readonly question: ProbeSpec }
  | { readonly type: 'exchange'; readonly flow: string; readonly send: FlowSend }
  | { readonly type: 'end'; readonly flow: string }
  | { readonly type: 'advance'; readonly seconds: number };

/**
 * An event before it is known what there is to choose from: its numbers are taken modulo the choices at that time, so
 * that every list of them is a possible history, and every shorter one, too.
 */
export interface Draft {
  readonly kind: DraftKind;
  readonly choices: readonly number[];
}

export type DraftKind = Mutation['type'] | keyof typeof OTHERS;

/** Questions come more often than changes, or there would be nothing to compare. */
const OTHERS = { probe: 8, open: 4, exchange: 7, end: 1, advance: 2, packet: 3 } as const;

/** A seed gives the same histories only as long as the kinds keep their order: these changes were always the last. */
const LAST: ReadonlySet<string> = new Set(['network-acl', 'connection-tracking']);

const CHANGES = Object.keys(VERBS) as Mutation['type'][];

/** Every kind of event with the weight by which it is drawn. */
export const DRAFT_KINDS: readonly (readonly [DraftKind, number])[] = [
  ...[...CHANGES.filter((type) => !LAST.has(type)), ...CHANGES.filter((type) => LAST.has(type))].flatMap((type) => {
    const { random } = VERBS[type];
    return random === undefined ? [] : [[type, random.weight] as const];
  }),
  ...(Object.entries(OTHERS) as [DraftKind, number][]),
];

/**
 * Idle times close to the time-outs of 4.5 and far from sums of others, so that a slow run cannot change an answer.
 * Seconds.
 */
const IDLE_SECONDS = [20, 50, 110, 700, 500_000] as const;

const SENDS: readonly FlowSend[] = ['both', 'client', 'server'];

/**
 * Turns the draft into an event in the present cloud; null if there is nothing to choose.
 * @param flows that are open
 */
export function choose(cloud: Cloud, flows: readonly string[], draft: Draft, serial: number): Event | null {
  const choices = new Choices(draft.choices);
  switch (draft.kind) {
    case 'probe': {
      const question = chooseQuestion(cloud, choices);
      return question === null ? null : { type: 'probe', question };
    }
    case 'packet': {
      const packet = chooseForgery(cloud, choices);
      return packet === null ? null : { type: 'packet', packet };
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
      return { type: 'advance', seconds: choices.of(IDLE_SECONDS) ?? 20 };
    default: {
      const mutation = VERBS[draft.kind].random?.choose(cloud, choices, serial) ?? null;
      return mutation === null ? null : { type: 'mutate', mutation };
    }
  }
}
