/** A person at a terminal: a real pty (util-linux's script), to which keys are sent and whose screen is read. */
import { stripVTControlCharacters } from 'node:util';
import type { Result, Started, TestHost } from './test-host.js';
import { until } from './until.js';

export const CTRL_C = '\x03';
export const CTRL_D = '\x04';
export const TAB = '\t';
export const UP = '\x1b[A';

const PATIENCE_MS = 40_000;

export class Terminal {
  readonly #started: Started;
  #output = '';
  #seen = 0;

  constructor(host: TestHost, command: string, env: NodeJS.ProcessEnv = {}) {
    // A shell between them would be ended by the Ctrl-C that the command survives.
    this.#started = host.start('script', ['-qefc', `exec ${command}`, '/dev/null'], {
      input: null,
      env: { TERM: 'xterm', NO_COLOR: '1', ...env },
    });
    this.#started.process.stdout?.setEncoding('utf8').on('data', (text: string) => {
      this.#output += text;
    });
  }

  type(keys: string): void {
    this.#started.process.stdin?.write(keys);
  }

  /**
   * Waits until the screen shows the pattern after the previous match.
   * @returns the output up to the end of the match
   */
  async shows(pattern: RegExp): Promise<string> {
    try {
      return await until(`the terminal shows ${pattern}`, () => this.#take(pattern), PATIENCE_MS);
    } catch (error) {
      throw new Error(`only ${JSON.stringify(this.#unseen())} was shown`, { cause: error });
    }
  }

  /** Resolves with the result of the command when it has ended. */
  ended(): Promise<Result> {
    return this.#started.result;
  }

  #take(pattern: RegExp): string | null {
    const unseen = this.#unseen();
    const found = pattern.exec(unseen);
    if (found === null) return null;
    const end = found.index + found[0].length;
    this.#seen += end;
    return unseen.slice(0, end);
  }

  #unseen(): string {
    return stripVTControlCharacters(this.#output).replaceAll('\r', '').slice(this.#seen);
  }
}
