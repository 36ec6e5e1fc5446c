import { quote } from '../cloud/text/quote.js';
import { DefinitionError, textProblem } from './problems.js';
import { type Path, pathText, type SourceLocation, type SourceTree } from './tree.js';

/** A value in a source and the way to it. Each reading method throws DefinitionError, with the place, for another type. */
export class Cursor {
  readonly tree: SourceTree;
  readonly path: Path;
  readonly value: unknown;
  readonly #reads: Reads;

  constructor(tree: SourceTree, path: Path, value: unknown, reads = new Reads()) {
    this.tree = tree;
    this.path = path;
    this.value = value;
    this.#reads = reads;
  }

  static root(tree: SourceTree): Cursor {
    return new Cursor(tree, [], tree.value);
  }

  /** null and what is missing are the same: programs write both. */
  get isMissing(): boolean {
    return this.value === undefined || this.value === null;
  }

  at(key: string): Cursor {
    if (this.isMissing) return this.#part(key, undefined);
    if (typeof this.value !== 'object' || Array.isArray(this.value)) throw this.problem('an object is needed here');
    const object = this.value ?? {};
    this.#reads.keysOf(object).add(key);
    return this.#part(key, Object.hasOwn(object, key) ? Reflect.get(object, key) : undefined);
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
    return this.value.map((item, position) => this.#part(position, item));
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

  /** Everything in it counts as read: another part of the source says the same. */
  ignore(): void {
    if (typeof this.value === 'object' && this.value !== null) this.#reads.ignored.add(this.value);
  }

  /**
   * The parts that nobody asked for and `isIrrelevant` does not know, in the order of the source. An object that nobody
   * asked for counts as a whole, unless some of its parts are irrelevant.
   */
  unread(isIrrelevant: (key: string, value: unknown) => boolean): Cursor[] {
    const { value } = this;
    if (typeof value !== 'object' || value === null || this.#reads.ignored.has(value)) return [];
    if (Array.isArray(value)) return this.list().flatMap((item) => item.unread(isIrrelevant));
    const read = this.#reads.keysOf(value);
    return Object.entries(value).flatMap(([key, each]) => {
      if (isIrrelevant(key, each)) return [];
      const part = this.#part(key, each);
      const inner = part.unread(isIrrelevant);
      return read.has(key) || (isObject(each) && inner.length < Object.values(each).filter(isSet).length)
        ? inner
        : [part];
    });
  }

  place(label: string): SourceLocation {
    return { tree: this.tree, path: this.path, label };
  }

  problem(message: string, hint: string | null = null): DefinitionError {
    const isPlain = this.value !== null && typeof this.value !== 'object' && this.value !== undefined;
    const path = pathText(this.path);
    const where = path === '' ? '' : `${path}: `;
    const text = `${where}${message}${isPlain ? ` (it is ${quote(this.value)})` : ''}`;
    const position = this.tree.positionOf(this.path);
    return new DefinitionError([{ ...textProblem(this.tree.file, text, { position, hint }), path }]);
  }

  #part(step: string | number, value: unknown): Cursor {
    return new Cursor(this.tree, [...this.path, step], value, this.#reads);
  }
}

/** Remembers which keys of which objects of a source were asked for: the rest tells what an import leaves out. */
class Reads {
  readonly ignored = new WeakSet<object>();
  readonly #keys = new WeakMap<object, Set<string>>();

  keysOf(object: object): Set<string> {
    const known = this.#keys.get(object);
    if (known !== undefined) return known;
    const keys = new Set<string>();
    this.#keys.set(object, keys);
    return keys;
  }
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Programs write what is off, empty or none as well. */
export function isSet(value: unknown): boolean {
  if (Array.isArray(value)) return value.some(isSet);
  if (typeof value === 'object' && value !== null) return Object.values(value).some(isSet);
  return value !== null && value !== undefined && value !== false && value !== 'false' && value !== '' && value !== 0;
}
