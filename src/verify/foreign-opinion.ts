/**
 * A user's own model: a program that reads questions on its standard input and answers on its standard output, one JSON
 * document per line (docs/foreign-models.md).
 */
import readline from 'node:readline';
import { applyMutation } from '../changes/mutation.js';
import type { Mutation } from '../changes/verbs.js';
import { type ProbeSpec, resolveProbe } from '../cloud/text/probe.js';
import { quote } from '../cloud/text/quote.js';
import type { Cloud } from '../cloud/types.js';
import { SglabError } from '../errors.js';
import { spawn } from '../kernel/process.js';
import { LEGS, OUTCOMES, STAGES } from '../verdict/types.js';
import type { Answer, Opinion } from './opinion.js';

/** How long a model may take for one batch of questions, in milliseconds. */
const LIMIT_MS = 30_000;

/** How long the program may take to end when there are no more questions, in milliseconds. */
const GRACE_MS = 1000;

/** Characters of a wrong answer that are shown. */
const MAX_QUOTED = 200;

export interface ForeignOptions {
  readonly limitMs?: number;
  /** Stops waiting for answers. */
  readonly signal?: AbortSignal;
}

export class ForeignModelError extends SglabError {
  constructor(command: string, message: string) {
    super('ForeignModel', `the model ${quote(command)} ${message}`, {
      hint: 'docs/foreign-models.md has the protocol',
    });
  }
}

export class ForeignOpinion implements Opinion {
  readonly name: string;
  readonly #process: ReturnType<typeof spawn>['subprocess'];
  readonly #waiting = new Map<number, (answer: Answer) => void>();
  readonly #limitMs: number;
  #fail: (reason: unknown) => void = () => {};
  readonly #failed: Promise<never>;
  #cloud: Cloud;
  #serial = 0;

  /** @param command a line for /bin/sh: it is the user's own program */
  constructor(command: string, cloud: Cloud, { limitMs = LIMIT_MS, signal }: ForeignOptions = {}) {
    this.name = command;
    this.#cloud = cloud;
    this.#limitMs = limitMs;
    // The program gets a process group of its own: a Ctrl-C on the terminal does not reach it, and sglab can end
    // whatever it starts.
    const { subprocess } = spawn('/bin/sh', ['-c', command], {
      detached: true,
      stdin: 'pipe',
      stdout: 'pipe',
      stderr: 'inherit',
      buffer: false,
      reject: false,
    });
    this.#process = subprocess;
    this.#failed = new Promise((_, reject) => {
      this.#fail = reject;
    });
    this.#failed.catch(() => {}); // the next request reports it
    signal?.addEventListener('abort', () => this.#fail(signal.reason), { once: true });
    subprocess.stdin?.on('error', () => {}); // the exit reports it
    if (subprocess.stdout)
      readline.createInterface({ input: subprocess.stdout }).on('line', (line) => this.#onLine(line));
    subprocess.once('exit', (code, signal) =>
      this.#fail(new ForeignModelError(command, `ended with ${signal ?? `exit code ${code}`} before it had answered`)),
    );
    this.#write({ type: 'cloud', cloud });
  }

  async probe(questions: readonly ProbeSpec[]): Promise<Answer[]> {
    const answers = questions.map((question) => this.#request(question));
    const late = new ForeignModelError(this.name, `did not answer within ${this.#limitMs / 1000} s`);
    let timer: NodeJS.Timeout | undefined;
    const limit = new Promise<never>((_, reject) => {
      timer = setTimeout(reject, this.#limitMs, late);
    });
    try {
      return await Promise.race([Promise.all(answers), this.#failed, limit]);
    } finally {
      clearTimeout(timer);
    }
  }

  open(): Promise<Answer> {
    throw new ForeignModelError(this.name, 'is asked about new flows only');
  }

  exchange(): Promise<Answer> {
    throw new ForeignModelError(this.name, 'is asked about new flows only');
  }

  async end(): Promise<void> {}

  async mutate(mutation: Mutation): Promise<void> {
    this.#cloud = applyMutation(this.#cloud, mutation);
    this.#write({ type: 'cloud', cloud: this.#cloud });
  }

  async advance(seconds: number): Promise<void> {
    this.#write({ type: 'advance', seconds });
  }

  /** Closes the program's standard input; if it does not end, kills it with everything that it started. */
  async close(): Promise<void> {
    this.#process.stdin?.end();
    const timer = setTimeout(() => this.#kill(), GRACE_MS);
    await this.#process;
    clearTimeout(timer);
    this.#kill();
  }

  #kill(): void {
    try {
      if (this.#process.pid !== undefined) process.kill(-this.#process.pid, 'SIGKILL');
    } catch {
      // the group is already gone
    }
  }

  #request(spec: ProbeSpec): Promise<Answer> {
    const { sourceAddress: source, destinationAddress: destination, ...question } = resolveProbe(this.#cloud, spec);
    const id = ++this.#serial;
    const { family, protocol, port, icmpType, icmpCode } = question;
    const { from, to } = spec;
    this.#write({ type: 'probe', id, from, to, source, destination, family, protocol, port, icmpType, icmpCode });
    return new Promise((resolve) => this.#waiting.set(id, resolve));
  }

  #write(message: object): void {
    this.#process.stdin?.write(`${JSON.stringify(message)}\n`);
  }

  #onLine(line: string): void {
    if (line.trim() === '') return;
    const read = readAnswer(line);
    const waiting = typeof read === 'string' ? undefined : this.#waiting.get(read.id);
    if (typeof read === 'string' || waiting === undefined) {
      const reason = typeof read === 'string' ? read : `no question ${read.id} waits for an answer`;
      this.#fail(new ForeignModelError(this.name, `answered ${quote(line.slice(0, MAX_QUOTED))}: ${reason}`));
      return;
    }
    this.#waiting.delete(read.id);
    waiting(read.answer);
  }
}

/** @returns the answer, or a description of its fault */
function readAnswer(line: string): { id: number; answer: Answer } | string {
  const document = parseObject(line);
  if (document === null) return 'that is no JSON object';
  const { id, outcome, stage = null, leg = null, rules = [] } = document;
  if (typeof id !== 'number') return 'it has no "id" of a question';
  const known = {
    outcome: OUTCOMES.find((each) => each === outcome),
    stage: stage === null ? null : STAGES.find((each) => each === stage),
    leg: leg === null ? null : LEGS.find((each) => each === leg),
  };
  if (known.outcome === undefined) return `"outcome" is one of ${OUTCOMES.join(', ')}`;
  if (known.stage === undefined) return `"stage" is one of ${STAGES.join(', ')}`;
  if (known.leg === undefined) return `"leg" is one of ${LEGS.join(', ')}`;
  if (!Array.isArray(rules)) return '"rules" is a list of ids';
  return { id, answer: { outcome: known.outcome, stage: known.stage, leg: known.leg, rules: rules.map(String) } };
}

function parseObject(line: string): Readonly<Record<string, unknown>> | null {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>) : null;
  } catch {
    return null;
  }
}
