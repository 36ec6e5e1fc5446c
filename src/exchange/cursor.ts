import { quote } from '../cloud/quote.js';
import { DefinitionError } from '../scenario/definition-error.js';
import { pathText } from '../scenario/problem-list.js';
import type { Path } from '../scenario/yaml-source.js';
import type { Place, SourceDocument } from './source.js';

/** A value in a source and the way to it. Each reading method throws DefinitionError, with the place, for another type. */
export class Cursor {
  readonly document: SourceDocument;
  readonly path: Path;
  readonly value: unknown;

  constructor(document: SourceDocument, path: Path, value: unknown) {
    this.document = document;
    this.path = path;
    this.value = value;
  }

  static whole(document: SourceDocument): Cursor {
    return new Cursor(document, [], document.value);
  }

  /** null and what is missing are the same: programs write both. */
  get isMissing(): boolean {
    return this.value === undefined || this.value === null;
  }

  at(key: string): Cursor {
    if (this.isMissing) return new Cursor(this.document, [...this.path, key], undefined);
    if (typeof this.value !== 'object' || Array.isArray(this.value)) throw this.problem('an object is needed here');
    const value: unknown = Object.hasOwn(this.value ?? {}, key) ? Reflect.get(this.value ?? {}, key) : undefined;
    return new Cursor(this.document, [...this.path, key], value);
  }

  keys(): string[] {
    if (this.isMissing) return [];
    if (typeof this.value !== 'object' || Array.isArray(this.value)) throw this.problem('an object is needed here');
    return Object.keys(this.value ?? {});
  }

  /** The items of the list under the key; none if it is missing. */
  items(key: string): Cursor[] {
    return this.at(key).list();
  }

  list(): Cursor[] {
    if (this.isMissing) return [];
    if (!Array.isArray(this.value)) throw this.problem('a list is needed here');
    return this.value.map((item, position) => new Cursor(this.document, [...this.path, position], item));
  }

  /** The text under the key; null if there is none, or an empty one. */
  text(key: string): string | null {
    return this.at(key).asText();
  }

  needText(key: string): string {
    const text = this.text(key);
    if (text === null) throw this.at(key).problem(`${quote(key)} is missing`);
    return text;
  }

  asText(): string | null {
    if (this.isMissing || this.value === '') return null;
    if (typeof this.value === 'number' || typeof this.value === 'boolean') return String(this.value);
    if (typeof this.value !== 'string') throw this.problem('a text is needed here');
    return this.value;
  }

  texts(key: string): string[] {
    return this.items(key).flatMap((item) => item.asText() ?? []);
  }

  /** CloudFormation's templates may write numbers and truth values as texts. */
  number(key: string): number | null {
    const found = this.at(key);
    if (found.isMissing || found.value === '') return null;
    const number = typeof found.value === 'string' ? Number(found.value) : found.value;
    if (typeof number !== 'number' || !Number.isFinite(number)) throw found.problem('a number is needed here');
    return number;
  }

  flag(key: string): boolean | null {
    const found = this.at(key);
    if (found.isMissing) return null;
    if (found.value === true || found.value === 'true') return true;
    if (found.value === false || found.value === 'false') return false;
    throw found.problem('true or false is needed here');
  }

  place(label: string): Place {
    return { document: this.document, path: this.path, label };
  }

  problem(message: string, hint: string | null = null): DefinitionError {
    const isPlain = this.value !== null && typeof this.value !== 'object' && this.value !== undefined;
    return problemAt(this.place(''), isPlain ? `${message} (it is ${quote(this.value)})` : message, hint);
  }
}

export function problemAt({ document, path, label }: Place, message: string, hint: string | null = null) {
  const position = document.positionOf(path);
  const text = pathText(path);
  const where = label === '' ? text : label;
  return new DefinitionError([
    {
      file: document.file,
      ...position,
      path: text,
      value: undefined,
      message: where === '' ? message : `${where}: ${message}`,
      hint,
    },
  ]);
}
