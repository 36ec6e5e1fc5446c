import {
  type Document,
  isAlias,
  isMap,
  isNode,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  parseDocument,
  visit,
} from 'yaml';
import { printable } from '../cloud/text/quote.js';
import { DefinitionError, type Problem } from './definition-error.js';
import { isNestedTooDeeply } from './yaml-depth.js';

/** Keys and list positions that lead to a value. */
export type Path = readonly PropertyKey[];

/** A YAML file as plain data that still knows where everything stood. */
export interface YamlSource {
  readonly file: string;
  readonly value: unknown;
  /** Line and column from 1 of the value at the path, or of its key; of the nearest one around it if it is missing. */
  readonly positionOf: (path: Path, on?: 'key' | 'value') => Position;
}

export interface Position {
  readonly line: number;
  readonly column: number;
}

/** Expanding aliases beyond this is taken for an attack ("billion laughs"). */
const MAX_ALIASES = 100;

/** The library's texts may quote the file. */
const MAX_MESSAGE = 200;

const DOCUMENT_ADVICE: Readonly<Record<string, string>> = {
  MULTIPLE_DOCS: 'the file holds several documents; write one scenario per file, without a second "---"',
  DUPLICATE_KEY: 'the same key stands here twice',
  NON_STRING_KEY: 'a key must be a word',
};

/** Reads YAML 1.2. Throws DefinitionError with every syntax error. */
export function readYaml(text: string, file: string): YamlSource {
  const lines = new LineCounter();
  if (isNestedTooDeeply(text)) throw new DefinitionError([problemAt(file, 'the file is nested too deeply')]);
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, stringKeys: true, version: '1.2' });
  const faults = [...document.errors, ...document.warnings];
  if (faults.length > 0) {
    throw new DefinitionError(
      faults.map((fault) => {
        const { line, col } = lines.linePos(fault.pos[0]);
        const message = DOCUMENT_ADVICE[fault.code] ?? printable(fault.message, MAX_MESSAGE);
        return problemAt(file, message, { line, column: col });
      }),
    );
  }
  const forbidden = forbiddenKey(document);
  if (forbidden !== undefined) {
    const { line, col } = lines.linePos(forbidden);
    throw new DefinitionError([problemAt(file, 'the key "__proto__" is not allowed', { line, column: col })]);
  }
  return {
    file,
    value: plainValue(document, file),
    positionOf: (path, on = 'value') => {
      const { line, col } = lines.linePos(offsetOf(document, path, on));
      return { line: Math.max(line, 1), column: Math.max(col, 1) };
    },
  };
}

/** Where `__proto__` stands as a key: the checks that follow would not see it. */
function forbiddenKey(document: Document): number | undefined {
  let offset: number | undefined;
  visit(document, {
    Pair: (_position, { key }) => {
      if (!isScalar(key) || key.value !== '__proto__') return undefined;
      offset = startOf(key);
      return visit.BREAK;
    },
  });
  return offset;
}

function plainValue(document: Document, file: string): unknown {
  try {
    return document.toJS({ maxAliasCount: MAX_ALIASES });
  } catch (error) {
    if (!(error instanceof ReferenceError)) throw error;
    // The library's error for unknown anchors and for too many aliases.
    throw new DefinitionError([problemAt(file, printable(error.message, MAX_MESSAGE))]);
  }
}

function problemAt(file: string, message: string, position?: Position): Problem {
  const { line, column } = position ?? { line: null, column: null };
  return { file, line, column, path: '', value: undefined, message, hint: null };
}

function offsetOf(document: Document, path: Path, on: 'key' | 'value'): number {
  let node: Node | null | undefined = document.contents;
  let offset = startOf(node) ?? 0;
  for (const [depth, step] of path.entries()) {
    const found = childOf(document, node, step);
    if (found === undefined) break;
    const isLast = depth === path.length - 1;
    offset = startOf(isLast && on === 'key' ? found.key : found.value) ?? startOf(found.key) ?? offset;
    node = found.value;
  }
  return offset;
}

function childOf(document: Document, parent: Node | null | undefined, step: PropertyKey) {
  const node = isAlias(parent) ? parent.resolve(document) : parent;
  if (isSeq(node)) {
    const value = node.items[Number(step)];
    return isNode(value) ? { key: value, value } : undefined;
  }
  if (!isMap(node)) return undefined;
  const pair = node.items.find(({ key }) => isScalar(key) && String(key.value) === String(step));
  if (pair === undefined || !isNode(pair.key)) return undefined;
  return { key: pair.key, value: isNode(pair.value) ? pair.value : null };
}

function startOf(node: Node | null | undefined): number | undefined {
  return node?.range?.[0];
}
