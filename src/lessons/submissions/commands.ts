/** A shell history or a script, tried on a copy of the lesson's lab: what changes it counts, everything else is noted. */
import { parseCommandWords } from '../../changes/command-line.js';
import { applyMutation } from '../../changes/mutation.js';
import { COMMANDS } from '../../changes/verbs.js';
import { suggestMatch } from '../../cloud/text/suggest.js';
import type { Cloud } from '../../cloud/types.js';
import { readCliCommand } from '../../ec2/cli/read-command.js';
import { Ec2Api } from '../../ec2/ec2-api.js';
import { SglabError } from '../../errors.js';
import { parseChange } from '../../scenario/parse-change.js';
import { LEARN_LAB } from '../load.js';
import type { Lesson } from '../types.js';
import { readShellLines, type ShellCommand } from './shell-lines.js';
import type { Submission } from './types.js';

/** @returns the lab after all that could be done, and a note for each line that could not */
export async function readCommands(text: string, lesson: Lesson): Promise<Submission> {
  const rehearsal = new Rehearsal(lesson);
  for (const command of readShellLines(text)) await rehearsal.take(command);
  return rehearsal.result();
}

/** Commands of sglab that change no lab, and those that its trainees use around a lesson. */
const LOOKS =
  /^(audit|capture|completion|conformance|conntrack|console|doctor|down|env|exec|explain|export|flowlogs|graph|help|history|import|learn|ls|matrix|probe|repair|report|rules|run|serve|shell|status|up|validate|verify|version|-.*)$/;
const DESCRIBES = /^(Describe|Get)/;
const KEYWORDS: readonly string[] = ['for', 'while', 'until', 'if', 'case', 'function', 'do', 'then', 'else'];

class Rehearsal {
  readonly #lesson: Lesson;
  #cloud: Cloud;
  /** A history may hold the work of several lessons. */
  #isElsewhere = false;
  #changes = 0;
  readonly #mistakes: { readonly line: number; readonly says: string }[] = [];
  /** Names of programs that are nothing to sglab. */
  readonly #foreign = new Set<string>();
  readonly #variables = new Map<string, string>();
  readonly #api: Ec2Api;

