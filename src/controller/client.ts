/** The client's side of the controller's socket. */
import { request } from 'node:http';
import { text } from 'node:stream/consumers';
import { EXIT, type ExitCode, SglabError } from '../errors.js';
import { hasEnded, isStopped } from '../kernel/process.js';
import { describeHolder, NoSuchLabError } from '../lab/errors.js';
import { labsInKernel } from '../lab/ownership.js';
import {
  controlSocket,
  labsWithController,
  labsWithFiles,
  readHolder,
  runningController,
} from '../lab/run-directory.js';
import { crashLogOf } from './crash-log.js';
import type { Calls, ErrorAnswer } from './protocol.js';

/** No controller answers on the lab's socket. */
export class NoControllerError extends SglabError {
  constructor(lab: string) {
    const log = crashLogOf(lab);
    super('NoController', `the lab ${lab} has no controller: it still filters packets, but nothing accepts commands`, {
      hint: `${log === null ? '' : `it ended by itself, its last words are in ${log}; `}\`sglab up FILE\` takes it over, \`sglab down ${lab}\` removes it`,
    });
  }
}

/** The controller took the request and ended before it answered. */
export class ControllerEndedError extends SglabError {
  constructor(lab: string, cause: unknown) {
    const log = crashLogOf(lab);
    super('ControllerEnded', `the controller of the lab ${lab} ended before it answered`, {
      exitCode: EXIT.hostCannot,
      hint: `${log === null ? '' : `its last words are in ${log}; `}\`sglab up FILE\` takes the lab over; \`sglab status\` says what is in force`,
      cause,
    });
  }
}

/** The controller is there and hangs up: it has no descriptor left for a client, or too many clients. */
export class ControllerRefusedError extends SglabError {
  constructor(lab: string, pid: number, cause: unknown) {
    super('ControllerRefused', `the controller of the lab ${lab} (process ${pid}) hung up without an answer`, {
      exitCode: EXIT.hostCannot,
      hint: `it may lack descriptors: \`prlimit --pid ${pid} --nofile=65536:\` raises its limit; ${howToEndProcess(lab, pid)}`,
      cause,
    });
  }
}

/** The controller neither answers nor says that it works. */
export class ControllerSilentError extends SglabError {
  constructor(lab: string, seconds: number, pid = readHolder(lab)?.pid ?? 0) {
    const who = pid === 0 ? '' : ` (process ${pid}${isStopped(pid) ? ', which is stopped' : ''})`;
    const hints = [
      '--timeout SECONDS waits longer',
      ...(isStopped(pid) ? [`\`kill -CONT ${pid}\` lets it go on`] : []),
      ...(pid === 0 ? [] : [howToEndProcess(lab, pid)]),
    ];
    super('ControllerSilent', `the controller of the lab ${lab}${who} has not answered for ${seconds} s`, {
      exitCode: EXIT.hostCannot,
      hint: hints.join('; '),
    });
  }
}

function howToEndProcess(lab: string, pid: number): string {
  return `\`kill -KILL ${pid}\` ends it, the lab goes on filtering, and \`sglab down ${lab}\` or \`sglab up FILE\` does the rest`;
}

/** The variable that has the time limit of every request in seconds, as --timeout sets it. */
export const TIMEOUT_VARIABLE = 'SGLAB_TIMEOUT';
const DEFAULT_TIMEOUT = 30;

/** How long a controller may neither answer nor report progress, in seconds. */
export function timeLimit(): number {
  const seconds = Number(process.env[TIMEOUT_VARIABLE]);
  return seconds > 0 ? seconds : DEFAULT_TIMEOUT;
}

/**
 * @param signal ends the request, which ends what the controller does for it
 * @throws what the controller threw; NoControllerError when none runs; ControllerSilentError when it does not answer
 */
export async function call<Name extends keyof Calls>(
  lab: string,
  name: Name,
  body: Calls[Name]['request'],
  signal?: AbortSignal,
): Promise<Calls[Name]['response']> {
  const { status, answer } = await post(lab, name, { body: JSON.stringify(body), signal });
  if (status === 200) return answer as Calls[Name]['response'];
  const { error, exitCode } = answer as ErrorAnswer;
  throw new SglabError(error.code, error.message, {
    exitCode: exitCode as ExitCode,
    ...(error.hint === null ? {} : { hint: error.hint }),
  });
}

