/** Changes in a lesson: command lines or steps, tried on a copy of the lab's cloud. */

import { parseCommandLine } from '../changes/command-line.js';
import { applyMutation } from '../changes/mutation.js';
import type { Mutation } from '../changes/verbs.js';
import type { Cloud } from '../cloud/types.js';
import { parseChange } from '../scenario/parse-change.js';
import { readStep, type Step } from '../scenario/steps.js';
import type { ProblemList } from '../source/problems.js';
import type { Path } from '../source/tree.js';
import type { ChangeDefinition } from './schema.js';

export interface ReadChanges {
  readonly steps: readonly Step[];
  /** The cloud after them. */
  readonly cloud: Cloud;
}

/**
 * Reads changes, each tried on the cloud as the ones before left it; a change that fails there is a problem. Besides
 * changes, time may pass.
 */
export function readChanges(
  problems: ProblemList,
  path: Path,
  definitions: readonly ChangeDefinition[],
  before: Cloud,
): ReadChanges {
  const steps: Step[] = [];
  let cloud = before;
  for (const [position, definition] of definitions.entries()) {
    const place = [...path, position];
    const step = readChange(problems, place, definition);
    if (step === undefined) continue;
    steps.push(step);
    if (step.type !== 'mutate') continue;
    const from = cloud;
    cloud = problems.attempt(place, () => applyMutation(from, step.mutation)) ?? cloud;
  }
  return { steps, cloud };
}

/** The same where only changes may stand: a solution is what one can type. */
export function readMutations(
  problems: ProblemList,
  path: Path,
  definitions: readonly ChangeDefinition[],
  before: Cloud,
): Mutation[] {
  const { steps } = readChanges(problems, path, definitions, before);
  return steps.flatMap((step) => {
    if (step.type === 'mutate') return step.mutation;
    problems.add(path, { message: `"${step.name}" is not a change of the lab`, hint: 'Time passes in goals only.' });
    return [];
  });
}

function readChange(problems: ProblemList, path: Path, definition: ChangeDefinition): Step | undefined {
  const line = 0;
  if (typeof definition === 'string') {
    const mutation = problems.attempt(path, () => parseCommandLine(definition, parseChange));
    return mutation === undefined ? undefined : { type: 'mutate', name: definition, line, mutation };
  }
  const step = readStep({ problems, path, line }, definition)?.step;
  if (step === undefined || step.type === 'mutate' || step.type === 'advance') return step;
  problems.add(path, { message: `"${step.name}" is not a change of the lab`, hint: 'Probes have keys of their own.' });
  return undefined;
}
