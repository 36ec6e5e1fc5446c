/** `start` and `exec`: real programs inside a machine. */
import { z } from 'zod';
import { namedMachine } from '../../changes/names.js';
import { readListeners } from '../../changes/read-parts.js';
import { machineSchema } from '../../changes/schema-parts.js';
import { durationText } from '../../changes/text-shapes.js';
import { CloudError } from '../../cloud/errors.js';
import type { Listener } from '../../cloud/instances/types.js';
import { printable, quote } from '../../cloud/text/quote.js';
import { parseDuration } from '../duration.js';
import { nameSchema, type StepBase, type StepContext, type StepKind, type StepOutcome } from './step-kind.js';

/** Starts a server process in a machine; it runs until the lab goes down. */
interface StartStep extends StepBase {
  readonly type: 'start';
  readonly on: string;
  readonly argv: readonly string[];
  /** The step is over when this accepts, or at once if null. */
  readonly ready: Listener | null;
  readonly withinMs: number;
}

/** Runs a command in a machine to its end. */
interface ExecStep extends StepBase {
  readonly type: 'exec';
  readonly on: string;
  readonly argv: readonly string[];
  /** `ok`: exit code 0. */
  readonly expect: 'ok' | 'fail';
  /** Standard output and error together must contain it. */
  readonly output: string | null;
  readonly withinMs: number;
}

const START_MS = 30_000;
const EXEC_MS = 10_000;

/** Shells exit so if the program is not there: that is no answer to the question, not even `fail`. */
const NOT_STARTED: ReadonlySet<number> = new Set([126, 127]);

const withinSchema = durationText
  .optional()
  .describe('ms, s or m. Default 30s to start, 10s to run. Example: `within: 30s`');

const runSchema = z
  .union([z.string(), z.array(z.string())])
  .describe('A program with its arguments, or a line for /bin/sh. Example: `run: [curl, -s, "http://10.0.1.4/"]`');

const startSchema = z.strictObject({
  name: nameSchema,
  start: z
    .strictObject({
      on: machineSchema,
      run: runSchema,
      ready: z.union([z.string(), z.int()]).optional().describe('Wait until this accepts. Example: `ready: tcp/5432`'),
      within: withinSchema,
    })
    .describe(
      'Starts a server process. Example: `start: { on: db-1, run: "python3 -m http.server 80", ready: tcp/80 }`',
    ),
});

export const start: StepKind<StartStep, z.infer<typeof startSchema>> = {
  schemas: { start: startSchema },
  read(place, { start: { on, run, ready: readyText, within } }) {
    const at = { ...place, path: [...place.path, 'start'] };
    const argv = readCommand(at, run);
    const [ready = null] = readListeners({ ...at, path: [...at.path, 'ready'] }, readyText);
    const withinMs = readDuration(at, within, START_MS);
    if (argv === undefined) return undefined;
    return {
      step: { type: 'start', name: `start ${commandText(run)} on ${on}`, line: place.line, on, argv, ready, withinMs },
      rehearse: (rehearsal) => rehearsal.isFound(namedMachine([...at.path, 'on'], on)),
    };
  },
  async run(live, step) {
    const { startIn } = await import('../../lab/programs.js');
    await startIn(live.cloud, live.traffic.machine(step.on), step);
    return { status: 'passed', outcome: 'started' };
  },
};

const execSchema = z.strictObject({
  name: nameSchema,
  exec: z
    .strictObject({
      on: machineSchema,
      run: runSchema,
      expect: z.enum(['ok', 'fail']).optional().describe('ok: exit code 0. Default ok. Example: `expect: fail`'),
      output: z.string().optional().describe('What the output must contain. Example: `output: "200 OK"`'),
      within: withinSchema,
    })
    .describe(
      'Runs a command to its end. Example: `exec: { on: app-1, run: "curl -s http://10.0.1.4/", output: hello }`',
    ),
});

export const exec: StepKind<ExecStep, z.infer<typeof execSchema>> = {
  schemas: { exec: execSchema },
  read(place, { exec: { on, run, expect = 'ok', output = null, within } }) {
    const at = { ...place, path: [...place.path, 'exec'] };
    const argv = readCommand(at, run);
    const withinMs = readDuration(at, within, EXEC_MS);
    if (argv === undefined) return undefined;
    const name = `${commandText(run)} on ${on}`;
    return {
      step: { type: 'exec', name, line: place.line, on, argv, expect, output, withinMs },
      rehearse: (rehearsal) => rehearsal.isFound(namedMachine([...at.path, 'on'], on)),
    };
  },
  async run(live, step) {
    const { execIn } = await import('../../lab/programs.js');
    const { exitCode, stdout, stderr } = await execIn(
      live.cloud,
      live.traffic.machine(step.on),
      step.argv,
      step.withinMs,
    );
    return execOutcome(step, exitCode, `${stdout}\n${stderr}`.trim());
  },
};

function readCommand({ problems, path }: StepContext, run: string | readonly string[]): string[] | undefined {
  return problems.attempt([...path, 'run'], () => parseCommand(run));
}

/** The program and its arguments; a line goes to a shell. Throws CloudError for nothing at all. */
function parseCommand(run: string | readonly string[]): string[] {
  const argv = typeof run === 'string' ? ['/bin/sh', '-c', run] : [...run];
  const isEmpty = typeof run === 'string' ? run.trim() === '' : (run[0] ?? '') === '';
  if (!isEmpty && !argv.some((word) => word.includes('\0'))) return argv;
  throw new CloudError(
    'InvalidParameterValue',
    `${quote(run)} is not a command`,
    'Write [program, argument, …] or a shell line.',
  );
}

/** The command in a report. */
function commandText(run: string | readonly string[]): string {
  return printable(typeof run === 'string' ? run.trim() : run.join(' '));
}

function readDuration({ problems, path }: StepContext, text: string | undefined, fallback: number): number {
  if (text === undefined) return fallback;
  return problems.attempt([...path, 'within'], () => parseDuration(text)) ?? fallback;
}

function execOutcome(step: ExecStep, exitCode: number | null, output: string): StepOutcome {
  const expected = step.output === null ? step.expect : `${step.expect}, with ${JSON.stringify(step.output)}`;
  if (exitCode !== null && NOT_STARTED.has(exitCode)) {
    return { status: 'unknown', outcome: 'unknown', expected, explanation: lastLines(output) };
  }
  const asExpected =
    (exitCode === 0) === (step.expect === 'ok') && (step.output === null || output.includes(step.output));
  const late = `timed out after ${step.withinMs / 1000} s`;
  const silence = asExpected ? '' : `${exitCode === null ? late : `exit code ${exitCode}`}, and it wrote nothing`;
  return {
    status: asExpected ? 'passed' : 'failed',
    outcome: exitCode === 0 ? 'ok' : exitCode === null ? late : 'fail',
    expected,
    explanation: output === '' ? silence : lastLines(output),
  };
}

/** A person looks at the last lines first. */
function lastLines(output: string): string {
  return output.split('\n').slice(-3).join(' ');
}
