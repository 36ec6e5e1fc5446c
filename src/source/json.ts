import { LineCounter } from 'yaml';
import { quote } from '../cloud/text/quote.js';
import { DefinitionError, textProblem } from './problems.js';
import type { Path, Position, SourceTree } from './tree.js';

/** Objects and lists; no program's file comes near it. */
const MAX_DEPTH = 200;

/** The tree of a JSON text; null for a text that is no JSON: `brokenJson` says where it stops being it. */
export function readJson(text: string, file: string): SourceTree | null {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return null;
  }
  checkShape(text, file);
  let index: { readonly root: Place; readonly lines: LineCounter } | undefined;
  const positionInJson = (path: Path) => {
    index ??= { root: placesIn(text), lines: linesOf(text) };
    let place = index.root;
    for (const step of path) {
      const part = place.parts.get(String(step));
      if (part === undefined) break;
      place = part;
    }
    const { line, col } = index.lines.linePos(place.offset);
    return { line, column: col };
  };
  return { file, value, positionOf: positionInJson };
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
    if (found === undefined) return isOpenString(text, at) ? text.length : skipBlanks(text, at);
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

function skipBlanks(text: string, from: number): number {
  let at = from;
  while (' \n\r\t'.includes(text[at] ?? '.')) at++;
  return at;
}

function linesOf(text: string): LineCounter {
  const lines = new LineCounter();
  lines.addNewLine(0);
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) lines.addNewLine(at + 1);
  return lines;
}

/** A value in the text, with what is in it by key or position. */
interface Place {
  readonly offset: number;
  readonly parts: Map<string, Place>;
}

/** Only asked when something is to be said: most files are read without. */
function placesIn(text: string): Place {
  const root: Place = { offset: 0, parts: new Map() };
  const open: Place[] = [root];
  eachValue(text, (offset, step, depth) => {
    const place: Place = { offset, parts: new Map() };
    open.length = depth + 1;
    open[depth]?.parts.set(step, place);
    open.push(place);
  });
  return root.parts.get('0') ?? root;
}

/** What JSON.parse takes without a word: a key that stands twice, of which it would keep the last, and any depth. */
function checkShape(text: string, file: string): void {
  const keys: Set<string>[] = [];
  eachValue(text, (offset, step, depth, isNew) => {
    const refuse = (message: string) => {
      throw new DefinitionError([textProblem(file, message, { position: positionOf(text, offset) })]);
    };
    if (depth > MAX_DEPTH) refuse('the file is nested too deeply');
    const known = keys[depth];
    if (isNew || known === undefined) keys[depth] = new Set([step]);
    else if (known.has(step)) refuse(`the key ${quote(step)} appears twice in this object`);
    else known.add(step);
  });
}

interface Level {
  readonly isObject: boolean;
  /** As it is written; empty before it was read. */
  key: string;
  count: number;
}

/** Meets each value of a valid JSON text in its order, without recursion. `isNew`: the first one of its object or list. */
function eachValue(text: string, meet: (offset: number, step: string, depth: number, isNew: boolean) => void): void {
  const open: Level[] = [{ isObject: false, key: '', count: 0 }];
  for (let at = 0; at < text.length; ) {
    const char = text[at] ?? '';
    const end = endOfToken(text, at);
    const level = open[open.length - 1];
    if (char === '}' || char === ']') {
      open.pop();
    } else if (level !== undefined && !SKIPPED.includes(char)) {
      if (level.isObject && level.key === '') {
        level.key = text.slice(at, end);
      } else {
        const step = level.isObject ? String(JSON.parse(level.key)) : String(level.count);
        meet(at, step, open.length - 1, level.count === 0);
        level.key = '';
        level.count++;
        if (char === '{' || char === '[') open.push({ isObject: char === '{', key: '', count: 0 });
      }
    }
    at = end;
  }
}

const SKIPPED = ' \n\r\t,:';
const STRUCTURE = `${SKIPPED}{}[]"`;

function endOfToken(text: string, start: number): number {
  if (text[start] === '"') return endOfString(text, start);
  let end = start + 1;
  if (!STRUCTURE.includes(text[start] ?? '')) while (end < text.length && !STRUCTURE.includes(text[end] ?? '')) end++;
  return end;
}

function endOfString(text: string, start: number): number {
  let at = start + 1;
  while (at < text.length && text[at] !== '"') at += text[at] === '\\' ? 2 : 1;
  return at + 1;
}
