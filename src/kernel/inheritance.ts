import fs from 'node:fs';
import { libcCalls } from './libc.js';

/** ioctl(2): close on exec. */
const FIOCLEX = 0x5451;

/**
 * Keeps this process's open files from programs that it starts and that may outlive it: libpcap's sockets would be
 * inherited, and who has one of these has the kernel's reports, so that no later process of ours could get them.
 */
export function keepOpenFiles(): void {
  for (const fd of fs.readdirSync('/proc/self/fd').map(Number)) {
    if (fd > 2) libcCalls.ioctl(fd, FIOCLEX, Buffer.alloc(0)); // the one of the listing itself is gone by now
  }
}
