/** A diagram in the language of Graphviz. */
import { type Diagram, type Edge, type Node, nodeLines } from './node.js';

const STYLES: Readonly<Record<Edge['kind'], string>> = {
  association: 'dir=none',
  route: 'style=solid',
  target: 'style=dashed',
  internet: 'dir=none',
};

export function renderDot({ title, vpcs, shared, internet, edges }: Diagram): string {
  const [whole, ...hosts] = internet;
  const lines = [
    'rankdir=LR; compound=true; node [shape=box, style=rounded, fontname="sans-serif"]; edge [fontname="sans-serif"];',
    ...vpcs.flatMap(({ vpc, subnets, routeTables, connections }) =>
      cluster(vpc, [
        ...subnets.flatMap(({ subnet, machines }) => cluster(subnet, [anchor(subnet), ...machines.map(plain)])),
        ...[...routeTables, ...connections].map(plain),
      ]),
    ),
    ...shared.map(plain),
    ...(whole === undefined ? [] : cluster(whole, [anchor(whole), ...hosts.map(plain)])),
    ...edges.map((edge) => edgeLine(edge, new Set([whole?.id, ...subnetIds(vpcs)]))),
  ];
  return `digraph ${quoted(title)} {\n${lines.map((line) => `  ${line}\n`).join('')}}\n`;
}

function subnetIds(vpcs: Diagram['vpcs']): string[] {
  return vpcs.flatMap(({ subnets }) => subnets.map(({ subnet }) => subnet.id));
}

function cluster(node: Node, inside: readonly string[]): string[] {
  const head = `subgraph ${quoted(`cluster ${node.id}`)} {`;
  return [head, `  label=${quoted(nodeLines(node).join('\n'))};`, ...inside.map((line) => `  ${line}`), '}'];
}

/** Edges end at nodes: one that nobody sees stands for a cluster. */
function anchor({ id }: Node): string {
  return `${quoted(id)} [shape=point, style=invis];`;
}

function plain(node: Node): string {
  return `${quoted(node.id)} [label=${quoted(nodeLines(node).join('\n'))}];`;
}

function edgeLine({ from, to, kind, label, isBlackhole }: Edge, clusters: ReadonlySet<string | undefined>): string {
  const attributes = [
    STYLES[kind],
    ...(label === '' ? [] : [`label=${quoted(isBlackhole ? `${label} (blackhole)` : label)}`]),
    ...(clusters.has(from) ? [`ltail=${quoted(`cluster ${from}`)}`] : []),
    ...(clusters.has(to) ? [`lhead=${quoted(`cluster ${to}`)}`] : []),
  ];
  return `${quoted(from)} -> ${quoted(to)} [${attributes.join(', ')}];`;
}

function quoted(text: string): string {
  return `"${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n')}"`;
}
