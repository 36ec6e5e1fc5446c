/** The interface of every benchmark, and how it takes its measurements. */
import type { LabOptions } from '../../src/lab/lab.js';
import type { Figure } from './figure.js';

/** No scenario file belongs to the labs of a benchmark. */
export const LAB_OPTIONS: LabOptions = { file: null, leftovers: 'rebuild' };

export interface BenchContext {
  /** A short run: fewer rounds and smaller samples, hence a wider spread. */
  readonly quick: boolean;
  /** Ends a run: the current measurement is finished and taken down first. */
  readonly signal: AbortSignal;
  /**
   * Name of a lab that no other run uses.
   * @param role 1 to 20 characters
   */
  labName(role: string): string;
  /** Prints one line for people who wait. */
  progress(text: string): void;
}

export interface Benchmark {
  readonly name: string;
  readonly summary: string;
  run(context: BenchContext): Promise<Figure[]>;
}

/**
 * Takes every contender's measurement once per round, one after the other, in the opposite order every other round.
 * @returns one number per round for each contender
 */
export async function interleave<Name extends string>(
  context: BenchContext,
  rounds: number,
  contenders: Readonly<Record<Name, () => Promise<number>>>,
): Promise<Record<Name, number[]>> {
  const names = Object.keys(contenders) as Name[];
  const results = Object.fromEntries(names.map((name): [Name, number[]] => [name, []])) as Record<Name, number[]>;
  for (let round = 0; round < rounds; round++) {
    for (const name of round % 2 === 0 ? names : [...names].reverse()) {
      context.signal.throwIfAborted();
      const value = await contenders[name]();
      results[name].push(value);
      context.progress(`round ${round + 1} of ${rounds}, ${name}: ${value.toPrecision(4)}`);
    }
  }
  return results;
}

/** Milliseconds that an action takes. */
export async function timed(action: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await action();
  return performance.now() - start;
}
