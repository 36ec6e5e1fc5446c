/** Waiting for packets: silence proves something only while somebody listens. */
import type { Epoll } from '../kernel/epoll.js';
import type { Observer } from '../observe/observer.js';

/** The two ways by which this process hears of packets: its own sockets, and the kernel's reports. */
export interface Ears {
  readonly epoll: Epoll;
  readonly observer: Observer;
}

/** Milliseconds. A process that comes back from a wait much later than it asked for has slept, and has heard nothing. */
const SLICE_MS = 250;

/**
 * Calls `action` after that much time in which this process was awake: a slice in which it slept does not count, so whatever
 * came meanwhile, and whatever its own servers then still have to answer, is heard first.
 * @returns cancels it
 */
export function afterListening(epoll: Epoll, milliseconds: number, action: () => void): () => void {
  let left = milliseconds;
  let timer: NodeJS.Timeout;
  let immediate: NodeJS.Immediate | null = null;
  const wait = () => {
    const slice = Math.min(left, SLICE_MS);
    const began = performance.now();
    timer = setTimeout(() => {
      const hasSlept = performance.now() - began > slice + SLICE_MS;
      if (!hasSlept) left -= slice;
      if (left > 0) return wait();
      epoll.deliverNow();
      // Node polls for input, the kernel's reports among it, between its timers and its immediates.
      immediate = setImmediate(action);
    }, slice);
  };
  wait();
  return () => {
    clearTimeout(timer);
    if (immediate !== null) clearImmediate(immediate);
  };
}

/** Why silence since that moment proves nothing; null where all reports were heard. @param since of `performance.now` */
export function deafness({ observer }: Ears, since: number): string | null {
  const place = observer.lostSince(since);
  if (place === null) return null;
  return `the kernel's reports of ${place} came faster than they were read, and some of them are lost: what was dropped is not known`;
}
