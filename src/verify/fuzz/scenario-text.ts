import { stringify } from 'yaml';
import { FUZZ_TOPOLOGY } from './lab.js';
import type { History } from './play.js';
import { stepOf } from './steps.js';

/**
 * The history as a scenario file that can be run as it stands. It expects what the model says, so it fails as long as the
 * two disagree, and is a regression test afterwards.
 */
export function scenarioText(name: string, { played, deciding }: History, seed: number): string {
  const last = played.at(-1);
  const steps = played.map((each) => stepOf(each, each === last ? deciding : []));
  const text = stringify({ steps }, { flowCollectionPadding: true, collectionStyle: 'any' });
  return `# Found by \`sglab verify --fuzz\` with seed ${seed}: the model and the kernel disagree at the last step.
name: ${name}
description: A history on which the model and the kernel disagree
${FUZZ_TOPOLOGY}${text}`;
}
