/** The goals of a lesson as steps, each tried on a copy of the lab's cloud. */
import { applyMutation } from '../changes/mutation.js';
import { listOf } from '../changes/read-parts.js';
import { parseProbe, probeText, resolveProbe } from '../cloud/text/probe.js';
import type { Cloud } from '../cloud/types.js';
import { FlowNames } from '../scenario/flow-names.js';
import type { ProbeStep } from '../scenario/steps/probe.js';
import { readStep, type Step } from '../scenario/steps.js';
import type { ProblemList } from '../source/problems.js';
import type { Path } from '../source/tree.js';
import { readChanges } from './read-changes.js';
import { readClosedWorld } from './read-closed-world.js';
import type { GoalDefinition } from './schema.js';
import type { LessonGoal } from './types.js';

/** The outcome that each of the keys with probes expects. */
const EXPECTED = { reaches: 'connected', refused: 'refused', shut: 'timed-out' } as const satisfies Record<
  string,
  ProbeStep['expect']['outcome']
>;
const KEYS = ['reaches', 'refused', 'shut'] as const;

/** Steps that a grader can take: each has an outcome that it can tell, and leaves nothing behind. */
const GRADABLE: ReadonlySet<Step['type']> = new Set(['probe', 'open', 'flow', 'end', 'mutate', 'advance', 'exec']);

export function readGoal(problems: ProblemList, path: Path, definition: GoalDefinition, cloud: Cloud): LessonGoal {
  const { goal, after, steps, hints = [] } = definition;
  const present = KEYS.filter((key) => definition[key] !== undefined);
  const isClosed = definition.only !== undefined;
  if (steps === undefined && present.length === 0 && !isClosed) {
    problems.add(path, { message: 'the goal checks nothing', hint: `It has ${KEYS.join(', ')}, only or steps.` });
  }
  if (steps !== undefined && (present.length > 0 || isClosed || after !== undefined)) {
    const hint = 'Write what is probed as steps, too.';
    problems.add([...path, 'steps'], { message: 'a goal with steps has no other probes', hint, on: 'key' });
  }
  const prepared = readChanges(problems, [...path, 'after'], after ?? [], cloud);
  const probes = present.flatMap((key) => readProbes({ problems, path, cloud: prepared.cloud }, key, definition[key]));
  const closed = readClosedWorld({ problems, path, cloud: prepared.cloud }, definition);
  return {
    goal,
    steps: [...prepared.steps, ...probes, ...readSteps(problems, [...path, 'steps'], steps ?? [], cloud)],
    ...(closed && { closed }),
    hints: hints.map(({ when = null, at = null, say }) => ({ when, at, say })),
  };
}

interface GoalPlace {
  readonly problems: ProblemList;
  /** Leads to the goal. */
  readonly path: Path;
  /** As the goal's changes leave it. */
  readonly cloud: Cloud;
}

function readProbes(
  { problems, path, cloud }: GoalPlace,
  key: (typeof KEYS)[number],
  words: string | readonly string[] | undefined,
): ProbeStep[] {
  return listOf(words).flatMap((text, position) => {
    const place = Array.isArray(words) ? [...path, key, position] : [...path, key];
    const probe = problems.attempt(place, () => parseProbe(text));
    if (probe === undefined || problems.attempt(place, () => resolveProbe(cloud, probe)) === undefined) return [];
    const expect = { outcome: EXPECTED[key], stage: null, leg: null, rules: [] };
    return [{ type: 'probe', name: probeText(probe), line: 0, probe, expect }];
  });
}

function readSteps(
  problems: ProblemList,
  path: Path,
  definitions: NonNullable<GoalDefinition['steps']>,
  before: Cloud,
): Step[] {
  const flows = new FlowNames(problems);
  let cloud = before;
  return definitions.flatMap((definition, position) => {
    const place = [...path, position];
    const step = readStep({ problems, path: place, line: 0 }, definition)?.step;
    if (step === undefined) return [];
    if (!GRADABLE.has(step.type)) {
      const hint = `Goals take steps of these kinds: ${[...GRADABLE].join(', ')}.`;
      problems.add(place, { message: `a goal cannot ${step.type}`, hint });
    }
    if (step.type === 'probe' || step.type === 'open') problems.attempt(place, () => resolveProbe(cloud, step.probe));
    if (step.type === 'open') flows.open([...place, 'open', 'flow'], step.flow);
    if (step.type === 'flow') flows.use(place, step.flow);
    if (step.type === 'end') flows.end(place, step.flow);
    if (step.type === 'mutate') cloud = problems.attempt(place, () => applyMutation(cloud, step.mutation)) ?? cloud;
    return [step];
  });
}
