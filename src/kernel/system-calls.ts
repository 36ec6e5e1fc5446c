/** Numbers of system calls for Perl, which calls by number, from the kernel's tables. */
import { KernelError } from './errors.js';

/** By Node's names of the architectures that Debian supports. */
const NUMBERS: Readonly<Partial<Record<NodeJS.Architecture, { readonly setns: number; readonly unshare: number }>>> = {
  x64: { setns: 308, unshare: 272 },
  arm64: { setns: 268, unshare: 97 },
  arm: { setns: 375, unshare: 337 },
  ia32: { setns: 346, unshare: 310 },
  ppc64: { setns: 350, unshare: 282 },
  riscv64: { setns: 268, unshare: 97 },
  s390x: { setns: 339, unshare: 303 },
};

export function systemCallNumber(call: 'setns' | 'unshare'): string {
  const numbers = NUMBERS[process.arch];
  if (numbers !== undefined) return String(numbers[call]);
  throw new KernelError({ command: call, stderr: `unknown on the architecture ${process.arch}` });
}