interface Post {
  readonly body: string;
  readonly signal: AbortSignal | undefined;
}

function post(lab: string, name: string, { body, signal }: Post): Promise<{ status: number; answer: unknown }> {
  return new Promise((resolve, reject) => {
    const options = { socketPath: controlSocket(lab), path: `/${name}`, method: 'POST', ...(signal && { signal }) };
    const seconds = timeLimit();
    const timer = setTimeout(() => asked.destroy(new ControllerSilentError(lab, seconds)), seconds * 1000);
    const asked = request(options, (response) => {
      response.on('data', () => timer.refresh());
      text(response)
        .then((document) => resolve({ status: response.statusCode ?? 0, answer: JSON.parse(document) }))
        .catch(async (cause) => reject(await failureOf(lab, cause)))
        .finally(() => clearTimeout(timer));
    });
    asked.on('information', () => timer.refresh()); // the work goes on
    asked.on('error', async (cause) => {
      clearTimeout(timer);
      reject(await failureOf(lab, cause));
    });
    asked.end(body);
  });
}

/** A process that ends closes its sockets first. */
const ENDING_MS = 1000;

async function failureOf(lab: string, cause: NodeJS.ErrnoException): Promise<unknown> {
  if (cause instanceof ControllerSilentError || cause.name === 'AbortError') return cause;
  if (cause.code === 'ENOENT' || cause.code === 'ECONNREFUSED') return nobodyAnswers(lab);
  const holder = readHolder(lab);
  if (holder === null || (await hasEnded(holder.pid, ENDING_MS))) return new ControllerEndedError(lab, cause);
  return new ControllerRefusedError(lab, holder.pid, cause);
}

/** A controller whose socket was deleted goes on running, and no other can take its lab. */
function nobodyAnswers(lab: string): SglabError {
  const holder = runningController(lab);
  if (holder === null) return new NoControllerError(lab);
  const text = `${describeHolder(holder)} holds the lab ${lab}, but its socket ${controlSocket(lab)} is gone`;
  return new SglabError('SocketLost', text, {
    hint: `\`sglab down ${lab}\` ends it with its lab, \`sglab up FILE\` builds it anew`,
  });
}

export async function hasController(lab: string): Promise<boolean> {
  try {
    await call(lab, 'status', {});
    return true;
  } catch (error) {
    if (error instanceof NoControllerError) return false;
    throw error;
  }
}

/** Lists all labs of this host, found in the kernel or by their files. */
export function labsOfHost(): string[] {
  return [...new Set([...labsInKernel(), ...labsWithFiles()])].sort();
}

/** The variable that names the lab for commands that name none, as in `sglab shell`. */
export const LAB_VARIABLE = 'SGLAB_LAB';

/**
 * The lab that a command is about: the one that was named, here or by SGLAB_LAB, or the only one there is.
 * @param among the candidates when none is named
 * @throws NoSuchLabError; SglabError when there are several and none was named
 */
export function chooseLab(word: string | undefined, among: readonly string[] = labsWithController()): string {
  const name = word ?? (process.env[LAB_VARIABLE] || undefined);
  if (name !== undefined) {
    // Asking the kernel about every namespace of the host is needed only for a lab that has lost its files, or does not
    // exist.
    if (labsWithFiles().includes(name)) return name;
    const labs = labsOfHost();
    if (!labs.includes(name)) throw new NoSuchLabError(name, labs);
    return name;
  }
  const [only, second] = among;
  if (only === undefined) {
    throw new SglabError('NoLab', 'no lab is up', { hint: 'start one with `sglab up FILE`' });
  }
  if (second !== undefined) {
    throw new SglabError('SeveralLabs', `several labs are up: ${among.join(', ')}`, {
      hint: `name the one you mean: \`sglab COMMAND --help\` says how, or set ${LAB_VARIABLE}`,
    });
  }
  return only;
}
