/**
 * Watches descriptors that libc opened. Node watches only descriptors that it opened itself, so one thread of its pool
 * waits in epoll_wait(2) and the results are delivered on the main thread.
 */
import fs from 'node:fs';
import { checked, libcCalls } from './libc.js';

export const EPOLLIN = 0x1;
export const EPOLLOUT = 0x4;

const EPOLL_CLOEXEC = 0x8_0000;
const EFD_NONBLOCK_CLOEXEC = 0x8_0800;
const CTL = { add: 1, remove: 2 } as const;
/** struct epoll_event is packed on x86-64 only: 4 bytes of events, then 8 bytes of data. */
const EVENT_SIZE = process.arch === 'x64' ? 12 : 16;
const DATA_OFFSET = EVENT_SIZE - 8;
const MAX_EVENTS = 256;
const WAKE = Buffer.from([1, 0, 0, 0, 0, 0, 0, 0]);

/** Those with a thread in epoll_wait(2): the end of the process joins every thread of the pool, and would never come. */
const waiting = new Set<() => void>();
process.on('exit', () => {
  for (const interrupt of waiting) interrupt();
});

export class Epoll {
  readonly #epoll: number;
  readonly #wake: number;
  readonly #events = Buffer.alloc(MAX_EVENTS * EVENT_SIZE);
  /** The other one belongs to the waiting thread. */
  readonly #eventsNow = Buffer.alloc(MAX_EVENTS * EVENT_SIZE);
  readonly #handlers = new Map<number, () => void>();
  readonly #wakeUp = () => void libcCalls.write(this.#wake, WAKE, WAKE.length);
  #closed = false;

  constructor() {
    this.#epoll = checked('epoll_create1', libcCalls.epollCreate(EPOLL_CLOEXEC));
    this.#wake = checked('eventfd', libcCalls.eventfd(0, EFD_NONBLOCK_CLOEXEC));
    this.#control(CTL.add, this.#wake, EPOLLIN);
  }

  /** Calls `handler` whenever the descriptor is ready (level-triggered), until `remove`. */
  add(fd: number, events: number, handler: () => void): void {
    this.#control(CTL.add, fd, events);
    this.#handlers.set(fd, handler);
    this.#wait();
  }

  /** Must be called before the descriptor is closed. */
  remove(fd: number): void {
    if (!this.#handlers.delete(fd)) return;
    this.#control(CTL.remove, fd, 0);
    // Without handlers no thread may wait: it would keep the process from ending.
    if (this.#handlers.size === 0) this.#interrupt();
  }

  /** Delivers what is ready at this moment, of which the waiting thread may not have told yet. */
  deliverNow(): void {
    if (this.#closed) return;
    const count = libcCalls.epollWait(this.#epoll, this.#eventsNow, MAX_EVENTS, 0);
    // The thread's own wake-up call is left to it.
    for (const fd of readyIn(this.#eventsNow, count)) if (fd !== this.#wake) this.#handlers.get(fd)?.();
  }

  /** Leaves the added descriptors open: they belong to the callers that added them. */
  close(): void {
    this.#closed = true;
    this.#handlers.clear();
    if (this.#isWaiting) this.#interrupt();
    else this.#release();
  }

  #control(operation: number, fd: number, events: number): void {
    const event = Buffer.alloc(EVENT_SIZE);
    event.writeUInt32LE(events, 0);
    event.writeInt32LE(fd, DATA_OFFSET);
    checked('epoll_ctl', libcCalls.epollControl(this.#epoll, operation, fd, event));
  }

  #wait(): void {
    if (this.#isWaiting) return;
    waiting.add(this.#wakeUp);
    // A negative count is EINTR, the only error that is possible once the descriptor exists: wait again.
    libcCalls.epollWait.async(this.#epoll, this.#events, MAX_EVENTS, -1, (_error: unknown, count: number) => {
      waiting.delete(this.#wakeUp);
      this.#deliver(count);
      if (this.#closed) this.#release();
      else if (this.#handlers.size > 0) this.#wait();
    });
  }

  #interrupt(): void {
    if (this.#isWaiting) this.#wakeUp();
  }

  get #isWaiting(): boolean {
    return waiting.has(this.#wakeUp);
  }

  #deliver(count: number): void {
    for (const fd of readyIn(this.#events, count)) {
      if (fd === this.#wake) fs.readSync(fd, Buffer.alloc(WAKE.length));
      else this.#handlers.get(fd)?.();
    }
  }

  #release(): void {
    fs.closeSync(this.#epoll);
    fs.closeSync(this.#wake);
  }
}

function readyIn(events: Buffer, count: number): number[] {
  return Array.from({ length: Math.max(0, count) }, (_, at) => events.readInt32LE(at * EVENT_SIZE + DATA_OFFSET));
}
