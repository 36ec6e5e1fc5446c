/**
 * Somebody else's model: a program that is asked on its standard input and answers on its standard output, one JSON document
 * per line (docs/foreign-models.md).
 */
import readline from 'node:readline';
import { applyMutation, type Mutation } from '../cloud/mutation.js';
import { type ProbeSpec, resolveProbe } from '../cloud/probe.js';
import { quote } from '../cloud/quote.js';
import type { Cloud } from '../cloud/types.js';
import { SglabError } from '../errors.js';
import { spawn } from '../kernel/process.js';
import { LEGS, type Leg, OUTCOMES, STAGES, type Stage } from '../observe/types.js';
import type { Answer, Opinion } from './opinion.js';

/** How long a model may think about one batch of questions. */
const LIMIT_MS = 30_000;

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
  #fail: (error: Error) => void = () => {};
  readonly #failed: Promise<never>;
  #cloud: Cloud;
  #serial = 0;

  /** @param command a line for /bin/sh: it is the user's own program */
  constructor(command: string, cloud: Cloud) {
    this.name = command;
    this.#cloud = cloud;
    const { subprocess } = spawn('/bin/sh', ['-c', `exec ${command}`], {
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
    this.#failed.catch(() => {}); // heard by whoever asks next
    subprocess.stdin?.on('error', () => {}); // its exit says so
    if (subprocess.stdout)
      readline.createInterface({ input: subprocess.stdout }).on('line', (line) => this.#hear(line));
    subprocess.once('exit', (code, signal) =>
      this.#fail(new ForeignModelError(command, `ended with ${signal ?? `exit code ${code}`} before it had answered`)),
    );
    this.#tell({ type: 'cloud', cloud });
  }

  async probe(questions: readonly ProbeSpec[]): Promise<Answer[]> {
    const answers = questions.map((question) => this.#ask(question));
    const late = new ForeignModelError(this.name, `did not answer within ${LIMIT_MS / 1000} s`);
    let timer: NodeJS.Timeout | undefined;
    const limit = new Promise<never>((_, reject) => {
      timer = setTimeout(reject, LIMIT_MS, late);
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
    this.#tell({ type: 'cloud', cloud: this.#cloud });
  }

  async advance(seconds: number): Promise<void> {
    this.#tell({ type: 'advance', seconds });
  }

  /** Ends the program with its standard input, and waits for it. */
  async close(): Promise<void> {
    this.#process.stdin?.end();
    await this.#process;
  }

  #ask(spec: ProbeSpec): Promise<Answer> {
    const { sourceAddress: source, destinationAddress: destination, ...question } = resolveProbe(this.#cloud, spec);
    const id = ++this.#serial;
    const { family, protocol, port, icmpType, icmpCode } = question;
    const { from, to } = spec;
    this.#tell({ type: 'probe', id, from, to, source, destination, family, protocol, port, icmpType, icmpCode });
    return new Promise((resolve) => this.#waiting.set(id, resolve));
  }

  #tell(message: object): void {
    this.#process.stdin?.write(`${JSON.stringify(message)}\n`);
  }

  #hear(line: string): void {
    if (line.trim() === '') return;
    const read = readAnswer(line);
    const waiting = read === null ? undefined : this.#waiting.get(read.id);
    if (read === null || waiting === undefined) {
      this.#fail(new ForeignModelError(this.name, `answered ${quote(line)}, which answers no question`));
      return;
    }
    this.#waiting.delete(read.id);
    waiting(read.answer);
  }
}

/** `{"id": 1, "outcome": "timed-out", "stage": "sg-ingress"}`; stage, leg and rules may be left out. */
function readAnswer(line: string): { id: number; answer: Answer } | null {
  const document = parseObject(line);
  if (document === null || typeof document.id !== 'number') return null;
  const outcome = OUTCOMES.find((each) => each === document.outcome);
  if (outcome === undefined) return null;
  const stage: Stage | null = STAGES.find((each) => each === document.stage) ?? null;
  const leg: Leg | null = LEGS.find((each) => each === document.leg) ?? null;
  const rules = Array.isArray(document.rules) ? document.rules.map(String) : [];
  return { id: document.id, answer: { outcome, stage, leg, rules } };
}

function parseObject(line: string): Readonly<Record<string, unknown>> | null {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>) : null;
  } catch {
    return null;
  }
}
