/** `sglab shell`: line by line, each a command of sglab about one lab, or a program inside one of its machines. */
import path from 'node:path';
import { createInterface, type Interface } from 'node:readline/promises';
import type { Command } from 'commander';
import { splitWords } from '../../changes/split-words.js';
import type { Cloud } from '../../cloud/types.js';
import { call, chooseLab, knownLabs } from '../../controller/client.js';
import { EXIT, SglabError } from '../../errors.js';
import { labDirectory, labsWithController } from '../../lab/run-directory.js';
import { commands } from '../completion/complete.js';
import { type Vocabulary, vocabularyOf } from '../completion/vocabulary.js';
import { formatError } from '../report/error.js';
import { styleFor } from '../report/style.js';
import { completeLine } from './completer.js';
import { shellHelp } from './help.js';
import { appendHistory, historyFile, KEPT_LINES, readHistory } from './history.js';
import { type Known, meaningOf } from './meaning.js';
import { INTERRUPTED, runCommand } from './run-command.js';

export class Shell {
  readonly #lab: string;
  readonly #program: Command;
  /** There is somebody who types. */
  readonly #terminal = process.stdin.isTTY && process.stdout.isTTY;
  readonly #known: Known;
  #isDown = false;

  constructor(lab: string, program: Command) {
    this.#lab = lab;
    this.#program = program;
    this.#known = {
      commands: commands(program),
      machines: async () => (await this.#vocabulary()).machines,
      matrixFile: path.join(labDirectory(lab), 'last-matrix.json'),
      insideShell: process.env.SHELL || 'sh',
    };
  }

  /** Until the input ends, or somebody leaves. @returns the exit code: that of the first line that failed, where nobody types */
  async run(): Promise<number> {
    const ignore = () => {};
    process.on('SIGINT', ignore).on('SIGQUIT', ignore); // they are meant for the command that runs
    const reader = this.#reader();
    let exitCode: number = EXIT.ok;
    this.#prompt(reader);
    for await (const line of reader) {
      this.#handOverTerminal(reader);
      const code = await this.#runLine(line);
      if (code === 'leave') break;
      exitCode ||= code;
      if (code === INTERRUPTED && !this.#terminal) break;
      this.#noticeEnd();
      this.#prompt(reader);
    }
    reader.close();
    process.off('SIGINT', ignore).off('SIGQUIT', ignore);
    return this.#terminal ? EXIT.ok : exitCode;
  }

  #reader(): Interface {
    if (!this.#terminal) return createInterface({ input: process.stdin, terminal: false });
    const reader = createInterface({
      input: process.stdin,
      output: process.stdout,
      history: readHistory(historyFile()),
      historySize: KEPT_LINES,
      removeHistoryDuplicates: true,
      completer: async (line: string) =>
        completeLine(this.#program, line, await this.#vocabulary().catch(() => vocabularyOf(null, []))),
    });
    reader.on('SIGINT', () => {
      reader.write(null, { ctrl: true, name: 'e' });
      reader.write(null, { ctrl: true, name: 'u' });
      process.stdout.write('^C\n');
      reader.prompt();
    });
    // Ctrl-D: what comes next on this terminal begins on a line of its own.
    reader.once('close', () => process.stdout.write('\n'));
    return reader;
  }

  /** Keeps what was typed meanwhile. */
  #prompt(reader: Interface): void {
    if (!this.#terminal) return;
    const style = styleFor();
    reader.setPrompt(`${style.bold(this.#lab)}${this.#isDown ? style.red(' (down)') : ''}> `);
    process.stdin.setRawMode(true);
    reader.prompt(true);
  }

  /** To the command that runs next. */
  #handOverTerminal(reader: Interface): void {
    if (!this.#terminal) return;
    reader.pause();
    process.stdin.setRawMode(false);
  }

  async #runLine(line: string): Promise<number | 'leave'> {
    try {
      if (this.#terminal && line.trim() !== '') appendHistory(historyFile(), line);
      const meaning = await meaningOf(splitWords(line), this.#known);
      switch (meaning.type) {
        case 'nothing':
          return EXIT.ok;
        case 'leave':
          return 'leave';
        case 'help':
          process.stdout.write(shellHelp(this.#program, (await this.#vocabulary()).machines));
          return EXIT.ok;
        case 'command':
          return await runCommand(meaning.args, this.#lab, this.#terminal);
      }
    } catch (error) {
      process.stderr.write(formatError(error, styleFor(process.stderr)));
      return error instanceof SglabError ? error.exitCode : EXIT.expectationFailed;
    }
  }

  /** Somebody else may have taken the lab down, or this line did. */
  #noticeEnd(): void {
    const wasDown = this.#isDown;
    this.#isDown = !labsWithController().includes(this.#lab);
    if (wasDown || !this.#isDown) return;
    process.stderr.write(`the lab ${this.#lab} is down: \`up FILE\` builds it again, \`exit\` leaves\n`);
  }

  async #vocabulary(): Promise<Vocabulary> {
    return vocabularyOf(await this.#cloud(), knownLabs());
  }

  async #cloud(): Promise<Cloud> {
    return (await call(chooseLab(this.#lab), 'status', {})).cloud;
  }
}
