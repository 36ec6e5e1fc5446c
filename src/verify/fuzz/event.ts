import { type Mutation, VERBS } from '../../changes/verbs.js';
import type { ProbeSpec } from '../../cloud/text/probe.js';
import type { FlowSend } from '../../verdict/types.js';

/** One thing that happens in a history. */
export type Event =
  | { readonly type: 'mutate'; readonly mutation: Mutation }
  | { readonly type: 'probe'; readonly question: ProbeSpec }
  | { readonly type: 'open'; readonly flow: string; readonly question: ProbeSpec }
  | { readonly type: 'exchange'; readonly flow: string; readonly send: FlowSend }
  | { readonly type: 'end'; readonly flow: string }
  | { readonly type: 'advance'; readonly seconds: number };

/**
 * An event before it is known what there is to choose from: numbers that are taken modulo the choices of the moment, so
 * that every list of them is a possible history, and a shorter one too.
 */
export interface Draft {
  readonly kind: DraftKind;
  readonly choices: readonly number[];
}

export type DraftKind = Mutation['type'] | keyof typeof OTHERS;

/** Questions come more often than changes, or there would be nothing to compare. */
const OTHERS = { probe: 8, open: 4, exchange: 7, end: 1, advance: 2 } as const;

/** A seed means the same histories only as long as the kinds keep their order: these changes were always the last. */
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
