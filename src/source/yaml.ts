import {
  type CollectionTag,
  CST,
  type Document,
  type DocumentOptions,
  isAlias,
  isMap,
  isNode,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  Pair,
  type ParseOptions,
  Parser,
  parseDocument,
  Scalar,
  type ScalarTag,
  type SchemaOptions,
  visit,
  YAMLMap,
} from 'yaml';
import { printable } from '../cloud/text/quote.js';
import { DefinitionError, fileError, textProblem } from './problems.js';
import type { Path, SourceTree } from './tree.js';

/** Expanding aliases beyond this is taken for an attack ("billion laughs"). */
const MAX_ALIASES = 100;

/** Levels of mappings and lists; a scenario needs about ten. */
const MAX_DEPTH = 64;

/** The library's texts may quote the file. */
const MAX_MESSAGE = 200;

/** How a kind of file is written. */
interface Dialect {
  readonly options: ParseOptions & DocumentOptions & SchemaOptions;
  /** Messages, by the library's code, that replace the library's own. */
  readonly advice: Readonly<Record<string, string>>;
}

const YAML: Dialect = {
  options: { stringKeys: true, version: '1.2' },
  advice: {
    MULTIPLE_DOCS: 'the file holds several documents; write one scenario per file, without a second "---"',
    DUPLICATE_KEY: 'this key appears twice',
    NON_STRING_KEY: 'a key must be a word',
  },
};

/** CloudFormation's short forms; all but two stand for `Fn::` and their name. */
const SHORT_FORMS = [
  ...['And', 'Base64', 'Cidr', 'Condition', 'Equals', 'FindInMap', 'GetAtt', 'GetAZs', 'If', 'ImportValue', 'Join'],
  ...['Length', 'Not', 'Or', 'Ref', 'Select', 'Split', 'Sub', 'ToJsonString', 'Transform'],
];

const TEMPLATE: Dialect = { options: { customTags: SHORT_FORMS.flatMap(tagsOf) }, advice: {} };

/** Reads YAML 1.2. Throws DefinitionError with every syntax error. */
export function readYaml(text: string, file: string): SourceTree {
  return read(text, file, YAML);
}

/** Reads a CloudFormation template in YAML; `!Ref x` becomes `{ Ref: x }`. Throws as `readYaml` does. */
export function readTemplateYaml(text: string, file: string): SourceTree {
  return read(text, file, TEMPLATE);
}

function read(text: string, file: string, { options, advice }: Dialect): SourceTree {
  const lines = new LineCounter();
  const positionAt = (offset: number) => {
    const { line, col } = lines.linePos(offset);
    return { line: Math.max(line, 1), column: Math.max(col, 1) };
  };
  if (isNestedTooDeeply(text)) throw fileError(file, 'the file is nested too deeply');
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, ...options });
  const faults = [...document.errors, ...document.warnings].map(({ code, message, pos: [offset] }) =>
    textProblem(file, advice[code] ?? printable(message, MAX_MESSAGE), { position: positionAt(offset) }),
  );
  if (faults.length > 0) throw new DefinitionError(faults);
  const forbidden = forbiddenKey(document);
  if (forbidden !== undefined) {
    const position = positionAt(forbidden);
    throw new DefinitionError([textProblem(file, 'the key "__proto__" is not allowed', { position })]);
  }
  const value = plainValue(document, file);
  return { file, value, positionOf: (path, on = 'value') => positionAt(offsetOf(document, path, on)) };
}

/**
 * Whether the text nests deeper than any file that sglab reads. Asked first and without recursion, since a few thousand
 * brackets are enough to end the whole process in the library's recursive half: the engine aborts when it has to compile
 * a regular expression on an exhausted stack.
 */
function isNestedTooDeeply(text: string): boolean {
  let level: CST.Token[] = [...new Parser().parse(text)];
  for (let depth = 0; depth < MAX_DEPTH; depth++) level = level.flatMap(childrenOf);
  return level.length > 0;
}

function childrenOf(token: CST.Token): CST.Token[] {
  if (token.type === 'document') return token.value === undefined ? [] : [token.value];
  if (!CST.isCollection(token)) return [];
  return token.items.flatMap(({ key, value }) => [key, value].filter((child) => child != null));
}

/** Finds `__proto__` as a key: the checks that follow would not see it. */
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
    throw fileError(file, printable(error.message, MAX_MESSAGE));
  }
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

function tagsOf(name: string): (ScalarTag | CollectionTag)[] {
  const key = name === 'Ref' || name === 'Condition' ? name : `Fn::${name}`;
  const wrap = (value: unknown) => {
    const map = new YAMLMap();
    map.add(new Pair(new Scalar(key), value));
    return map;
  };
  const tag = `!${name}`;
  return [
    { tag, resolve: (text) => ({ [key]: name === 'GetAtt' ? attributeParts(text) : text }) },
    { tag, collection: 'seq', resolve: wrap },
    { tag, collection: 'map', resolve: wrap },
  ];
}

/** `Vpc.CidrBlock`; an attribute can have points itself. */
function attributeParts(text: string): [string, string] {
  const point = text.indexOf('.');
  return point === -1 ? [text, ''] : [text.slice(0, point), text.slice(point + 1)];
}
