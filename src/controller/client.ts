/** The client's side of the controller's socket. */
import { request } from 'node:http';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { type ExitCode, SglabError } from '../errors.js';
import { hasEnded, isAlive, listensOn } from '../kernel/process.js';
import { type Holder, NoSuchLabError } from '../lab/errors.js';
import { labsInKernel } from '../lab/ownership.js';
import {
  controlSocket,
  labsWithController,
  labsWithFiles,
  readHolder,
  runningController,
} from '../lab/run-directory.js';
import {
  ControllerEndedError,
  ControllerRefusedError,
  ControllerSilentError,
  LabNotReadyError,
  NoControllerError,
  SocketLostError,
} from './errors.js';
import type { Calls, ErrorAnswer } from './protocol.js';
import { Silence, timeLimit } from './silence.js';

/**
 * Waits for a lab that its controller still builds; `down` ends that instead.
 * @param signal ends the request, which ends what the controller does for it
 * @throws what the controller threw; NoControllerError when none runs; ControllerSilentError when it does not answer
 */
export async function call<Name extends keyof Calls>(
  lab: string,
  name: Name,
  body: Calls[Name]['request'],
  signal?: AbortSignal,
): Promise<Calls[Name]['response']> {
  const { status, answer } = await post(lab, name, { body: JSON.stringify(body), signal }).catch(async (error) => {
    if (!(error instanceof LabNotReadyError) || name === 'down') throw error;
    await untilReady(lab, error.holder, signal);
    return post(lab, name, { body: JSON.stringify(body), signal });
  });
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

/** A controller makes its socket when its lab is ready. One whose socket was deleted goes on running, and no other can take its lab. */
function nobodyAnswers(lab: string): SglabError {
  const holder = runningController(lab);
  if (holder === null) return new NoControllerError(lab);
  return listensOn(holder.pid, controlSocket(lab))
    ? new SocketLostError(lab, holder)
    : new LabNotReadyError(lab, holder);
}

/** How often somebody who waits for a lab looks whether it is ready. */
const LOOK_MS = 50;

/** Returns when the controller serves its lab, or has ended. @throws ControllerSilentError when it does not go on */
async function untilReady(lab: string, { pid }: Holder, signal: AbortSignal | undefined): Promise<void> {
  const silence = new Silence(lab, pid);
  const isBusy = () => isAlive(pid) && !listensOn(pid, controlSocket(lab));
  try {
    while (isBusy()) await Promise.race([sleep(LOOK_MS, undefined, { signal }), silence.failed]);
  } finally {
    silence.close();
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
