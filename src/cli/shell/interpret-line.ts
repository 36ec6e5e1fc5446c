/** Interprets a line of `sglab shell`. Pure. */
import { withoutPrefix } from '../../changes/split-words.js';
import { hintFor } from '../../cloud/text/suggest.js';
import { SglabError } from '../../errors.js';

export type LineAction =
  | { readonly type: 'nothing' | 'leave' | 'help' }
  /** The arguments are for sglab itself. */
  | { readonly type: 'command'; readonly args: readonly string[] };

export interface ShellContext {
  /** The names of sglab's commands. */
  readonly commands: readonly string[];
  /** Called only if the first word is no command. */
  readonly machines: () => Promise<readonly string[]>;
  /** The file that keeps the latest matrix, so that the next one can mark the changes. */
  readonly matrixFile: string;
  /** The program that a machine's name alone starts there. */
  readonly insideShell: string;
  /** A directory of this host for programs inside machines; null: none. */
  readonly share: string | null;
}

/** Commands of this shell alone. */
export const SHELL_COMMANDS = ['help', 'exit'] as const;

/** @throws SglabError if the first word is neither a command nor a machine */
export async function interpretLine(line: readonly string[], known: ShellContext): Promise<LineAction> {
  const [first, ...rest] = withoutPrefix(line);
  if (first === undefined) return { type: 'nothing' };
  if (first === 'exit') return { type: 'leave' };
  if (first === 'help' && rest.length === 0) return { type: 'help' };
  if (first === 'shell') throw new SglabError('BadUsage', 'this is the shell already', { hint: '`exit` leaves it' });
  if (first === 'matrix') return { type: 'command', args: [first, '--since', known.matrixFile, ...rest] };
  if (first.startsWith('-') || known.commands.includes(first)) return { type: 'command', args: [first, ...rest] };
  const machines = await known.machines();
  if (machines.includes(first)) {
    const share = known.share === null ? [] : ['--share', known.share];
    const argv = rest.length === 0 ? [known.insideShell] : rest;
    return { type: 'command', args: ['exec', ...share, first, '--', ...argv] };
  }
  const words = [...SHELL_COMMANDS, ...known.commands, ...machines];
  throw new SglabError('BadUsage', `${JSON.stringify(first)} is neither a command nor a machine of this lab`, {
    hint: hintFor(first, words) ?? '`help` lists what you can type',
  });
}
