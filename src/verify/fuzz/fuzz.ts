/** Random histories on one live lab: the model and the kernel must agree about every packet. */
import fc from 'fast-check';
import type { Cloud } from '../../cloud/types.js';
import type { Lab } from '../../lab/lab.js';
import { KernelOpinion } from '../kernel-opinion.js';
import { ModelOpinion } from '../model-opinion.js';
import { DRAFT_KINDS, type Draft } from './event.js';
import { type History, play } from './play.js';

/** Longer than any connection is tracked (4.5). */
const FOREVER_S = 1_000_000;
const MAX_EVENTS = 40;
const CHOICES = 24;

export interface FuzzOptions {
  readonly runs: number;
  readonly seed: number;
  readonly signal?: AbortSignal;
  readonly onRun?: (done: number) => void;
}

export interface FuzzResult {
  readonly seed: number;
  /** Histories that were played, shrinking not counted. */
  readonly runs: number;
  /** Answers that were compared in these histories. */
  readonly compared: number;
  /** The smallest history found on which the two disagree; null if they never do. */
  readonly failure: History | null;
  /** Milliseconds. */
  readonly ms: number;
}

/** @param live a lab of `fuzzCloud`; it is used for all histories, and reset between them */
export async function fuzz(live: Lab, { runs, seed, signal, onRun }: FuzzOptions): Promise<FuzzResult> {
  const started = performance.now();
  const base = live.cloud;
  let played = 0;
  let compared = 0;
  let failure: History | null = null;
  const property = fc.asyncProperty(
    fc.array(draft(), { minLength: 1, maxLength: MAX_EVENTS, size: 'max' }),
    async (drafts) => {
      signal?.throwIfAborted();
      const history = await replay(live, base, drafts);
      if (history.disagreement !== null) failure = history;
      else if (failure === null) {
        played += 1;
        compared += history.played.filter(({ kernel }) => kernel !== null).length;
        onRun?.(played);
      }
      return history.disagreement === null;
    },
  );
  const details = await fc.check(property, { numRuns: runs, seed });
  signal?.throwIfAborted();
  if (failure === null && details.failed) throw details.errorInstance;
  return { seed, runs: played, compared, failure, ms: performance.now() - started };
}

async function replay(live: Lab, base: Cloud, drafts: readonly Draft[]): Promise<History> {
  live.traffic.flows.close();
  await live.change(() => base);
  await live.advance(FOREVER_S);
  return play(base, drafts, new KernelOpinion(live), new ModelOpinion(base));
}

function draft(): fc.Arbitrary<Draft> {
  const kinds = DRAFT_KINDS.map(([kind, weight]) => ({ arbitrary: fc.constant(kind), weight }));
  return fc.record({
    kind: fc.oneof(...kinds),
    // Leaving events out makes a history smaller; trying other numbers costs twenty times as many packets without fewer
    // events.
    choices: fc.noShrink(fc.array(fc.nat({ max: 999 }), { minLength: CHOICES, maxLength: CHOICES })),
  });
}
