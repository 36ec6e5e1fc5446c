/** A person who types what a page shows, in a checkout, as root. */
import fs from 'node:fs';
import path from 'node:path';
import { MAIN, type Result, type Started, TestHost } from './test-host.js';

export interface Typed extends Result {
  readonly line: string;
}

/** Lines that a shell is given, in fenced blocks or indented, `scripts/sglab` and `sglab` alike. */
export function commandsOf(document: string): string[] {
  const lines = fs.readFileSync(document, 'utf8').split('\n');
  const commands = lines.filter((line) => /^(?: {4})?(?:\$ )?sudo (?:scripts\/)?sglab /.test(line));
  return commands.map((line) => line.trim().replace(/^\$ /, '').replace('scripts/sglab', 'sglab'));
}

/** What the page says that the line ends with: `# exit code 1`. */
export function exitCodeOf(line: string): number {
  return Number(/# exit code (\d)/.exec(line)?.[1] ?? 0);
}

export class Typist {
  /** A copy of what a checkout has for users, so that what is written beside it does not stay. */
  readonly #checkout: string;

  private constructor(readonly host: TestHost) {
    this.#checkout = path.join(host.directory, 'checkout');
    fs.mkdirSync(this.#checkout);
    for (const name of ['docs', 'scenarios']) fs.symlinkSync(path.resolve(name), path.join(this.#checkout, name));
  }

  static async start(): Promise<Typist> {
    return new Typist(await TestHost.start());
  }

  /** @param line one or more of them, for one shell */
  begin(line: string): Started {
    const shell = `sudo() { "$@"; }; sglab() { '${process.execPath}' '${MAIN}' "$@"; }; cd '${this.#checkout}'\n${line}`;
    const env = { SGLAB_STATE_DIR: path.join(this.host.directory, 'state') };
    return this.host.start('bash', ['-c', shell], { env });
  }

  async type(line: string): Promise<Typed> {
    return { line, ...(await this.begin(line).result) };
  }

  stop(): Promise<void> {
    return this.host.stop();
  }
}
