/** A person who types the commands of a page, in a checkout, as root. */
import fs from 'node:fs';
import path from 'node:path';
import { MAIN, type Result, type Started, TestHost } from './test-host.js';

export interface Typed extends Result {
  readonly line: string;
}

/** The shell commands of a page, in fenced blocks or indented, `scripts/sglab` and `sglab` alike. */
export function commandsOf(document: string): string[] {
  const lines = fs.readFileSync(document, 'utf8').split('\n');
  const commands = lines.filter((line) => /^(?: {4})?(?:\$ )?sudo (?:scripts\/)?sglab /.test(line));
  return commands.map((line) => line.trim().replace(/^\$ /, '').replace('scripts/sglab', 'sglab'));
}

/** The exit code that the page states for the line: `# exit code 1`. */
export function exitCodeOf(line: string): number {
  return Number(/# exit code (\d)/.exec(line)?.[1] ?? 0);
}

export class Typist {
  /** A copy of a checkout's files for users, so that files written beside them do not stay. */
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
