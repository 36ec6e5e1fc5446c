import type { Mutation } from '../../changes/mutation.js';
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

export const DRAFT_KINDS = [
  'authorize',
  'revoke',
  'modify',
  'attach',
  'detach',
  'prefix-list',
  'source-dest-check',
  'peering',
  'network-acl',
  'connection-tracking',
  'probe',
  'open',
  'exchange',
  'end',
  'advance',
] as const;
export type DraftKind = (typeof DRAFT_KINDS)[number];
