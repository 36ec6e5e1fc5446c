/** Asks two opinions every question about one cloud, and collects their disagreements. */
import type { ProbeSpec } from '../cloud/text/probe.js';
import { type Aspect, disagreement } from './compare.js';
import type { Answer, Opinion } from './opinion.js';

/** Questions per batch: enough to keep the prober busy, few enough to show progress and to stop soon. */
const BATCH = 500;

export interface Difference {
  readonly question: ProbeSpec;
  readonly aspect: Aspect;
  readonly kernel: Answer;
  readonly other: Answer;
}

export interface Verification {
  /** The opinion that is compared with the kernel. */
  readonly other: string;
  readonly cells: number;
  readonly differences: readonly Difference[];
  /** Questions whose outcome in the kernel is unknown. */
  readonly unknown: readonly ProbeSpec[];
  /** Milliseconds, without building the lab. */
  readonly ms: number;
}

export interface VerifyOptions {
  readonly signal?: AbortSignal;
  readonly onProgress?: (done: number, total: number) => void;
}

export async function verify(
  kernel: Opinion,
  other: Opinion,
  questions: readonly ProbeSpec[],
  { signal, onProgress }: VerifyOptions = {},
): Promise<Verification> {
  const started = performance.now();
  const differences: Difference[] = [];
  const unknown: ProbeSpec[] = [];
  for (let at = 0; at < questions.length; at += BATCH) {
    signal?.throwIfAborted();
    onProgress?.(at, questions.length);
    const batch = questions.slice(at, at + BATCH);
    const [fromKernel, fromOther] = [await kernel.probe(batch), await other.probe(batch)];
    for (const [i, question] of batch.entries()) {
      const [a, b] = [fromKernel[i], fromOther[i]];
      if (a === undefined || b === undefined) throw new Error(`no answer to question ${at + i}`);
      const aspect = a.outcome === 'unknown' ? null : disagreement(a, b);
      if (a.outcome === 'unknown') unknown.push(question);
      if (aspect !== null) differences.push({ question, aspect, kernel: a, other: b });
    }
  }
  return { other: other.name, cells: questions.length, differences, unknown, ms: performance.now() - started };
}
