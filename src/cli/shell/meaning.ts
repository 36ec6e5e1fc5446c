/** What a line of `sglab shell` asks for. Pure. */
import { withoutPrefix } from '../../changes/split-words.js';
import { hintFor } from '../../cloud/text/nearest-word.js';
import { SglabError } from '../../errors.js';

export type Meaning =
  | { readonly type: 'nothing' | 'leave' | 'help' }
  /** Arguments for sglab itself. */
  | { readonly type: 'command'; readonly args: readonly string[] };

export interface Known {
  /** Of sglab. */
  readonly commands: readonly string[];
  /** Asked only for a first word that is no command. */
  readonly machines: () => Promise<readonly string[]>;
  /** Where a matrix is kept, to mark in the next one what changed. */
  readonly matrixFile: string;
  /** What a machine's name alone starts there. */
  readonly insideShell: string;
}

/** Words of this shell alone. */
export const OWN_WORDS = ['help', 'exit'] as const;

/** @throws SglabError for a first word that means nothing here */
export async function meaningOf(line: readonly string[], known: Known): Promise<Meaning> {
  const [first, ...rest] = withoutPrefix(line);
  if (first === undefined) return { type: 'nothing' };
  if (first === 'exit') return { type: 'leave' };
  if (first === 'help' && rest.length === 0) return { type: 'help' };
  if (first === 'shell') throw new SglabError('BadUsage', 'this is the shell already', { hint: '`exit` leaves it' });
  if (first === 'matrix') return { type: 'command', args: [first, '--since', known.matrixFile, ...rest] };
  if (first.startsWith('-') || known.commands.includes(first)) return { type: 'command', args: [first, ...rest] };
  const machines = await known.machines();
  if (machines.includes(first)) {
    return { type: 'command', args: ['exec', first, '--', ...(rest.length === 0 ? [known.insideShell] : rest)] };
  }
  const words = [...OWN_WORDS, ...known.commands, ...machines];
  throw new SglabError('BadUsage', `${JSON.stringify(first)} is neither a command nor a machine of this lab`, {
    hint: hintFor(first, words) ?? '`help` lists what you can type',
  });
}
