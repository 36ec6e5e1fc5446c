/** Areas of a picture, and the line between two of them as an SVG path. */
export interface Area {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** How far a line between two boxes of one column leaves it. */
const ASIDE = 22;
/** A line meets a box at the height of its name: the box of a subnet is long. */
const NAME_Y = 20;

/** Between the sides that face each other; within a column along its left side. */
export function lineBetween(from: Area, to: Area): string {
  const [y1, y2] = [heightOf(from), heightOf(to)];
  if (from.x === to.x) {
    const x = from.x - ASIDE;
    return `M${from.x},${y1} C${x},${y1} ${x},${y2} ${to.x},${y2}`;
  }
  const isRightwards = from.x < to.x;
  const x1 = isRightwards ? from.x + from.width : from.x;
  const x2 = isRightwards ? to.x : to.x + to.width;
  const middle = (x1 + x2) / 2;
  return `M${x1},${y1} C${middle},${y1} ${middle},${y2} ${x2},${y2}`;
}

function heightOf({ y, height }: Area): number {
  return y + Math.min(NAME_Y, height / 2);
}
