import { printable } from '../cloud/text/quote.js';
import { SglabError } from '../errors.js';
import { DefinitionError, type Problem } from './definition-error.js';
import type { Path, Position, YamlSource } from './yaml-source.js';

/** Collects what is wrong with a file, so that all of it can be said at once. */
export class ProblemList {
  readonly #source: YamlSource;
  readonly #problems: Problem[] = [];

  constructor(source: YamlSource) {
    this.#source = source;
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
    const position = this.#source.positionOf(path, on);
    const value = valueAt(this.#source.value, path);
    // One entry of the file can stand for many instances, each with the same problem.
    if (this.#problems.some((other) => other.message === message && isSamePlace(other, position))) return;
    this.#problems.push({ file: this.#source.file, ...position, path: pathText(path), value, message, hint });
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

  /** Throws DefinitionError, in the order of the file, if there is any problem. */
  throwIfAny(): void {
    if (this.count === 0) return;
    throw new DefinitionError(
      [...this.#problems].sort((a, b) => (a.line ?? 0) - (b.line ?? 0) || (a.column ?? 0) - (b.column ?? 0)),
    );
  }
}

function isSamePlace(a: Problem, b: Position): boolean {
  return a.line === b.line && a.column === b.column;
}

/** `securityGroups.web.ingress[0].ports` */
export function pathText(path: Path): string {
  return path.reduce<string>((text, step) => {
    if (typeof step === 'number') return `${text}[${step}]`;
    return text === '' ? printable(String(step)) : `${text}.${printable(String(step))}`;
  }, '');
}

export function valueAt(value: unknown, path: Path): unknown {
  return path.reduce<unknown>((inner, step) => {
    if (typeof inner !== 'object' || inner === null || !Object.hasOwn(inner, step)) return undefined;
    return Reflect.get(inner, step);
  }, value);
}
