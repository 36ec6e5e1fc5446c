import { KernelError } from './errors.js';

/** Makes file system calls. @throws KernelError where they are refused, for example because the disk is full */
export function onDisk<T>(action: () => T): T {
  try {
    return action();
  } catch (cause) {
    throw diskError(cause);
  }
}

/** @returns the error itself when it is none of a system call */
export function diskError(cause: unknown): unknown {
  if (!(cause instanceof Error) || !('syscall' in cause)) return cause;
  const file = 'path' in cause ? ` ${cause.path}` : '';
  return new KernelError({ command: `${cause.syscall}${file}`, stderr: cause.message, cause });
}
