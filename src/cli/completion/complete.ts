/** Computes what can come next on a command line from the commands' own names, arguments and options. */
import type { Argument, Command, Option } from 'commander';
import type { Vocabulary } from './vocabulary.js';

export interface Completions {
  readonly words: readonly string[];
  /** Whether a file name is possible here, too. */
  readonly files: boolean;
}

const NOTHING: Completions = { words: [], files: false };

/**
 * @param typed complete words before the one that is being typed, without the program's name
 * @param fragment the typed part of the next word
 */
export function complete(
  program: Command,
  typed: readonly string[],
  fragment: string,
  vocabulary: Vocabulary,
): Completions {
  const { words, files } = next(program, typed, fragment, vocabulary);
  return { words: words.filter((word) => word.startsWith(fragment)), files };
}

function next(program: Command, typed: readonly string[], fragment: string, vocabulary: Vocabulary): Completions {
  const { command, rest } = commandOf(program, typed[0] === 'help' ? typed.slice(1) : typed);
  const { option, positionals, closed } = read(command, rest);
  if (option !== null) return candidatesFor(placeholderOfValue(option), 0, vocabulary);
  if (fragment.startsWith('-') && !closed) return { ...NOTHING, words: options(command) };
  if (command.commands.length > 0) return positionals === 0 ? { ...NOTHING, words: commands(command) } : NOTHING;
  if (typed[0] === 'help') return NOTHING;
  const { argument, index } = argumentAt(command, positionals);
  return argument === undefined ? NOTHING : candidatesFor(placeholderOf(argument), index, vocabulary);
}

/** The innermost command that is named, such as `learn start`, and the words after it. */
function commandOf(parent: Command, typed: readonly string[]): { command: Command; rest: readonly string[] } {
  const [name, ...rest] = typed;
  const found = parent.commands.find((each) => each.name() === name);
  return found === undefined ? { command: parent, rest: typed } : commandOf(found, rest);
}

/** The names of the commands that people type, without hidden ones. */
export function commands(program: Command): string[] {
  return program
    .createHelp()
    .visibleCommands(program)
    .map((command) => command.name());
}

function options(command: Command): string[] {
  return command
    .createHelp()
    .visibleOptions(command)
    .flatMap(({ long }) => long ?? []);
}

interface Read {
  /** The option whose value comes next, or null. */
  readonly option: Option | null;
  readonly positionals: number;
  /** Whether `--` came before: nothing after it is an option. */
  readonly closed: boolean;
}

function read(command: Command, words: readonly string[]): Read {
  let option: Option | null = null;
  let positionals = 0;
  let closed = false;
  for (const word of words) {
    if (closed) positionals += 1;
    else if (word === '--') [option, closed] = [null, true];
    else if (word.startsWith('-') && word !== '-') option = takingValue(command, word);
    else if (option === null) positionals += 1;
    else if (!option.variadic) option = null;
  }
  return { option, positionals, closed };
}

/** `--lab=shop` carries its value, so that none is still to come. */
function takingValue(command: Command, word: string): Option | null {
  const found = command.options.find(({ long, short }) => word === long || word === short);
  return found !== undefined && (found.required || found.optional) ? found : null;
}

/** @returns `index`: how many words of a variadic argument came before */
function argumentAt({ registeredArguments }: Command, positionals: number): { argument?: Argument; index: number } {
  const argument = registeredArguments[positionals];
  if (argument !== undefined) return { argument, index: 0 };
  const last = registeredArguments.at(-1);
  return last?.variadic ? { argument: last, index: positionals - registeredArguments.length + 1 } : { index: 0 };
}

function placeholderOf(argument: Argument): string {
  return argument.variadic ? `${argument.name()}...` : argument.name();
}

/** `--port <what...>` takes a `what`; but a `<name>` is a new name, or a lab's. */
function placeholderOfValue({ flags, long }: Option): string {
  const word = /[<[]([a-z-]+)/.exec(flags)?.[1] ?? '';
  return word !== 'name' ? word : long === '--lab' ? 'lab' : '';
}

type Words = (vocabulary: Vocabulary, index: number) => readonly string[];

const ends: Words = ({ machines, interfaces }) => [...machines, ...interfaces];
const rule: Words = ({ groups, traffic }, index) =>
  [traffic, ['from', 'to'], [...groups, '0.0.0.0/0', '::/0']][index] ?? [];

/**
 * Candidates for an argument that the command's usage writes as `<from>`, `[lab]` or `<rule...>`; `<rule>` alone is a
 * rule's id.
 */
const WORDS: Readonly<Record<string, Words>> = {
  from: ends,
  to: ends,
  machine: ({ machines }) => machines,
  instance: ends,
  name: ends,
  group: ({ groups }) => groups,
  lab: ({ labs }) => labs,
  'file-or-lab': ({ labs }) => labs,
  source: ({ labs }) => labs,
  what: ({ traffic }) => traffic,
  'rule...': rule,
  'words...': rule,
  family: () => ['ipv4', 'ipv6'],
  severity: () => ['critical', 'high', 'medium', 'low'],
  format: () => ['scenario', 'aws'],
  shell: () => ['bash', 'zsh'],
  duration: () => ['30s', '10m', '2h', '5d'],
};

const FILES: readonly string[] = ['file', 'file-or-lab', 'source'];

/** @param index how many words of a variadic argument came before */
function candidatesFor(place: string, index: number, vocabulary: Vocabulary): Completions {
  const one = place.replace('...', '');
  const words = WORDS[place] ?? WORDS[one];
  return { words: words?.(vocabulary, index) ?? [], files: FILES.includes(one) };
}
