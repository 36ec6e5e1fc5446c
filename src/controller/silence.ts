/** How long somebody waits for a controller that says nothing. */
import { cpuTimeOf } from '../kernel/process.js';
import { ControllerSilentError } from './errors.js';

/** The variable that has the time limit of every request in seconds, as --timeout sets it. */
const TIMEOUT_VARIABLE = 'SGLAB_TIMEOUT';
const DEFAULT_TIMEOUT = 30;

/** How long a controller may neither answer nor report progress, in seconds. */
export function timeLimit(): number {
  const seconds = Number(process.env[TIMEOUT_VARIABLE]);
  return seconds > 0 ? seconds : DEFAULT_TIMEOUT;
}

/** Fails when a process that builds a lab neither says anything nor computes for the time limit. */
export class Silence {
  readonly #lab: string;
  readonly #pid: number;
  readonly #timer: NodeJS.Timeout;
  readonly failed: Promise<never>;
  #reject: (error: unknown) => void = () => {};
  #last = performance.now();
  #cpuTime = 0;

  constructor(lab: string, pid: number) {
    this.#lab = lab;
    this.#pid = pid;
    this.failed = new Promise((_, reject) => {
      this.#reject = reject;
    });
    this.failed.catch(() => {}); // it may fail after the controller is ready
    this.#timer = setInterval(() => this.#look(), 1000);
  }

  end(): void {
    this.#last = performance.now();
  }

  fail(seconds: number): void {
    this.#reject(new ControllerSilentError(this.#lab, seconds, this.#pid));
  }

  close(): void {
    clearInterval(this.#timer);
  }

  /** A large lab is planned without a word in between. */
  #look(): void {
    const cpuTime = cpuTimeOf(this.#pid);
    if (cpuTime !== this.#cpuTime) this.end();
    this.#cpuTime = cpuTime;
    const limit = timeLimit();
    if (performance.now() - this.#last > limit * 1000) this.fail(limit);
  }
}
