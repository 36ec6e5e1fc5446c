/** Texts that have to fit into boxes. Nobody measures them: a layout has neither a font nor a screen. */
import type { Area } from './lines.js';
import { type Chip, isMachine, KIND_NAMES, type Node, type NodeKind } from './node.js';

/** Pixels of an average character, by the size of its letters. Wide enough for most fonts that a browser may take. */
const WIDTH_OF_SIZE = 0.56;
const NAME_SIZE = 13;
const DETAIL_SIZE = 11;
const CHIP_PADDING = 7;
const CHIP_GAP = 5;
const CHIP_HEIGHT = 17;
/** From a box's top to its chips. */
const CHIPS_TOP = 25;
const MARGIN = 10;
/** Less room than this for a detail shows nothing that helps. */
const MIN_DETAIL = 40;
const MAX_CHIP_CHARACTERS = 22;

export interface PlacedChip {
  /** null: it stands for those that have no room. */
  readonly chip: Chip | null;
  readonly text: string;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export interface PlacedText {
  readonly text: string;
  readonly role: 'name' | 'detail';
  readonly x: number;
  /** Of its base line. */
  readonly y: number;
  readonly size: number;
  /** At which end of it `x` is. */
  readonly anchor: 'start' | 'end';
}

/** What stands in the column of connections: their kind tells more than their names do. */
const NAMED_BY_KIND: ReadonlySet<NodeKind> = new Set([
  'internet-gateway',
  'egress-only-internet-gateway',
  'nat-gateway',
  'gateway-endpoint',
  'peering',
  'transit-gateway',
]);

/** The name and what stands beside it in a machine's box, below it in all others. */
export function textsIn(node: Node, { x, y, width }: Area): PlacedText[] {
  const room = width - 2 * MARGIN;
  const start = { x: x + MARGIN, anchor: 'start' } as const;
  if (isMachine(node)) {
    const name = fitted(node.name, room, NAME_SIZE);
    const left = room - textWidth(name, NAME_SIZE) - MARGIN;
    const detail = left < MIN_DETAIL ? '' : fitted(node.detail, left, DETAIL_SIZE);
    return [
      { ...start, text: name, role: 'name', y: y + 17, size: NAME_SIZE },
      { text: detail, role: 'detail', x: x + width - MARGIN, y: y + 17, size: DETAIL_SIZE, anchor: 'end' },
    ];
  }
  const byKind = NAMED_BY_KIND.has(node.kind);
  const first = byKind ? KIND_NAMES[node.kind] : node.name;
  const second = byKind ? [node.name, node.detail].filter((each) => each !== '').join(' · ') : node.detail;
  return [
    { ...start, text: fitted(first, room, NAME_SIZE), role: 'name', y: y + 18, size: NAME_SIZE },
    { ...start, text: fitted(second, room, DETAIL_SIZE), role: 'detail', y: y + 34, size: DETAIL_SIZE },
  ];
}

/** As much of the text as has room. */
function fitted(text: string, width: number, size: number): string {
  const room = Math.max(1, Math.floor(width / (size * WIDTH_OF_SIZE)));
  const characters = [...text];
  return characters.length <= room ? text : `${characters.slice(0, room - 1).join('')}…`;
}

function textWidth(text: string, size: number): number {
  return [...text].length * size * WIDTH_OF_SIZE;
}

/** In a row below the name; those that have no room are counted. */
export function chipsIn(chips: readonly Chip[], box: Area): PlacedChip[] {
  const placed: PlacedChip[] = [];
  let x = box.x + MARGIN;
  const end = box.x + box.width - MARGIN;
  for (const [at, chip] of chips.entries()) {
    const text = fitted(chip.name, MAX_CHIP_CHARACTERS * DETAIL_SIZE * WIDTH_OF_SIZE, DETAIL_SIZE);
    const width = widthOf(text);
    const left = chips.length - at;
    const needed = left === 1 ? width : width + CHIP_GAP + widthOf(`+${left - 1}`);
    const isLast = x + needed > end;
    const shown = isLast ? `+${left}` : text;
    placed.push({
      chip: isLast ? null : chip,
      text: shown,
      x,
      y: box.y + CHIPS_TOP,
      width: widthOf(shown),
      height: CHIP_HEIGHT,
    });
    if (isLast) break;
    x += width + CHIP_GAP;
  }
  return placed;
}

function widthOf(text: string): number {
  return textWidth(text, DETAIL_SIZE) + 2 * CHIP_PADDING;
}
