/**
 * `sglab shell` reads line by line; each line is a command of sglab about one lab, or a program to run inside one of
 * its machines.
 */

import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { createInterface, type Interface } from 'node:readline/promises';
import type { Command } from 'commander';
import { quote } from 'shell-quote';
import { splitWords, withoutPrefix } from '../../changes/split-words.js';
import type { Cloud } from '../../cloud/types.js';
import { call, chooseLab, labsOfHost } from '../../controller/client.js';
import { EXIT, SglabError } from '../../errors.js';
import { appendToFile, PRIVATE, replaceFile } from '../../kernel/safe-file.js';
import { labDirectory, labsWithController } from '../../lab/run-directory.js';
import { commands, complete } from '../completion/complete.js';
import { type Vocabulary, vocabularyOf } from '../completion/vocabulary.js';
import { formatError } from '../report/error.js';
import { styleFor } from '../report/style.js';
import { table } from '../report/table.js';
import { interpretLine, SHELL_COMMANDS, type ShellContext } from './interpret-line.js';
import { INTERRUPTED, runCommand } from './run-command.js';

export class Shell {
  readonly #lab: string;
  readonly #program: Command;
  /** Whether a person is typing. */
  readonly #terminal = process.stdin.isTTY && process.stdout.isTTY;
  readonly #context: ShellContext;
  #isDown = false;

  /** @param share a directory of this host for programs inside machines; null: none */
  constructor(lab: string, program: Command, share: string | null) {
    this.#lab = lab;
    this.#program = program;
    this.#context = {
      commands: commands(program),
      machines: async () => (await this.#vocabulary()).machines,
      matrixFile: path.join(labDirectory(lab), 'last-matrix.json'),
      insideShell: process.env.SHELL || 'sh',
      share: share === null ? null : path.resolve(share),
    };
  }

  /**
   * Runs until the input ends, or the user leaves.
   * @returns the exit code: without a terminal, that of the first line that failed
   */
  async run(): Promise<number> {
    const ignore = () => {};
    process.on('SIGINT', ignore).on('SIGQUIT', ignore); // the signals are meant for the command that runs
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
    // After Ctrl-D, the next output on this terminal must begin on a line of its own.
    reader.once('close', () => process.stdout.write('\n'));
    return reader;
  }

  /** Prompts for the next line, and keeps the input typed while a command ran. */
  #prompt(reader: Interface): void {
    if (!this.#terminal) return;
    const style = styleFor();
    reader.setPrompt(`${style.bold(this.#lab)}${this.#isDown ? style.red(' (down)') : ''}> `);
    process.stdin.setRawMode(true);
    reader.prompt(true);
  }

  /** Lets the command that runs next read from the terminal. */
  #handOverTerminal(reader: Interface): void {
    if (!this.#terminal) return;
    reader.pause();
    process.stdin.setRawMode(false);
  }

  async #runLine(line: string): Promise<number | 'leave'> {
    try {
      if (this.#terminal && line.trim() !== '') appendHistory(historyFile(), line);
      const meaning = await interpretLine(splitWords(line), this.#context);
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

  /** Another process, or this line, may have taken the lab down. */
  #noticeEnd(): void {
    const wasDown = this.#isDown;
    this.#isDown = !labsWithController().includes(this.#lab);
    if (wasDown || !this.#isDown) return;
    process.stderr.write(`the lab ${this.#lab} is down: \`up FILE\` builds it again, \`exit\` leaves\n`);
  }

  async #vocabulary(): Promise<Vocabulary> {
    return vocabularyOf(await this.#cloud(), labsOfHost());
  }

  async #cloud(): Promise<Cloud> {
    return (await call(chooseLab(this.#lab), 'status', {})).cloud;
  }
}

/** Lists the commands that can be typed, each with its purpose. */
function shellHelp(program: Command, machines: readonly string[]): string {
  const example = machines[0] ?? 'web-1';
  const own = [
    [`${example} COMMAND …`, `run a command inside ${example}, or another machine, with this terminal`],
    [example, 'a shell inside; its exit leads back'],
    ['help COMMAND', 'how a command is written'],
    ['exit', 'leave; the lab stays up (Ctrl-D, too)'],
  ];
  const commands = program
    .createHelp()
    .visibleCommands(program)
    .filter((command) => command.name() !== 'shell' && command.name() !== 'help')
    .map((command) => [command.name(), command.summary()]);
  return `${table(
    [...own, ['', ''], ...commands].map((row) => [`  ${row[0]}`, row[1] ?? '']),
    [{}, {}],
  )}

Quoting works as in sh. A line that names no lab applies to this one. Ctrl-C ends a command, not the shell.
`;
}

export const KEPT_LINES = 1000;

/** The file is root's, also under sudo: one of root's files in a user's home would get in that user's way. */
function historyFile(): string {
  const state = process.env.XDG_STATE_HOME || path.join(os.userInfo().homedir, '.local/state');
  return path.join(state, 'sglab/shell-history');
}

/**
 * Drops entries that are too old, too.
 * @returns the latest line first, as readline wants them; none if the file cannot be read
 */
export function readHistory(file: string): string[] {
  try {
    const lines = fs.readFileSync(file, 'utf8').split('\n').filter(Boolean);
    const kept = lines.slice(-KEPT_LINES);
    if (kept.length < lines.length) replaceFile(file, `${kept.join('\n')}\n`, PRIVATE);
    return kept.reverse();
  } catch {
    return [];
  }
}

/**
 * Appends at once, so that neither a kill nor a second shell loses the line.
 * @returns whether it could be written
 */
export function appendHistory(file: string, line: string): boolean {
  try {
    fs.mkdirSync(path.dirname(file), { recursive: true, mode: 0o700 });
    appendToFile(file, `${line}\n`);
    return true;
  } catch {
    return false;
  }
}

/** @returns candidates for the end of the line, and the part of it that each would replace */
export function completeLine(program: Command, line: string, vocabulary: Vocabulary): [string[], string] {
  const fragment = /\S*$/.exec(line)?.[0] ?? '';
  const found = candidatesAfter(program, line.slice(0, line.length - fragment.length), fragment, vocabulary);
  const hits = found.filter((word) => word.startsWith(fragment)).map((word) => quote([word]));
  return [hits.length === 1 ? hits.map((hit) => `${hit} `) : hits, fragment];
}

function candidatesAfter(
  program: Command,
  before: string,
  fragment: string,
  vocabulary: Vocabulary,
): readonly string[] {
  const typed = typedWords(before);
  if (typed === null) return [];
  const [first] = typed;
  const { machines } = vocabulary;
  if (first === undefined) return [...new Set([...SHELL_COMMANDS, ...commands(program), ...machines])].sort();
  // For a program inside a machine, sglab can offer only the names of other machines.
  if (machines.includes(first) && !commands(program).includes(first)) return machines;
  return complete(program, typed, fragment, vocabulary).words;
}

/** @returns null inside quotes */
function typedWords(text: string): readonly string[] | null {
  try {
    return withoutPrefix(splitWords(text));
  } catch {
    return null;
  }
}
