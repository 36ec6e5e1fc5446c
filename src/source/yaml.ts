import {
  type CollectionTag,
  Composer,
  type DocumentOptions,
  LineCounter,
  Pair,
  type ParseOptions,
  Parser,
  Scalar,
  type ScalarTag,
  type SchemaOptions,
  YAMLMap,
} from 'yaml';
import { DefinitionError, textProblem } from './problems.js';
import type { SourceTree } from './tree.js';
import { firstMistake, tooDeep } from './yaml-mistakes.js';
import { type NodeFault, YamlNodes } from './yaml-nodes.js';

/** How a kind of file is written. */
interface Dialect {
  readonly options: ParseOptions & DocumentOptions & SchemaOptions;
  /** Messages, by the library's code, that replace the library's own. */
  readonly advice: Readonly<Record<string, string>>;
}

/** The library compares each key with every other one of its mapping; `YamlNodes` looks each up once. */
const COMMON = { uniqueKeys: false, prettyErrors: false } as const;

const YAML: Dialect = {
  options: { ...COMMON, stringKeys: true, merge: true, version: '1.2' },
  advice: {
    NON_STRING_KEY: 'a key must be a word',
  },
};

/** CloudFormation's short forms; all but two stand for `Fn::` and their name. */
const SHORT_FORMS = [
  ...['And', 'Base64', 'Cidr', 'Condition', 'Equals', 'FindInMap', 'GetAtt', 'GetAZs', 'If', 'ImportValue', 'Join'],
  ...['Length', 'Not', 'Or', 'Ref', 'Select', 'Split', 'Sub', 'ToJsonString', 'Transform'],
];

const TEMPLATE: Dialect = { options: { ...COMMON, customTags: SHORT_FORMS.flatMap(tagsOf) }, advice: {} };

/** Reads YAML 1.2. Throws DefinitionError with the first mistake in its syntax. */
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
  const refuse = (faults: readonly NodeFault[]) => {
    if (faults.length === 0) return;
    const problems = faults.map(({ offset, message, hint = null }) =>
      textProblem(file, message, { position: positionAt(offset), hint }),
    );
    throw new DefinitionError(problems);
  };
  const tokens = [...new Parser(lines.addNewLine).parse(text)];
  const deep = tooDeep(tokens);
  if (deep !== undefined) refuse([{ offset: deep, message: 'the file is nested too deeply' }]);
  const [document, second] = [...new Composer(options).compose(tokens, true, text.length)];
  if (document === undefined) throw new Error('the library gives a document even for an empty text');
  const lineOf = (offset: number) => positionAt(offset).line;
  const mistake = firstMistake([...document.errors, ...document.warnings], { text, tokens, lineOf }, advice);
  refuse(mistake === undefined ? [] : [mistake]);
  refuse(second === undefined ? [] : [{ offset: second.range[0], message: SEVERAL_DOCUMENTS }]);
  const nodes = new YamlNodes(document);
  refuse(nodes.faults);
  const value: unknown = document.toJS({ maxAliasCount: -1 });
  return { file, value, positionOf: (path, on = 'value') => positionAt(nodes.offsetOf(path, on)) };
}

const SEVERAL_DOCUMENTS = 'the file holds several documents; write one scenario per file, without a second "---"';

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
