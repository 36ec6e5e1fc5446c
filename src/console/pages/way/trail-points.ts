/** The line that a packet leaves on the picture. Pure. */
import type { Picture } from '../../../picture/layout.js';

interface Point {
  readonly x: number;
  readonly y: number;
}

/** Where the packet is in a box. */
interface Place extends Point {
  /** The left edge of the box. */
  readonly left: number;
}

/** From a box's right edge and top: below its texts, so that the line strikes none out. */
const INSIDE = { x: 12, y: 37 } as const;
/** From a column to the middle of the gap before it. */
const GAP = 14;

export function placeIn({ boxes }: Picture, id: string): Place | null {
  const box = boxes.find(({ node }) => node.id === id);
  return box === undefined ? null : { x: box.x + box.width - INSIDE.x, y: box.y + INSIDE.y, left: box.x };
}

/** From one column to another the line goes up and down in the gap between them, where nothing stands. */
export function trailPoints(places: readonly Place[]): Point[] {
  return places.flatMap(({ x, y, left }, at) => {
    const before = places[at - 1];
    if (before === undefined || (left < before.x && before.left < x)) return [{ x, y }];
    const gap = Math.max(left, before.left) - GAP;
    return [
      { x: gap, y: before.y },
      { x: gap, y },
      { x, y },
    ];
  });
}
