import type { FuzzResult } from '../../verify/fuzz/fuzz.js';
import { scenarioText } from '../../verify/fuzz/scenario-text.js';
import { formatMs } from './words.js';

/** The smallest history on which the two disagree, as a scenario file, or how much they agreed about. */
export function formatFuzz({ seed, runs, compared, failure, ms }: FuzzResult): string {
  const size = `${runs} histories, ${compared} answers in ${formatMs(ms)}, seed ${seed}`;
  if (failure === null) return `✓ the model agrees with the kernel   ${size}\n`;
  const last = failure.played.at(-1);
  return [
    scenarioText('found', failure, seed),
    `✗ they disagree about ${failure.disagreement}   ${size}`,
    `  kernel: ${JSON.stringify(last?.kernel)}`,
    `  model:  ${JSON.stringify(last?.model)}`,
    '',
  ].join('\n');
}

export function fuzzDocument({ seed, runs, compared, failure, ms }: FuzzResult): object {
  const last = failure?.played.at(-1);
  return {
    seed,
    histories: runs,
    answers: compared,
    ms: Math.round(ms),
    disagreement: failure?.disagreement ?? null,
    kernel: last?.kernel ?? null,
    model: last?.model ?? null,
    scenario: failure === null ? null : scenarioText('found', failure, seed),
  };
}
