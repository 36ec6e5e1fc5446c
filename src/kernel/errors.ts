import { EXIT, SglabError } from '../errors.js';

/** A command or system call that the kernel or one of its tools refused. */
export class KernelError extends SglabError {
  override readonly name = 'KernelError';
  readonly command: string;
  /** Name of the network namespace in which it ran; null for the host's own. */
  readonly namespace: string | null;
  readonly exitCodeOfCommand: number | null;
  readonly stderr: string;

  constructor(failure: {
    command: string;
    namespace?: string | null | undefined;
    exitCode?: number | null;
    stderr?: string;
    hint?: string | null;
    cause?: unknown;
  }) {
    const stderr = (failure.stderr ?? '').trim();
    const where = failure.namespace ? ` in ${failure.namespace}` : '';
    const status = failure.exitCode == null ? '' : ` (exit code ${failure.exitCode})`;
    const hint = failure.hint ?? hintFor(stderr);
    super('KernelError', `${failure.command} failed${where}${status}: ${stderr || 'no message'}`, {
      exitCode: EXIT.hostCannot,
      cause: failure.cause,
      ...(hint === null ? {} : { hint }),
    });
    this.command = failure.command;
    this.namespace = failure.namespace ?? null;
    this.exitCodeOfCommand = failure.exitCode ?? null;
    this.stderr = stderr;
  }
}

const HINTS: readonly (readonly [RegExp, string])[] = [
  [/operation not permitted|EPERM/i, 'sglab needs root: run it with sudo'],
  [/ENOENT|command not found/i, 'a tool is missing: `sglab doctor` says which package has it'],
  [/no space left/i, 'the disk (or /run) is full: free some space; nothing was left half done'],
  [/too many open files|EMFILE/i, 'raise the limit of open files: `ulimit -n 65536`'],
  [/operation not supported|protocol not supported/i, 'the kernel lacks a feature: `sglab doctor` says which'],
];

function hintFor(stderr: string): string | null {
  return HINTS.find(([pattern]) => pattern.test(stderr))?.[1] ?? null;
}

/**
 * Waits for all, also when one fails: whoever takes a failed change back has to know what became of each.
 * @throws what the first of those that failed threw
 */
export async function settleAll(tasks: readonly Promise<unknown>[]): Promise<void> {
  const done = await Promise.allSettled(tasks);
  const failed = done.find((each) => each.status === 'rejected');
  if (failed) throw failed.reason;
}

/**
 * Makes file system calls.
 * @throws KernelError if they fail, for example because the disk is full
 */
export function onDisk<T>(action: () => T): T {
  try {
    return action();
  } catch (cause) {
    throw diskError(cause);
  }
}

/** @returns the error itself if it does not come from a system call */
export function diskError(cause: unknown): unknown {
  if (!(cause instanceof Error) || !('syscall' in cause)) return cause;
  const file = 'path' in cause ? ` ${cause.path}` : '';
  return new KernelError({ command: `${cause.syscall}${file}`, stderr: cause.message, cause });
}

/**
 * Makes file system calls about what may not be there. Only that is an answer: where there are no descriptors, too, a lab
 * must not pass for one without files or namespaces.
 * @returns `otherwise` if it is not there
 * @throws KernelError if the calls fail for another reason
 */
export function unlessAbsent<T>(action: () => T, otherwise: T): T {
  try {
    return action();
  } catch (cause) {
    if (isAbsence(cause)) return otherwise;
    throw diskError(cause);
  }
}

function isAbsence(cause: unknown): boolean {
  return cause instanceof Error && 'code' in cause && (cause.code === 'ENOENT' || cause.code === 'ENOTDIR');
}
