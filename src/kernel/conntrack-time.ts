/**
 * Ages conntrack entries. This uses netlink rather than the command `conntrack`, which reads the whole table again for
 * each entry that it changes (measured: 23 s for 2 000 entries), and gives up if the table changes meanwhile.
 */
import type { AgingResult } from './aged.js';
import {
  CTA,
  changeConntrack,
  deleteMessage,
  dumpConntrack,
  flushConntrack,
  openConntrack,
  setTimeoutMessage,
} from './conntrack-netlink.js';
import type { Netns } from './netns.js';
import { closeSocket } from './sockets.js';
import { readSysctl } from './sysctl.js';

/** The longest time-out that an interface can be given (4.5: TCP, five days). */
const LONGEST_TIMEOUT_S = 432_000;

/** Messages per send: far below the socket's buffer, even if each is answered by an error. */
const BATCH = 250;

/**
 * Shortens the time-out of every entry of a namespace, of every protocol, by that many whole seconds, and deletes the
 * entries whose time-out is then over. The kernel gives the remaining time in whole seconds, rounded down, so it is
 * rounded up again: otherwise every advance would take a second too much.
 * @throws KernelError
 */
export function ageConntrack(netns: Netns, seconds: number): AgingResult {
  const count = Number(readSysctl(netns, 'netfilter.nf_conntrack_count'));
  if (count === 0) return { kept: 0, expired: 0 };
  const fd = openConntrack(netns);
  try {
    if (seconds > LONGEST_TIMEOUT_S) {
      flushConntrack(fd);
      return { kept: 0, expired: count };
    }
    const entries = dumpConntrack(fd).filter(({ attributes }) => attributes.has(CTA.tupleOriginal));
    // The kernel omits a time of zero.
    const left = entries.map(({ attributes }) => (attributes.get(CTA.timeout)?.readUInt32BE(4) ?? 0) + 1 - seconds);
    const messages = entries.map((entry, at) => {
      const timeout = left[at] ?? 0;
      return timeout > 0 ? setTimeoutMessage(entry, timeout) : deleteMessage(entry);
    });
    for (let at = 0; at < messages.length; at += BATCH) changeConntrack(fd, messages.slice(at, at + BATCH));
    const kept = left.filter((timeout) => timeout > 0).length;
    return { kept, expired: entries.length - kept };
  } finally {
    closeSocket(fd);
  }
}
