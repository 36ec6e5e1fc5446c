/** `sglab verify`: builds one lab for all questions or histories, and takes it down again. */
import path from 'node:path';
import type { Cloud } from '../cloud/types.js';
import { Lab } from '../lab/lab.js';
import { ForeignOpinion } from './foreign-opinion.js';
import { type FuzzOptions, type FuzzResult, fuzz } from './fuzz/fuzz.js';
import { KernelOpinion } from './kernel-opinion.js';
import { ModelOpinion } from './model-opinion.js';
import type { Opinion } from './opinion.js';
import { questionsFor, shardOf } from './questions.js';
import { type Verification, verify } from './verify.js';

export interface VerifyLabOptions {
  readonly signal: AbortSignal;
  readonly onProgress: (done: number, total: number) => void;
  /** A line for /bin/sh that starts a user's model; null: sglab's own. */
  readonly command: string | null;
  /** The part of the questions, from 1, and the number of parts. */
  readonly shard: { readonly index: number; readonly count: number };
}

/** Asks the kernel and a model every question that matters. The lab is down again when this returns or throws. */
export async function verifyCloud(cloud: Cloud, file: string, options: VerifyLabOptions): Promise<Verification> {
  const { signal, onProgress, command, shard } = options;
  const foreign = command === null ? null : new ForeignOpinion(command, cloud, { signal });
  const other: Opinion = foreign ?? new ModelOpinion(cloud);
  try {
    return await withLab(cloud, file, signal, (live) => {
      const questions = shardOf(questionsFor(cloud), shard.index, shard.count);
      return verify(new KernelOpinion(live), other, questions, { signal, onProgress });
    });
  } finally {
    await foreign?.close();
  }
}

/** Plays random histories. The lab is down again when this returns or throws. */
export function fuzzCloudOf(
  cloud: Cloud,
  options: FuzzOptions & { readonly signal: AbortSignal },
): Promise<FuzzResult> {
  return withLab(cloud, 'random histories', options.signal, (live) => fuzz(live, options));
}

async function withLab<T>(
  cloud: Cloud,
  file: string,
  signal: AbortSignal,
  action: (live: Lab) => Promise<T>,
): Promise<T> {
  const live = await Lab.up(cloud, { file: path.resolve(file), leftovers: 'rebuild', signal });
  try {
    return await action(live);
  } finally {
    await live.down();
  }
}
