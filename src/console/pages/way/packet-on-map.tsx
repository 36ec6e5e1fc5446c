import type { Picture } from '../../../picture/layout.js';
import './way.css';
import { trail, type WayStep } from './steps.js';
import { placeIn, trailPoints } from './trail-points.js';

interface Props {
  readonly picture: Picture;
  readonly steps: readonly WayStep[];
  readonly current: number;
}

export function PacketOnMap({ picture, steps, current }: Props) {
  const step = steps[current];
  const { leg, nodes } = trail(steps, current);
  const places = nodes.flatMap((node) => placeIn(picture, node) ?? []);
  const at = places.at(-1);
  if (step === undefined || at === undefined) return null;
  const isStopped = step.verdict === 'drop';
  return (
    <g className={`way ${leg}${isStopped ? ' stopped' : ''}`}>
      <polyline
        className="trail"
        points={trailPoints(places)
          .map(({ x, y }) => `${x},${y}`)
          .join(' ')}
      />
      <g className="packet" style={{ transform: `translate(${at.x}px, ${at.y}px)` }}>
        <circle r={9} />
        {isStopped ? <path d="M-4,-4 L4,4 M4,-4 L-4,4" /> : <path d="M-3,-4 L4,0 L-3,4 Z" />}
      </g>
    </g>
  );
}
