import type { Path, Position } from './yaml-source.js';

/**
 * Line and column, from 1, of the value at a path of a valid JSON text; of the nearest value around it if it is missing.
 * Only asked when something is wrong: the text is read anew, without building anything.
 */
export function positionInJson(text: string, path: Path): Position {
  const scanner = new Scanner(text);
  let at = scanner.skipBlanks(0);
  for (const step of path) {
    const next = scanner.child(at, step);
    if (next === undefined) break;
    at = next;
  }
  return positionOf(text, at);
}

export function positionOf(text: string, offset: number): Position {
  const before = text.slice(0, offset);
  return { line: before.split('\n').length, column: offset - before.lastIndexOf('\n') };
}

const TOKEN = /[ \n\r\t]*("(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null|[{}[\],:])/y;

/** Where a text that is no valid JSON stops being it: the engine does not say. */
export function brokenJsonAt(text: string): number {
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

  /** Where the member or item of the object or list at `start` begins. */
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
