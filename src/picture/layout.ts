/** A diagram on paper: boxes, texts and lines, in the columns of AWS's resource map. Sizes are pixels before any zoom. */
import { type Area, lineBetween } from './lines.js';
import type { Diagram, Edge, Node, VpcPart } from './node.js';
import { chipsIn, type PlacedChip, type PlacedText, textsIn } from './texts.js';

export interface Picture {
  readonly title: string;
  readonly width: number;
  readonly height: number;
  readonly headings: readonly { readonly text: string; readonly x: number; readonly width: number }[];
  readonly boxes: readonly Box[];
  readonly lines: readonly Line[];
}

export interface Box extends Area {
  readonly node: Node;
  readonly texts: readonly PlacedText[];
  readonly chips: readonly PlacedChip[];
}

export interface Line {
  readonly edge: Edge;
  /** Of an SVG path. */
  readonly path: string;
}

/** The columns with their widths. */
const COLUMNS = [
  { text: 'VPC', width: 124 },
  { text: 'Subnets', width: 292 },
  { text: 'Route tables', width: 140 },
  { text: 'Network connections', width: 178 },
  { text: 'Internet', width: 136 },
] as const;
const MARGIN = 12;
const BETWEEN_COLUMNS = 32;
const GAP = 10;
const HEADING = 34;
/** Of a box with a name and what stands below it. */
const PLAIN_HEIGHT = 44;
const CHIPS_HEIGHT = 48;
const SUBNET_HEAD = 42;
const INSET = 8;

export function layOut({ title, vpcs, shared, internet, edges }: Diagram): Picture {
  const boxes: Box[] = [];
  let y = MARGIN + HEADING;
  for (const part of vpcs) {
    const placed = placeVpc(part, y);
    boxes.push(...placed);
    y = bottomOf(placed) + 2 * GAP;
  }
  const common = column(3, shared, y);
  boxes.push(...common, ...column(4, internet, MARGIN + HEADING));
  const areas = new Map(boxes.map((box) => [box.node.id, box] as const));
  const lines = edges.flatMap((edge) => {
    const [from, to] = [areas.get(edge.from), areas.get(edge.to)];
    return from === undefined || to === undefined ? [] : [{ edge, path: lineBetween(from, to) }];
  });
  return {
    title,
    width: columnX(COLUMNS.length) - BETWEEN_COLUMNS + MARGIN,
    height: Math.max(bottomOf(boxes), HEADING) + MARGIN,
    headings: COLUMNS.map(({ text, width }, at) => ({ text, width, x: columnX(at) })),
    boxes,
    lines,
  };
}

/** A VPC beside everything that is its own. */
function placeVpc({ vpc, subnets, routeTables, connections }: VpcPart, top: number): Box[] {
  const inSubnets: Box[] = [];
  let y = top;
  for (const { subnet, machines } of subnets) {
    const inside = machineBoxes(machines, y + SUBNET_HEAD);
    const bottom = inside.length === 0 ? y + PLAIN_HEIGHT : bottomOf(inside) + INSET;
    inSubnets.push(boxOf(subnet, { x: columnX(1), y, width: COLUMNS[1].width, height: bottom - y }), ...inside);
    y = bottom + GAP;
  }
  const own = [...inSubnets, ...column(2, routeTables, top), ...column(3, connections, top)];
  const height = Math.max(bottomOf(own) - top, PLAIN_HEIGHT);
  return [boxOf(vpc, { x: columnX(0), y: top, width: COLUMNS[0].width, height }), ...own];
}

function machineBoxes(machines: readonly Node[], top: number): Box[] {
  let y = top;
  return machines.map((machine) => {
    const height = machine.groups.length === 0 ? PLAIN_HEIGHT - INSET : CHIPS_HEIGHT;
    const box = boxOf(machine, { x: columnX(1) + INSET, y, width: COLUMNS[1].width - 2 * INSET, height });
    y += height + INSET;
    return box;
  });
}

function column(at: 2 | 3 | 4, nodes: readonly Node[], top: number): Box[] {
  const { width } = COLUMNS[at];
  return nodes.map((node, row) =>
    boxOf(node, { x: columnX(at), y: top + row * (PLAIN_HEIGHT + GAP), width, height: PLAIN_HEIGHT }),
  );
}

function boxOf(node: Node, area: Area): Box {
  return { node, ...area, texts: textsIn(node, area), chips: chipsIn(node.groups, area) };
}

function columnX(at: number): number {
  return COLUMNS.slice(0, at).reduce((x, { width }) => x + width + BETWEEN_COLUMNS, MARGIN);
}

function bottomOf(boxes: readonly Area[]): number {
  return Math.max(0, ...boxes.map(({ y, height }) => y + height));
}
