/** One more exchange on an open flow, in progress: the messages that arrived, and the drops that were reported. */
import type { WatchedFlow } from '../observe/observer.js';
import type { ExchangeEvidence } from '../observe/results.js';
import type { Seen } from '../observe/sighting.js';
import type { FlowSend } from '../verdict/types.js';
import { afterListening, deafness, type Ears } from './patience.js';

/** How long a message may take if no drop is reported, in milliseconds. */
const LIMIT_MS = 3000;

export type ExchangeAnswer = Pick<ExchangeEvidence, 'outcome' | 'drop' | 'reason'>;

export class Exchange {
  readonly serial: number;
  readonly #send: FlowSend;
  readonly #unwatch: () => void;
  readonly #answer: Promise<ExchangeAnswer>;
  readonly #stopWaiting: () => void;
  #resolve: (answer: ExchangeAnswer) => void = () => {};

  constructor(ears: Ears, keys: WatchedFlow, serial: number, send: FlowSend) {
    this.serial = serial;
    this.#send = send;
    this.#answer = new Promise((resolve) => {
      this.#resolve = resolve;
    });
    const started = performance.now();
    this.#unwatch = ears.observer.watch(keys, (seen) => {
      if (seen.verdict === 'drop' && !seen.error && this.#matters(seen.leg)) this.#resolveStalled(seen);
    });
    this.#stopWaiting = afterListening(ears.epoll, LIMIT_MS, () => {
      const why = deafness(ears, started) ?? 'no place reported a packet as dropped';
      this.fail(`nothing arrived within ${LIMIT_MS} ms, and ${why}`);
    });
  }

  atServer(serial: number): void {
    if (serial === this.serial && this.#send === 'client') this.#continue();
  }

  atClient(serial: number): void {
    if (serial === this.serial && this.#send !== 'client') this.#continue();
  }

  /** Called when the client's or the sending socket reports that the connection no longer exists. */
  onClosed(reason: string): void {
    this.#resolve({ outcome: 'reset', drop: null, reason });
  }

  fail(reason: string): void {
    this.#resolve({ outcome: 'unknown', drop: null, reason });
  }

  /** Resolves at the first event that decides the outcome. */
  async done(): Promise<ExchangeAnswer> {
    try {
      return await this.#answer;
    } finally {
      this.#stopWaiting();
      this.#unwatch();
    }
  }

  /** If only one direction is probed, an acknowledgement in the other may be lost. */
  #matters(leg: Seen['leg']): boolean {
    return this.#send === 'both' || leg === (this.#send === 'client' ? 'request' : 'reply');
  }

  #continue(): void {
    this.#resolve({ outcome: 'goes-on', drop: null, reason: null });
  }

  #resolveStalled(drop: Seen): void {
    this.#resolve({ outcome: 'stalls', drop, reason: null });
  }
}
