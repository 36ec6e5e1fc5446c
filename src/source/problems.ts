import { SglabError } from '../errors.js';
import { type Path, type Position, pathText, type SourceTree, valueAt } from './tree.js';

/** One thing wrong with a file. */
export interface Problem {
  readonly file: string;
  /** Counts from 1; null when the problem is about the file as a whole. */
  readonly line: number | null;
  readonly column: number | null;
  /** Such as `securityGroups.web.ingress[0].ports`. */
  readonly path: string;
  /** The value in the file; undefined where it has none. */
  readonly value: unknown;
  readonly message: string;
  /** The remedy: a clause that follows a semicolon, or a sentence. */
  readonly hint: string | null;
}

/** A definition file that cannot be used, with everything that is wrong with it. The message has one line for each. */
export class DefinitionError extends SglabError {
  override readonly name = 'DefinitionError';
  readonly problems: readonly Problem[];

  constructor(problems: readonly Problem[]) {
    super('InvalidDefinition', problems.map(problemLine).join('\n'));
    this.problems = problems;
  }
}

/** A file of no kind that is read here. */
export class UnknownKindError extends DefinitionError {
  override readonly name = 'DefinitionError';
}

/** `scenarios/x.yaml:12:17: unknown key "ingres" in securityGroups.web; did you mean "ingress"?` */
export function problemLine({ file, line, column, message, hint }: Problem): string {
  const place = line === null ? file : `${file}:${line}:${column ?? 1}`;
  if (hint === null) return `${place}: ${message}`;
  const separator = /^[A-Z]/.test(hint) ? '.' : ';';
  return `${place}: ${message.replace(/\.$/, '')}${separator} ${hint}`;
}

/** The problem of a text as such, before anything in it has a path. Without a position it is about the whole file. */
export function textProblem(
  file: string,
  message: string,
  { position, hint = null }: { readonly position?: Position; readonly hint?: string | null } = {},
): Problem {
  const { line, column } = position ?? { line: null, column: null };
  return { file, line, column, path: '', value: undefined, message, hint };
}

/** The error of a file that is wrong as a whole. */
export function fileError(file: string, message: string, hint: string | null = null): DefinitionError {
  return new DefinitionError([textProblem(file, message, { hint })]);
}

/** Nobody reads more, and finding the nearest right word for each takes time. */
const MAX_PROBLEMS = 500;

/** Collects what is wrong with a file, so that all of it can be said at once. */
export class ProblemList {
  readonly #tree: SourceTree;
  readonly #problems: Problem[] = [];
  /** Place and message. */
  readonly #said = new Set<string>();

  constructor(tree: SourceTree) {
    this.#tree = tree;
  }

  get count(): number {
    return this.#problems.length;
  }

  /** `on: 'key'` points at the key instead of its value. */
  add(
    path: Path,
    problem: { readonly message: string; readonly hint?: string | null; readonly on?: 'key' | 'value' },
  ): void {
    const { message, hint = null, on = 'value' } = problem;
    const position = this.#tree.positionOf(path, on);
    const value = valueAt(this.#tree.value, path);
    // One entry of the file can stand for many instances, each with the same problem.
    const { file = this.#tree.file } = position;
    const key = `${file}:${position.line}:${position.column} ${message}`;
    if (this.#said.has(key)) return;
    this.#said.add(key);
    this.#problems.push({ ...position, file, path: pathText(path), value, message, hint });
    if (this.count === MAX_PROBLEMS) this.throwIfAny();
  }

  /** The action's result; if it throws an SglabError, undefined, and the error becomes a problem of that place. */
  attempt<T>(path: Path, action: () => T, on: 'key' | 'value' = 'value'): T | undefined {
    try {
      return action();
    } catch (error) {
      if (!(error instanceof SglabError)) throw error;
      this.add(path, { message: error.message, hint: error.hint, on });
      return undefined;
    }
  }

  /** Throws DefinitionError, in the order of the file and then of those that it includes, if there is any problem. */
  throwIfAny(): void {
    if (this.count === 0) return;
    const files = [...new Set([this.#tree.file, ...this.#problems.map(({ file }) => file)])];
    const before = (a: Problem, b: Problem) =>
      files.indexOf(a.file) - files.indexOf(b.file) ||
      (a.line ?? 0) - (b.line ?? 0) ||
      (a.column ?? 0) - (b.column ?? 0);
    throw new DefinitionError([...this.#problems].sort(before));
  }
}
