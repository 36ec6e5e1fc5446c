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
