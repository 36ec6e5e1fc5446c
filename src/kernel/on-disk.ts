import { KernelError } from './errors.js';

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
