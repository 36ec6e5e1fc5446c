import { Document, isMap, isScalar, isSeq, type Node, visit } from 'yaml';
import type { ScenarioDefinition } from '../scenario/schema.js';

const LINE_WIDTH = 120;

/** A definition as people write it: what fits in a line stands in one. */
export function definitionYaml(definition: ScenarioDefinition): string {
  const document = new Document(definition, { aliasDuplicateObjects: false });
  visit(document, {
    Collection: (_key, node, path) => {
      // The sections, the things in them, and the lists of these stand on lines of their own.
      const depth = path.filter((each) => isMap(each) || isSeq(each)).length;
      if (depth >= 2 && widthOf(node) <= LINE_WIDTH - 2 * depth) node.flow = true;
    },
    Scalar: (_key, node) => {
      // A port range or an address could be taken for something else by other readers of YAML.
      if (typeof node.value === 'string' && /^[\d:]+(-\d+)?$/.test(node.value)) node.type = 'QUOTE_DOUBLE';
    },
  });
  return document.toString({ lineWidth: 0, flowCollectionPadding: true });
}

function widthOf(node: Node): number {
  let width = 0;
  visit(node, {
    Scalar: (_key, scalar) => {
      width += String(isScalar(scalar) ? scalar.value : '').length + 2;
    },
    Collection: () => {
      width += 4;
    },
  });
  return width;
}