  constructor(lesson: Lesson) {
    this.#lesson = lesson;
    this.#cloud = startOf(lesson);
    const current = () => this.#cloud;
    this.#api = new Ec2Api({
      get cloud() {
        return current();
      },
      change: async (mutate) => {
        this.#cloud = mutate(this.#cloud);
        return this.#cloud;
      },
    });
  }

  result(): Submission {
    const mistakes = this.#mistakes.map(({ line, says }) => `line ${line} does not count: ${says}`);
    const foreign = [...this.#foreign].sort().join(', ');
    const skipped = foreign === '' ? [] : [`skipped, since they change no lab: ${foreign}`];
    const idle = this.#changes === 0 ? ['nothing in it changes the lab'] : [];
    return { cloud: this.#cloud, notes: [...mistakes, ...idle, ...skipped], record: null };
  }

  /** @returns what the command prints, as far as other commands use it */
  async take(command: ShellCommand): Promise<string> {
    try {
      return await this.#take(command);
    } catch (error) {
      if (!(error instanceof SglabError)) throw error;
      const hint = error.hint === null ? '' : `; ${error.hint}`;
      this.#mistakes.push({ line: command.line, says: `${error.message}${hint}` });
      return '';
    }
  }

  async #take({ words, substituted, isOpen }: ShellCommand): Promise<string> {
    const printed: string[] = [];
    for (const each of substituted) printed.push(await this.take(each));
    const plain = this.#withAssignments(words.map((word) => this.#expanded(word, printed)));
    const [program = '', ...rest] = withoutWrappers(plain);
    if (program === '') return '';
    const name = program.replace(/^.*\//, '');
    const isOurs = name === 'sglab' || name === 'aws' || COMMANDS.has(name) || name === 'change';
    if (isOpen && isOurs) throw new SglabError('BadUsage', 'a quote is not closed');
    if (name === 'sglab') this.#sglab(rest);
    else if (name === 'aws') return this.#aws(rest);
    else if (isOurs) this.#change([name, ...rest]);
    else this.#skip(name);
    return '';
  }

  #sglab([command = '', ...words]: readonly string[]): void {
    if (command === 'learn') this.#learn(words);
    else if (command !== '' && !LOOKS.test(command)) this.#change([command, ...words]);
  }

  /** What was done before a lesson began, or began anew, does not count for it. */
  #learn(words: readonly string[]): void {
    const [command, lesson] = words.filter((word, at) => !word.startsWith('-') && words[at - 1] !== '--course');
    if (command === 'start') this.#isElsewhere = lesson !== undefined && !isCalled(this.#lesson, lesson);
    if (command !== 'start' && command !== 'reset') return;
    if (this.#isElsewhere) return;
    this.#cloud = startOf(this.#lesson);
    this.#changes = 0;
  }

  #change(words: readonly string[]): void {
    if (this.#isElsewhere || words.includes('--dry-run')) return;
    const plain = words.filter((word) => word !== '--json');
    this.#cloud = applyMutation(this.#cloud, parseCommandWords(plain, parseChange));
    this.#changes += 1;
  }

  async #aws(words: readonly string[]): Promise<string> {
    const request = readCliCommand(words);
    if (request === null) {
      this.#skip('aws');
      return '';
    }
    const { action, parameters, query } = request;
    if (this.#isElsewhere) return '';
    const answer = await this.#api.perform(parameters, { caller: 'submission', action, requestId: 'submission' });
    if (!DESCRIBES.test(action)) this.#changes += 1;
    return query === null ? '' : askedOf(answer, query);
  }

  #skip(name: string): void {
    const meant = suggestMatch(name, ['sglab', ...COMMANDS.keys()]);
    if (meant !== undefined && name.length > 3)
      throw new SglabError('BadUsage', `there is no command ${name}`, { hint: meant });
    if (KEYWORDS.includes(name)) throw new SglabError('BadUsage', `"${name}" of the shell is not followed`);
    if (/^[\w.+-]+$/.test(name)) this.#foreign.add(name);
  }

  #expanded(word: string, printed: readonly string[]): string {
    return word.replace(
      /\$\((\w+)\)/g,
      (_all, name: string) => printed[Number(name) - 1] ?? this.#variables.get(name) ?? `$${name}`,
    );
  }

  /** `GROUP=sg-… aws …`: the words after the assignments. */
  #withAssignments(words: readonly string[]): readonly string[] {
    const from = words[0] === 'export' ? 1 : 0;
    const rest = words.slice(from);
    const first = rest.findIndex((word) => !ASSIGNMENT.test(word));
    const assigned = first < 0 ? rest : rest.slice(0, first);
    if (assigned.length === 0) return words;
    for (const word of assigned) {
      const [, name = '', value = ''] = ASSIGNMENT.exec(word) ?? [];
      this.#variables.set(name, value);
    }
    return first < 0 ? [] : rest.slice(first);
  }
}

/** Of the name that the trainee's lab had: the ids of what is made in it follow from that. */
function startOf({ lab }: Lesson): Cloud {
  return { ...lab.cloud, name: LEARN_LAB };
}

const ASSIGNMENT = /^([A-Za-z_]\w*)=(.*)$/s;

/** `sudo -E env A=b`, `time`: programs that run what follows. */
function withoutWrappers(words: readonly string[]): readonly string[] {
  const [first = '', ...rest] = words;
  if (!['sudo', 'env', 'time', 'command', 'exec', 'doas'].includes(first)) return words;
  const next = rest.findIndex((word, at) => !/^-|=/.test(word) && !['-u', '-g'].includes(rest[at - 1] ?? ''));
  return next < 0 ? [] : withoutWrappers(rest.slice(next));
}

/** A number says nothing of a lesson whose name has none. */
function isCalled({ id, directory }: Lesson, word: string): boolean {
  const name = word.replace(/\/+$/, '').replace(/^.*\//, '');
  const number = /^\d+/.exec(id)?.[0];
  if (/^\d+$/.test(name)) return number === undefined || Number(number) === Number(name);
  return id === name || directory === word || id.replace(/^\d+-/, '') === name;
}

/** The plain paths among the expressions of `--query`: `SecurityGroups[0].GroupId`. */
function askedOf(answer: object, query: string): string {
  const steps = query.split(/\.|(?=\[)/).filter((step) => step !== '');
  const found = steps.reduce((values, step) => values.flatMap((value) => inside(value, step)), [answer as unknown]);
  return found.filter((value) => typeof value === 'string' || typeof value === 'number').join(' ');
}

function inside(value: unknown, step: string): unknown[] {
  if (typeof value !== 'object' || value === null) return [];
  const [, index] = /^\[(\d+|\*|)\]$/.exec(step) ?? [];
  if (index === undefined) return step in value ? [(value as Record<string, unknown>)[step]] : [];
  if (!Array.isArray(value)) return [];
  return index === '*' || index === '' ? value : value.slice(Number(index), Number(index) + 1);
}
