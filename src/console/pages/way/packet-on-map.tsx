import type { Picture } from '../../../picture/layout.js';
import './way.css';
import { trail, type WayStep } from './steps.js';

interface Props {
  readonly picture: Picture;
  readonly steps: readonly WayStep[];
  readonly current: number;
}

/** From a box's right edge and top to the packet. */
const INSIDE = { x: 16, y: 30 } as const;

export function PacketOnMap({ picture, steps, current }: Props) {
  const step = steps[current];
  const { leg, nodes } = trail(steps, current);
  const points = nodes.flatMap((node) => placeIn(picture, node) ?? []);
  const at = points.at(-1);
  if (step === undefined || at === undefined) return null;
  const isStopped = step.verdict === 'drop';
  return (
    <g className={`way ${leg}${isStopped ? ' stopped' : ''}`}>
      <polyline className="trail" points={points.map(({ x, y }) => `${x},${y}`).join(' ')} />
      <g className="packet" style={{ transform: `translate(${at.x}px, ${at.y}px)` }}>
        <circle r={9} />
        {isStopped ? <path d="M-4,-4 L4,4 M4,-4 L-4,4" /> : <path d="M-3,-4 L4,0 L-3,4 Z" />}
      </g>
    </g>
  );
}

function placeIn({ boxes }: Picture, id: string): { readonly x: number; readonly y: number } | null {
  const box = boxes.find(({ node }) => node.id === id);
  return box === undefined ? null : { x: box.x + box.width - INSIDE.x, y: box.y + INSIDE.y };
}
