import { DefinitionError, textProblem } from './problems.js';
import type { Path, Position, SourceTree } from './tree.js';

/** The tree of a JSON text; null for a text that is no JSON: `brokenJson` says where it stops being it. */
export function readJson(text: string, file: string): SourceTree | null {
  try {
    return { file, value: JSON.parse(text), positionOf: (path) => positionInJson(text, path) };
  } catch {
    return null;
  }
}

/** The error of a text that was meant to be JSON. */
export function brokenJson(text: string, file: string): DefinitionError {
  const offset = brokenAt(text);
  const isCut = offset >= text.trimEnd().length;
  const message = isCut ? 'the JSON ends here, in the middle of a value' : 'this is not JSON from here on';
  const isNext = readJson(text.slice(0, offset), file) !== null;
  const hint = isCut
    ? 'The file is truncated: write it again.'
    : isNext
      ? 'Put each answer into a file of its own.'
      : null;
  return new DefinitionError([textProblem(file, message, { position: positionOf(text, offset), hint })]);
}

/** Only asked when something is wrong: the text is read anew, without building anything. */
function positionInJson(text: string, path: Path): Position {
  const scanner = new Scanner(text);
  let at = scanner.skipBlanks(0);
  for (const step of path) {
    const next = scanner.child(at, step);
    if (next === undefined) break;
    at = next;
  }
  return positionOf(text, at);
}

function positionOf(text: string, offset: number): Position {
  const before = text.slice(0, offset);
  return { line: before.split('\n').length, column: offset - before.lastIndexOf('\n') };
}

const TOKEN = /[ \n\r\t]*("(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null|[{}[\],:])/y;

/** Finds where a text stops being valid JSON: the engine does not say. */
function brokenAt(text: string): number {
  const token = new RegExp(TOKEN);
  let before = ',';
  for (let at = 0; ; at = token.lastIndex) {
    token.lastIndex = at;
    const found = token.exec(text)?.[1];
    if (found === undefined) return isOpenString(text, at) ? text.length : new Scanner(text).skipBlanks(at);
    const kind = /^[{}[\],:]$/.test(found) ? found : 'value';
    if (!mayFollow(before, kind)) return token.lastIndex - found.length;
    before = kind;
  }
}

/** No string ends after it: the text is cut off inside one. */
function isOpenString(text: string, at: number): boolean {
  return /^\s*"/.test(text.slice(at, at + 100));
}

function mayFollow(before: string, kind: string): boolean {
  const isAfterValue = ['value', '}', ']'].includes(before);
  if (kind === ',' || kind === ':') return isAfterValue;
  if (kind === '}' || kind === ']') return isAfterValue || before === '{' || before === '[';
  return !isAfterValue;
}

class Scanner {
  readonly #text: string;

  constructor(text: string) {
    this.#text = text;
  }

  skipBlanks(from: number): number {
    let at = from;
    while (' \n\r\t'.includes(this.#text[at] ?? '.')) at++;
    return at;
  }

  /** Finds where the member or item of the object or list at `start` begins. */
  child(start: number, step: PropertyKey): number | undefined {
    const open = this.#text[start];
    if (open !== '{' && open !== '[') return undefined;
    let at = this.skipBlanks(start + 1);
    for (let index = 0; at < this.#text.length && !'}]'.includes(this.#text[at] ?? ''); index++) {
      let key: unknown = index;
      if (open === '{') {
        const end = this.#endOfString(at);
        key = JSON.parse(this.#text.slice(at, end));
        at = this.skipBlanks(this.skipBlanks(end) + 1);
      }
      if (String(key) === String(step)) return at;
      at = this.skipBlanks(this.#endOfValue(at));
      if (this.#text[at] === ',') at = this.skipBlanks(at + 1);
    }
    return undefined;
  }

  #endOfString(start: number): number {
    let at = start + 1;
    while (at < this.#text.length && this.#text[at] !== '"') at += this.#text[at] === '\\' ? 2 : 1;
    return at + 1;
  }

  #endOfValue(start: number): number {
    let depth = 0;
    let at = start;
    do {
      const char = this.#text[at] ?? '';
      if (char === '"') {
        at = this.#endOfString(at);
      } else {
        if (char === '{' || char === '[') depth++;
        if (char === '}' || char === ']') depth--;
        at++;
      }
      if (depth === 0 && ',}] \n\r\t'.includes(this.#text[at] ?? ',')) return at;
    } while (at < this.#text.length);
    return at;
  }
}
