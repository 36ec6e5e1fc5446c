import type { ProbeQuestion } from '../cloud/text/probe.js';
import { KernelError } from '../kernel/errors.js';
import { bindSocket, closeSocket, openSocket } from '../kernel/sockets.js';
import type { Attempt } from './attempt.js';
import type { Client } from './client.js';

/** The user's own programs in the instance may hold ports: a few in a row, never a thousand. */
const TRIES = 1000;

/** Opens a socket in the client's namespace that sends from the question's source address and a fresh port. */
export function openBoundSocket(
  { netns, ports }: Client,
  kind: 'stream' | 'dgram',
  { family, sourceAddress }: ProbeQuestion,
): { fd: number; port: number } {
  const fd = openSocket(netns, kind, family);
  for (let tries = 0; tries < TRIES; tries++) {
    const port = ports.take();
    const error = bindSocket(fd, sourceAddress, port);
    if (error === null) return { fd, port };
    if (error !== 'EADDRINUSE') {
      closeSocket(fd);
      throw new KernelError({ command: `bind ${sourceAddress}`, namespace: netns.name, stderr: error });
    }
  }
  closeSocket(fd);
  throw new KernelError({ command: `bind ${sourceAddress}`, namespace: netns.name, stderr: 'no free port' });
}

/** The errors that the kernel makes of ICMP errors (icmp_err_convert, icmpv6_err_convert), and its own of silence. */
const OUTCOME_OF = {
  ECONNREFUSED: 'refused',
  ENOPROTOOPT: 'refused',
  // ICMPv6 has no "protocol unreachable": a host complains of a parameter instead.
  EPROTO: 'refused',
  EHOSTUNREACH: 'unreachable',
  EHOSTDOWN: 'unreachable',
  ENETUNREACH: 'unreachable',
  ENONET: 'unreachable',
  // "Administratively prohibited" over IPv6.
  EACCES: 'unreachable',
  ETIMEDOUT: 'timed-out',
} as const;

/** Reports to the attempt the outcome that a failed system call means. */
export function answerError(attempt: Attempt, error: string): void {
  if (error in OUTCOME_OF) attempt.answer(OUTCOME_OF[error as keyof typeof OUTCOME_OF]);
  else attempt.answer('unknown', `the client's socket said ${error}`);
}
