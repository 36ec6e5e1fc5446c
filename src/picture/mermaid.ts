/** A diagram as a Mermaid flowchart, which code hosts show in Markdown. */
import { type Diagram, type Edge, type Node, nodeLines } from './node.js';

const ARROWS: Readonly<Record<Edge['kind'], string>> = {
  association: '---',
  route: '-->',
  target: '-.->',
  internet: '---',
};

export function renderMermaid({ vpcs, shared, internet, edges }: Diagram): string {
  const ids = new Ids();
  const subgraph = (node: Node, inside: readonly string[]) => [
    `subgraph ${ids.of(node.id)}[${label(node)}]`,
    ...inside.map((line) => `  ${line}`),
    'end',
  ];
  const plain = (node: Node) => `${ids.of(node.id)}[${label(node)}]`;
  const [whole, ...hosts] = internet;
  const lines = [
    ...vpcs.flatMap(({ vpc, subnets, routeTables, connections }) =>
      subgraph(vpc, [
        ...subnets.flatMap(({ subnet, machines }) => subgraph(subnet, machines.map(plain))),
        ...[...routeTables, ...connections].map(plain),
      ]),
    ),
    ...shared.map(plain),
    ...(whole === undefined ? [] : subgraph(whole, hosts.map(plain))),
    ...edges.map((edge) => edgeLine(edge, ids)),
  ];
  return `flowchart LR\n${lines.map((line) => `  ${line}\n`).join('')}`;
}

/** Words of Mermaid's own, and ids of resources, would be read as syntax. */
class Ids {
  readonly #ids = new Map<string, string>();

  of(id: string): string {
    const known = this.#ids.get(id) ?? `n${this.#ids.size}`;
    this.#ids.set(id, known);
    return known;
  }
}

function label(node: Node): string {
  return `"${nodeLines(node).map(escaped).join('<br>')}"`;
}

function edgeLine({ from, to, kind, label: text, isBlackhole }: Edge, ids: Ids): string {
  const words = isBlackhole ? `${text} (blackhole)` : text;
  return `${ids.of(from)} ${ARROWS[kind]}${words === '' ? '' : `|"${escaped(words)}"|`} ${ids.of(to)}`;
}

/** Mermaid reads entities by their numbers, and everything else in quotes as it is. */
function escaped(text: string): string {
  return text.replace(/[^\p{L}\p{N} .,:/()[\]…–_-]/gu, (character) => `#${character.codePointAt(0)};`);
}
