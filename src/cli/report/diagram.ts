/** The picture of a lab for a terminal: a tree, with what leads where behind each name. */
import { type Diagram, type Edge, isMachine, KIND_NAMES, type Node, type VpcPart } from '../../picture/node.js';
import type { ReportOptions } from './labels.js';
import { PLAIN, type Style } from './style.js';
import { elide } from './width.js';

/** Wide enough for every terminal, and narrow enough for an e-mail. */
const MAX_WIDTH = 80;

interface Branch {
  readonly text: string;
  readonly branches: readonly Branch[];
}

export function formatDiagram(diagram: Diagram, { style = PLAIN, width = MAX_WIDTH }: ReportOptions = {}): string {
  const names = namesIn(diagram);
  const [whole, ...hosts] = diagram.internet;
  const trees = [
    ...diagram.vpcs.map((part) => vpcBranch(part, diagram.edges, names)),
    ...diagram.shared.map((node) => leaf(lineOf(node))),
    ...(whole === undefined || hosts.length === 0
      ? []
      : [{ text: whole.name, branches: hosts.map((host) => leaf(`${host.name}  ${host.detail}`)) }]),
  ];
  const lines = trees.flatMap((tree) => linesOf(tree, Math.min(width, MAX_WIDTH)));
  return lines.map((line) => `${painted(line, style)}\n`).join('');
}

function vpcBranch({ vpc, subnets, routeTables, connections }: VpcPart, edges: readonly Edge[], names: Names): Branch {
  const leadsTo = (node: Node) => edges.filter(({ from }) => from === node.id);
  const table = (node: Node) =>
    leadsTo(node)
      .map(({ to }) => names.get(to))
      .join(', ');
  return {
    text: lineOf(vpc),
    branches: [
      ...subnets.map(({ subnet, machines }) => ({
        text: `${lineOf(subnet)}  route table ${table(subnet)}`,
        branches: machines.map((node) => ({
          text: lineOf(node),
          branches: leadsTo(node).map((edge) => leaf(edgeText(edge, names))),
        })),
      })),
      ...routeTables.flatMap((node) => tableBranch(node, leadsTo(node), names)),
      ...connections.map((node) => leaf(lineOf(node))),
    ],
  };
}

/** One with local routes only says nothing that its subnets do not say. */
function tableBranch({ name }: Node, edges: readonly Edge[], names: Names): Branch[] {
  const routes = edges.map((edge) => edgeText(edge, names));
  const text = `Route table ${name}`;
  if (routes.length < 2) return routes.map((route) => leaf(`${text}  ${route}`));
  return [{ text, branches: routes.map(leaf) }];
}

type Names = ReadonlyMap<string, string>;

function namesIn({ vpcs, shared, internet }: Diagram): Names {
  const nodes = vpcs.flatMap(({ subnets, routeTables, connections }) => [
    ...subnets.flatMap(({ machines }) => machines),
    ...routeTables,
    ...connections,
  ]);
  return new Map([...nodes, ...shared, ...internet].map((node) => [node.id, nameOf(node)]));
}

/** A gateway of a VPC has no name of its own. */
function nameOf({ kind, name }: Node): string {
  return kind === 'internet-gateway' || kind === 'egress-only-internet-gateway' ? KIND_NAMES[kind] : name;
}

function lineOf(node: Node): string {
  const { kind, name, detail, groups, isStopped } = node;
  const isNamed = nameOf(node) === name;
  const what = kind === 'ec2' ? name : isNamed ? `${KIND_NAMES[kind]} ${name}` : KIND_NAMES[kind];
  const chips = groups.map((group) => `[${group.name}]`).join(' ');
  const parts = [what, detail, isMachine(node) ? chips : '', isStopped ? 'stopped' : ''];
  return parts.filter((part) => part !== '').join('  ');
}

function edgeText({ to, label, isBlackhole }: Edge, names: Names): string {
  return `${label} → ${names.get(to) ?? to}${isBlackhole ? ' (blackhole)' : ''}`;
}

function leaf(text: string): Branch {
  return { text, branches: [] };
}

interface Line {
  /** The branches of the tree before the text. */
  readonly before: string;
  readonly text: string;
}

function linesOf({ text, branches }: Branch, width: number, first = '', rest = ''): Line[] {
  return [
    { before: first, text: elide(text, width - first.length) },
    ...branches.flatMap((branch, at) => {
      const isLast = at === branches.length - 1;
      return linesOf(branch, width, `${rest}${isLast ? '└─ ' : '├─ '}`, `${rest}${isLast ? '   ' : '│  '}`);
    }),
  ];
}

/** The name stands out, up to the first two spaces. */
function painted({ before, text }: Line, style: Style): string {
  const [name = '', ...rest] = text.split('  ');
  return [style.dim(before) + style.bold(name), ...rest].join('  ');
}
