/**
 * nftables through its own tool: a short `nft -f` per namespace where many are loaded at once, and a long-lived `nft -i` where
 * a rule changes. Starting a process is nearly all that `nft -f` costs; a command to a running one is done in 0.3–2 ms, so
 * a change on a hundred cards stays below 100 ms.
 */
import { KernelError, onDisk } from './errors.js';
import { runInNamespaces } from './in-namespaces.js';
import type { Netns } from './netns.js';
import { NO_HOME, run, spawn } from './process.js';
import { overwriteFile } from './safe-file.js';

/** nft keeps every line and walks through all of them for each new one: 0.2 ms a transaction after 5 000, 4 ms after 40 000. */
const MAX_TRANSACTIONS = 1000;

type NftProcess = ReturnType<typeof spawn>['subprocess'];

export class NftSession {
  readonly #netns: Netns;
  readonly #file: string;
  #process: NftProcess;
  #applied = 0;
  #output = '';
  #serial = 0;
  #waiting: { marker: string; resolve: (output: string) => void; reject: (error: Error) => void } | null = null;
  #queue: Promise<unknown> = Promise.resolve();
  #ended: string | null = null;

  /** @param file where each transaction is written before nft includes it: its last content is the last transaction */
  constructor(netns: Netns, file: string) {
    this.#netns = netns;
    this.#file = file;
    this.#process = this.#start();
    this.#enqueue(() => this.#skipGreeting()).catch(() => {});
  }

  #start(): NftProcess {
    // Transactions print nothing but errors, and the marker behind them is an error, too: one stream says it all, in
    // order. A session of its own keeps a Ctrl-C on the terminal away from nft: it ends with its standard input.
    const { subprocess } = spawn('nft', ['-i'], {
      namespace: this.#netns,
      stdin: 'pipe',
      stdout: 'ignore',
      stderr: 'pipe',
      buffer: false,
      reject: false,
      detached: true,
      cleanup: true,
      env: { TERM: 'dumb', ...NO_HOME },
    });
    subprocess.stdin?.on('error', () => {}); // reported through the exit
    const isCurrent = () => subprocess === this.#process;
    subprocess.stderr?.setEncoding('utf8').on('data', (text: string) => isCurrent() && this.#onOutput(text));
    void subprocess.then(({ exitCode, signal, shortMessage = '' }) => {
      const isStarted = exitCode !== undefined || signal !== undefined;
      if (isCurrent()) this.#onExit(isStarted ? `nft ended with ${signal ?? `exit code ${exitCode}`}` : shortMessage);
    });
    return subprocess;
  }

  /** What libedit says first, where it does not know the terminal, is nothing about a transaction. */
  #skipGreeting(): Promise<string> {
    return this.#command('');
  }

  /**
   * Applies one transaction: all of it or nothing.
   * @throws KernelError with nft's message; the namespace's rules are then what they were, unless nft has ended: then
   * nobody knows
   */
  apply(transaction: string): Promise<void> {
    return this.#enqueue(async () => {
      writeTransaction(this.#file, transaction);
      const output = (await this.#command(`include "${this.#file}"`)).trim();
      this.#applied += 1;
      if (this.#applied % MAX_TRANSACTIONS === 0) this.#enqueue(() => this.#renew()).catch(() => {});
      if (output !== '') throw this.#failure(output);
    });
  }

  get isEnded(): boolean {
    return this.#ended !== null;
  }

  /** Ends the process; resolves when it is gone. */
  async close(): Promise<void> {
    await this.#queue;
    await end(this.#process);
  }

  /** The next process takes over from one that has become slow. */
  async #renew(): Promise<void> {
    if (this.#ended !== null) return;
    const old = this.#process;
    this.#process = this.#start();
    await Promise.all([this.#skipGreeting(), end(old)]);
  }

  #enqueue<T>(task: () => Promise<T>): Promise<T> {
    const done = this.#queue.then(task);
    this.#queue = done.catch(() => {});
    return done;
  }

  /** What nft printed for a command. It acknowledges nothing by itself, so a word that it does not know follows. */
  #command(line: string): Promise<string> {
    if (this.#ended !== null) return Promise.reject(this.#failure(this.#ended));
    const marker = `sglab-done-${++this.#serial}`;
    return new Promise((resolve, reject) => {
      this.#waiting = { marker, resolve, reject };
      this.#process.stdin?.write(`${line}\n${marker}\n`);
    });
  }

  #onOutput(text: string): void {
    this.#output += text;
    const waiting = this.#waiting;
    if (waiting === null) return;
    // "Error: syntax error, unexpected newline, expecting string\nsglab-done-7\n            ^\n"
    const at = this.#output.indexOf(waiting.marker);
    if (at < 0 || !this.#output.slice(at).includes('^\n')) return;
    const before = this.#output.slice(0, at);
    this.#output = '';
    this.#waiting = null;
    waiting.resolve(before.slice(0, Math.max(0, before.lastIndexOf('Error:'))));
  }

  #onExit(how: string): void {
    this.#ended = this.#output.trim() || how;
    this.#waiting?.reject(this.#failure(this.#ended));
    this.#waiting = null;
  }

  #failure(message: string): KernelError {
    return failureOf(this.#netns, this.#file, message);
  }
}

async function end(subprocess: NftProcess): Promise<void> {
  subprocess.stdin?.end();
  await subprocess;
}

export interface Transaction {
  readonly namespace: Netns;
  readonly text: string;
  /** Where it is written if it fails, for whoever wants to see why. */
  readonly file: string;
}

/**
 * Applies a transaction in each of many namespaces, several at once.
 * @throws KernelError of one that failed; the others are in force or were left out
 */
export async function applyInNamespaces(transactions: readonly Transaction[]): Promise<void> {
  await runInNamespaces(
    transactions.map(({ namespace, text, file }) => ({
      namespace,
      argv: ['nft', '-f', '-'],
      input: text,
      failure: (_exitCode, stderr) => {
        writeTransaction(file, text);
        return failureOf(namespace, file, stderr.replaceAll('/dev/stdin:', `${file}:`));
      },
    })),
  );
}

function writeTransaction(file: string, text: string): void {
  onDisk(() => overwriteFile(file, text)); // the way back must not need more space than the change had
}

function failureOf(namespace: Netns, file: string, stderr: string): KernelError {
  return new KernelError({ command: `nft -f ${file}`, namespace: namespace.name, stderr });
}

/** Everything nftables holds in a namespace, as `nft -j list ruleset` says it. */
export async function listRuleset(namespace: Netns): Promise<unknown> {
  const { stdout } = await run('nft', ['-j', 'list', 'ruleset'], { namespace });
  return JSON.parse(stdout);
}

/** The namespace's ruleset as text, as an administrator would read it. */
export async function printRuleset(namespace: Netns): Promise<string> {
  return (await run('nft', ['list', 'ruleset'], { namespace })).stdout;
}

/** How many packets the first counter of each chain of a table has seen. */
export function countedDrops(namespace: Netns, table: string, chains: readonly string[]): Promise<number[]> {
  return Promise.all(
    chains.map(async (chain) => {
      const { stdout } = await run('nft', ['list', 'chain', ...table.split(' '), chain], { namespace });
      return Number(/\bcounter packets (\d+)/.exec(stdout)?.[1] ?? 0);
    }),
  );
}
