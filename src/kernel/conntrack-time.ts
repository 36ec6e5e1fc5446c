/**
 * Moves the time of connection tracking. By netlink, not by the command `conntrack`: that one reads the whole table again for
 * each entry that it changes (measured: 23 s for 2 000 entries), and gives up where the table changes meanwhile.
 */
import type { Aged } from './aged.js';
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

/** The longest time that an interface may be told to remember a flow (4.5: TCP, five days). */
const LONGEST_TIMEOUT_S = 432_000;

/** Messages per send: stays well below the socket's buffer, also when each is answered by an error. */
const BATCH = 250;

/**
 * Takes that many whole seconds of idleness from every entry of a namespace, of every protocol; those whose time is then over
 * are deleted. The kernel tells the time left in whole seconds, rounded down, so what is left is rounded up again: else every
 * move would take a second more than it says.
 * @throws KernelError
 */
export function ageConntrack(netns: Netns, seconds: number): Aged {
  const count = Number(readSysctl(netns, 'netfilter.nf_conntrack_count'));
  if (count === 0) return { kept: 0, expired: 0 };
  const fd = openConntrack(netns);
  try {
    if (seconds > LONGEST_TIMEOUT_S) {
      flushConntrack(fd);
      return { kept: 0, expired: count };
    }
    const entries = dumpConntrack(fd).filter(({ attributes }) => attributes.has(CTA.tupleOriginal));
    // The kernel leaves a time of zero out.
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
