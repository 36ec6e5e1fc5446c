import { parseProbe, probeWords } from '../cloud/text/probe.js';
import type { ProblemList } from '../source/problems.js';
import type { Path } from '../source/tree.js';
import { readListeners } from './build-hosts.js';
import { readMutation } from './read-mutation.js';
import { readPacket } from './read-packet.js';
import { readEnd, readFlow, readOpen } from './read-traffic.js';
import { listOf } from './schema-parts.js';
import type { StepDefinition } from './schema-steps.js';
import { type Verb, verbsOf } from './schema-walk.js';
import type { ReadStep, StepPlace } from './step-place.js';
import type { ExecStep, ProbeExpectation, ProbeStep, StartStep, Step } from './types.js';
import { commandWords, parseCommand, parseDuration, parseWholeSeconds } from './words.js';

/** The definition of a step with that verb. */
export type DefinitionOf<V extends Verb> = Extract<StepDefinition, Record<V, unknown>>;

const START_MS = 30_000;
const EXEC_MS = 10_000;

/** Reads one step; undefined, and a problem, if its words cannot be read. */
export function readStep(place: StepPlace, definition: StepDefinition): ReadStep | undefined {
  const before = place.problems.count;
  const read = readByVerb(place, definition);
  const [verb] = verbsOf(definition);
  if (read === undefined || verb === undefined || place.problems.count > before) return undefined;
  return { step: { ...read.step, name: definition.name ?? read.step.name }, verb, rules: read.rules };
}

function readByVerb(place: StepPlace, definition: StepDefinition): Omit<ReadStep, 'verb'> | undefined {
  if ('probe' in definition) return withoutRules(readProbe(place, definition));
  if ('open' in definition) return withoutRules(readOpen(place, definition));
  if ('flow' in definition) return withoutRules(readFlow(place, definition));
  if ('end' in definition) return withoutRules(readEnd(place, definition));
  if ('packet' in definition) return withoutRules(readPacket(place, definition));
  if ('start' in definition) return withoutRules(readStart(place, definition));
  if ('exec' in definition) return withoutRules(readExec(place, definition));
  if ('advance' in definition) return withoutRules(readAdvance(place, definition));
  if ('wait' in definition) return withoutRules(readWait(place, definition));
  return readMutation(place, definition);
}

function withoutRules(step: Step | undefined): Omit<ReadStep, 'verb'> | undefined {
  return step === undefined ? undefined : { step, rules: [] };
}

function readProbe({ problems, path, line }: StepPlace, definition: DefinitionOf<'probe'>): ProbeStep | undefined {
  const { family = null } = definition;
  const probe = problems.attempt([...path, 'probe'], () => parseProbe(definition.probe, family));
  const expect: ProbeExpectation = {
    outcome: definition.expect,
    stage: definition.at ?? null,
    leg: definition.leg ?? null,
    rules: listOf(definition.rule),
  };
  if (expect.outcome === 'connected' && (expect.stage ?? expect.leg) !== null) {
    const key = definition.at === undefined ? 'leg' : 'at';
    problems.add([...path, key], { message: 'a connected probe stops nowhere', hint: `Leave \`${key}\` out.` });
  }
  return probe === undefined ? undefined : { type: 'probe', name: probeWords(probe), line, probe, expect };
}

function readStart({ problems, path, line }: StepPlace, { start }: DefinitionOf<'start'>): StartStep | undefined {
  const at = [...path, 'start'];
  const argv = problems.attempt([...at, 'run'], () => parseCommand(start.run));
  const [ready = null] = readListeners(problems, [...at, 'ready'], start.ready);
  const withinMs = readDuration(problems, [...at, 'within'], start.within, START_MS);
  if (argv === undefined) return undefined;
  const name = `start ${commandWords(start.run)} on ${start.on}`;
  return { type: 'start', name, line, on: start.on, argv, ready, withinMs };
}

function readExec({ problems, path, line }: StepPlace, { exec }: DefinitionOf<'exec'>): ExecStep | undefined {
  const at = [...path, 'exec'];
  const argv = problems.attempt([...at, 'run'], () => parseCommand(exec.run));
  const withinMs = readDuration(problems, [...at, 'within'], exec.within, EXEC_MS);
  if (argv === undefined) return undefined;
  const { on, expect = 'ok', output = null } = exec;
  return { type: 'exec', name: `${commandWords(exec.run)} on ${on}`, line, on, argv, expect, output, withinMs };
}

function readAdvance({ problems, path, line }: StepPlace, { advance }: DefinitionOf<'advance'>): Step | undefined {
  const seconds = problems.attempt([...path, 'advance'], () => parseWholeSeconds(advance));
  return seconds === undefined ? undefined : { type: 'advance', name: `advance ${advance}`, line, seconds };
}

function readWait({ problems, path, line }: StepPlace, { wait }: DefinitionOf<'wait'>): Step | undefined {
  const ms = problems.attempt([...path, 'wait'], () => parseDuration(wait));
  return ms === undefined ? undefined : { type: 'wait', name: `wait ${wait}`, line, ms };
}

function readDuration(problems: ProblemList, path: Path, text: string | undefined, fallback: number): number {
  if (text === undefined) return fallback;
  return problems.attempt(path, () => parseDuration(text)) ?? fallback;
}
