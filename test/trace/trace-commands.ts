/** Traces commands of the instrumented product in a lab that is built for them and taken down again. */
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { execa } from 'execa';
import { copyInstrumented } from './instrument.js';
import { RECORDINGS_VARIABLE, type Recording } from './recording.js';
import { type Trace, traceOf } from './trace.js';

/**
 * The controller prepares its first change after it has reported that the lab is up; this is no part of any command.
 */
const SETTLE_MS = 1000;
/** A name other than the file's, because `run` of the same file builds a second lab beside it. */
const LAB = 'trace';

export interface Job {
  readonly checkout: string;
  /** The file that `sglab up` builds. Its path, like those in commands, is relative to the checkout. */
  readonly scenario: string;
  /** Each command as arguments, without `sglab`. */
  readonly commands: readonly (readonly string[])[];
  readonly signal: AbortSignal;
}

/** @returns a trace for each command, from the controller if the command asks it, else from the command's own process */
export async function traceCommands(job: Job): Promise<Trace[]> {
  const directory = fs.mkdtempSync(path.join(os.tmpdir(), 'sglab-trace-'));
  try {
    const copy = path.join(directory, 'checkout');
    const recordings = path.join(directory, 'recordings');
    for (const each of [copy, recordings]) fs.mkdirSync(each);
    copyInstrumented(job.checkout, copy);
    const main = path.join(copy, mainFile(job.checkout));
    const env = { HOME: directory, SGLAB_RUN_DIR: path.join(directory, 'run'), [RECORDINGS_VARIABLE]: recordings };
    const runs = await runInLab(job, (words, signal) => run([main, ...words], { cwd: job.checkout, env, signal }));
    return runs.map((each) => traceOf(recordedIn(recordings, each).flatMap(({ entries }) => entries)));
  } finally {
    fs.rmSync(directory, { recursive: true, force: true });
  }
}

interface Run {
  readonly pid: number | undefined;
  readonly begun: number;
  readonly ended: number;
}

async function runInLab(
  { scenario, commands, signal }: Job,
  sglab: (words: readonly string[], signal?: AbortSignal) => Promise<Run>,
): Promise<Run[]> {
  const runs: Run[] = [];
  await sglab(['up', scenario, '--lab', LAB], signal);
  try {
    await sleep(SETTLE_MS, undefined, { signal });
    for (const words of commands) runs.push(await sglab(words, signal));
  } finally {
    await sglab(['down', LAB]);
  }
  return runs;
}

/** @throws ExecaError with the command's output, if it failed */
async function run(
  args: readonly string[],
  { signal, ...options }: { cwd: string; env: NodeJS.ProcessEnv; signal: AbortSignal | undefined },
): Promise<Run> {
  const begun = Date.now();
  const cancel = signal === undefined ? {} : { cancelSignal: signal };
  const subprocess = execa(process.execPath, args, { ...options, ...cancel, stdin: 'ignore' });
  await subprocess;
  return { pid: subprocess.pid, begun, ended: Date.now() };
}

/** Only one command runs at a time: requests that arrive meanwhile belong to it. */
function recordedIn(directory: string, { pid, begun, ended }: Run): Recording[] {
  const all = fs
    .readdirSync(directory)
    .map((name) => JSON.parse(fs.readFileSync(path.join(directory, name), 'utf8')) as Recording)
    .sort((one, other) => one.begun - other.begun);
  const requests = all.filter((each) => each.of === 'request' && each.begun >= begun && each.begun <= ended);
  return requests.length > 0 ? requests : all.filter((each) => each.pid === pid);
}

/** The file that `scripts/sglab` starts, as that script names it, before it is bundled. */
function mainFile(checkout: string): string {
  const script = path.join(checkout, 'scripts/sglab');
  const file = /\$root\/dist\/bundle\/([\w/.-]+\.js)/.exec(fs.readFileSync(script, 'utf8'))?.[1];
  if (file === undefined) throw new Error(`${script} does not say which file of dist/bundle it starts`);
  return path.join('dist', file);
}
