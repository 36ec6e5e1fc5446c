/** The closed world of a goal: what it is about, and what may pass of that. */
import { listOf } from '../changes/read-parts.js';
import type { Cloud } from '../cloud/types.js';
import type { Step } from '../scenario/steps.js';
import type { ProblemList } from '../source/problems.js';
import type { Path } from '../source/tree.js';
import { ANYONE, checkEnd, parseFlow, parsePlace, trafficOfProbe } from '../verify/closed-world/patterns.js';
import type { ClosedWorld, FlowPattern, Scope } from '../verify/closed-world/types.js';
import type { GoalDefinition } from './schema.js';
import type { LessonGoal } from './types.js';

const SCOPES = ['into', 'outOf', 'among'] as const;
const NOTHING = 'nothing';

interface Reading {
  readonly problems: ProblemList;
  /** Leads to the goal. */
  readonly path: Path;
  /** As the goal's changes leave it. */
  readonly cloud: Cloud;
}

/** @returns undefined where the goal has none */
export function readClosedWorld(reading: Reading, definition: GoalDefinition): ClosedWorld | undefined {
  const { problems, path } = reading;
  const { only } = definition;
  const present = SCOPES.filter((key) => definition[key] !== undefined);
  if (only === undefined) {
    for (const key of present) {
      const hint = `Add \`only: ${NOTHING}\`, or what may pass.`;
      problems.add([...path, key], { message: `\`${key}\` says nothing without \`only\``, hint, on: 'key' });
    }
    return undefined;
  }
  if (present.length === 0) {
    const hint = `Say of what: ${SCOPES.map((key) => `\`${key}\``).join(', ')}. Such as \`into: web-1\`.`;
    problems.add([...path, 'only'], { message: '`only` of everything is too much to say', hint, on: 'key' });
  }
  return {
    scopes: present.flatMap((key) => readScopes(reading, key, definition[key])),
    only: readOnly(reading, only),
    needed: [],
  };
}

function readScopes(
  reading: Reading,
  key: (typeof SCOPES)[number],
  words: string | readonly string[] | undefined,
): Scope[] {
  const places = readEach(reading, key, words, PLACE);
  if (key === 'into')
    return places.map(({ place, traffic }) => ({ side: 'ingress', from: ANYONE, to: place, traffic }));
  if (key === 'outOf')
    return places.map(({ place, traffic }) => ({ side: 'egress', from: place, to: ANYONE, traffic }));
  return places.flatMap((from) =>
    places.map(({ place, traffic }): Scope => ({ side: 'ingress', from: from.place, to: place, traffic })),
  );
}

function readOnly(reading: Reading, words: string | readonly string[]): FlowPattern[] {
  if (words === NOTHING) return [];
  return readEach(reading, 'only', words, FLOW);
}

/** How a text is read, and which words in it must mean somebody. */
interface Form<T> {
  readonly read: (text: string) => T;
  readonly endsOf: (item: T) => readonly string[];
}

const PLACE: Form<ReturnType<typeof parsePlace>> = { read: parsePlace, endsOf: ({ place }) => [place] };
const FLOW: Form<FlowPattern> = { read: parseFlow, endsOf: ({ from, to }) => [from, to] };

function readEach<T>(
  { problems, path, cloud }: Reading,
  key: 'only' | (typeof SCOPES)[number],
  words: string | readonly string[] | undefined,
  { read, endsOf }: Form<T>,
): T[] {
  return listOf(words).flatMap((text, position) => {
    const place = Array.isArray(words) ? [...path, key, position] : [...path, key];
    const item = problems.attempt(place, () => read(text));
    if (item === undefined) return [];
    for (const word of endsOf(item)) problems.attempt(place, () => checkEnd(cloud, word));
    return [item];
  });
}

/** Tells every closed world what the other goals ask for. */
export function withNeeds(goals: readonly LessonGoal[]): LessonGoal[] {
  const needed = goals.flatMap(({ steps, closed }) => [...steps.flatMap(neededBy), ...(closed?.only ?? [])]);
  return goals.map(({ closed, ...goal }) => (closed === undefined ? goal : { ...goal, closed: { ...closed, needed } }));
}

function neededBy(step: Step): FlowPattern[] {
  const isProbe = step.type === 'probe' && ['connected', 'refused'].includes(step.expect.outcome);
  if (!isProbe && step.type !== 'open') return [];
  const { from, to } = step.probe;
  return [{ from, to, traffic: [trafficOfProbe(step.probe)] }];
}
