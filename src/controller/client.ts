/** The client's side of the controller's socket. */
import { request } from 'node:http';
import { text } from 'node:stream/consumers';
import { EXIT, type ExitCode, SglabError } from '../errors.js';
import { NoSuchLabError } from '../lab/errors.js';
import { labsInKernel } from '../lab/ownership.js';
import { controlSocket, labsWithController, labsWithFiles } from '../lab/run-directory.js';
import type { Calls, ErrorAnswer } from './protocol.js';

/** No controller answers on the lab's socket. */
export class NoControllerError extends SglabError {
  constructor(lab: string) {
    super('NoController', `the lab ${lab} has no controller: it still filters packets, but nothing accepts commands`, {
      hint: `\`sglab up FILE\` takes it over, \`sglab down ${lab}\` removes it`,
    });
  }
}

/** The controller took the request and ended before it answered. */
export class ControllerEndedError extends SglabError {
  constructor(lab: string, cause: unknown) {
    super('ControllerEnded', `the controller of the lab ${lab} ended before it answered`, {
      exitCode: EXIT.hostCannot,
      hint: '`sglab up FILE` takes the lab over; `sglab status` says what is in force',
      cause,
    });
  }
}

/** @throws what the controller threw; NoControllerError when none runs */
export async function call<Name extends keyof Calls>(
  lab: string,
  name: Name,
  body: Calls[Name]['request'],
): Promise<Calls[Name]['response']> {
  const { status, answer } = await post(lab, name, JSON.stringify(body));
  if (status === 200) return answer as Calls[Name]['response'];
  const { error, exitCode } = answer as ErrorAnswer;
  throw new SglabError(error.code, error.message, {
    exitCode: exitCode as ExitCode,
    ...(error.hint === null ? {} : { hint: error.hint }),
  });
}

function post(lab: string, name: string, body: string): Promise<{ status: number; answer: unknown }> {
  return new Promise((resolve, reject) => {
    const asked = request({ socketPath: controlSocket(lab), path: `/${name}`, method: 'POST' }, (response) => {
      text(response)
        .then((document) => resolve({ status: response.statusCode ?? 0, answer: JSON.parse(document) }))
        .catch((cause) => reject(new ControllerEndedError(lab, cause)));
    });
    asked.on('error', (cause: NodeJS.ErrnoException) => {
      const nobody = cause.code === 'ENOENT' || cause.code === 'ECONNREFUSED';
      reject(nobody ? new NoControllerError(lab) : new ControllerEndedError(lab, cause));
    });
    asked.end(body);
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
