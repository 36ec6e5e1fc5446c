import { type CollectionTag, LineCounter, Pair, parseDocument, Scalar, type ScalarTag, YAMLMap, YAMLSeq } from 'yaml';
import { printable } from '../../cloud/text/quote.js';
import { DefinitionError } from '../../source/definition-error.js';
import type { SourceDocument } from '../../source/source-document.js';
import { isNestedTooDeeply } from '../../source/yaml-depth.js';
import type { Path } from '../../source/yaml-source.js';

/** CloudFormation's short forms; all but two stand for `Fn::` and their name. */
const FUNCTIONS = [
  ...['And', 'Base64', 'Cidr', 'Condition', 'Equals', 'FindInMap', 'GetAtt', 'GetAZs', 'If', 'ImportValue', 'Join'],
  ...['Length', 'Not', 'Or', 'Ref', 'Select', 'Split', 'Sub', 'ToJsonString', 'Transform'],
];

/** Reads a template in YAML; `!Ref x` becomes `{ Ref: x }`. Throws DefinitionError with every syntax error. */
export function parseTemplate(text: string, file: string): SourceDocument {
  const lines = new LineCounter();
  const place = (offset: number) => {
    const { line, col } = lines.linePos(offset);
    return { line: Math.max(line, 1), column: Math.max(col, 1) };
  };
  if (isNestedTooDeeply(text)) throw problems(file, [{ message: 'the file is nested too deeply', line: 1, column: 1 }]);
  const document = parseDocument(text, {
    lineCounter: lines,
    prettyErrors: false,
    customTags: FUNCTIONS.flatMap(tagsOf),
  });
  const faults = [...document.errors, ...document.warnings];
  if (faults.length > 0) {
    throw problems(
      file,
      faults.map(({ message, pos }) => ({ message: printable(message, 200), ...place(pos[0]) })),
    );
  }
  const positionOf = (path: Path) => {
    for (let length = path.length; length > 0; length--) {
      const node: unknown = document.getIn(path.slice(0, length), true);
      if (node instanceof Scalar || node instanceof YAMLMap || node instanceof YAMLSeq)
        return place(node.range?.[0] ?? 0);
    }
    return place(0);
  };
  return { file, kind: 'cloudformation', value: document.toJS({ maxAliasCount: 100 }), positionOf };
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

function problems(file: string, faults: readonly { message: string; line: number; column: number }[]): DefinitionError {
  return new DefinitionError(faults.map((fault) => ({ ...fault, file, path: '', value: undefined, hint: null })));
}
