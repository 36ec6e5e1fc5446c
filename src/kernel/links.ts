import fs from 'node:fs';
import { libcCalls } from './libc.js';
import { inNetns, type Netns } from './netns.js';
import { closeSocket, openSocket } from './sockets.js';

/** Names of all links of a namespace, up or down. */
export function listLinks(netns: Netns): Set<string> {
  const table = inNetns(netns, () => fs.readFileSync('/proc/thread-self/net/dev', 'utf8'));
  // Two lines of heading, then "  name: counters".
  const names = table
    .split('\n')
    .slice(2)
    .map((line) => line.slice(0, line.indexOf(':')).trim());
  return new Set(names.filter((name) => name !== ''));
}

const SIOCGIFFLAGS = 0x8913;
const IFF_RUNNING = 0x40;
/** struct ifreq: 16 bytes of name, then the flags. */
const IFREQ_SIZE = 40;
const FLAGS_OFFSET = 16;

/**
 * The links of these that cannot carry packets yet. A link that was just set up waits for the kernel's own worker to hear
 * that its partner is there: until then what it should send is lost, and a bridge does not forward to it.
 */
export function idleLinks(netns: Netns, names: readonly string[]): string[] {
  const fd = openSocket(netns, 'dgram', 'ipv4');
  try {
    return names.filter((name) => !isRunning(fd, name));
  } finally {
    closeSocket(fd);
  }
}

function isRunning(fd: number, name: string): boolean {
  const request = Buffer.alloc(IFREQ_SIZE);
  request.write(name, 'latin1');
  return libcCalls.ioctl(fd, SIOCGIFFLAGS, request) === 0 && (request.readUInt16LE(FLAGS_OFFSET) & IFF_RUNNING) !== 0;
}
