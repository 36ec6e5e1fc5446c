/** Arrow keys on a picture: the box that the eye would go to next. */
import type { Box } from '../../picture/layout.js';

export type Direction = 'up' | 'down' | 'left' | 'right';

const DIRECTIONS: Readonly<Record<string, Direction>> = {
  ArrowUp: 'up',
  ArrowDown: 'down',
  ArrowLeft: 'left',
  ArrowRight: 'right',
};

/** undefined for a key that moves nothing. */
export function directionOf(key: string): Direction | undefined {
  return Object.hasOwn(DIRECTIONS, key) ? DIRECTIONS[key] : undefined;
}

/** What lies aside counts double: a neighbour in the same row or column comes first. */
export function neighbour(boxes: readonly Box[], from: Box, direction: Direction): Box {
  let best = from;
  let least = Number.POSITIVE_INFINITY;
  for (const box of boxes) {
    const [along, aside] = distances(from, box, direction);
    const distance = along + 2 * aside;
    if (along <= 0 || distance >= least) continue;
    best = box;
    least = distance;
  }
  return best;
}

function distances(from: Box, to: Box, direction: Direction): readonly [along: number, aside: number] {
  const dx = to.x + to.width / 2 - (from.x + from.width / 2);
  const dy = to.y + to.height / 2 - (from.y + from.height / 2);
  switch (direction) {
    case 'up':
      return [-dy, Math.abs(dx)];
    case 'down':
      return [dy, Math.abs(dx)];
    case 'left':
      return [-dx, Math.abs(dy)];
    case 'right':
      return [dx, Math.abs(dy)];
  }
}
