import { memo } from 'react';
import type { Box } from '../../picture/layout.js';
import { nodeTitle } from '../../picture/node.js';
import { boxClass } from '../../picture/style.js';

interface Props {
  readonly box: Box;
  /** Whether something happens when it is chosen. */
  readonly isButton: boolean;
  readonly isChosen: boolean;
  /** Whether the tabulator key comes to it: a picture is one stop, and arrow keys go on from there. */
  readonly isStop: boolean;
}

/** What one clicks on is found by `data-id`: four hundred boxes need no four hundred listeners. */
export const MapBox = memo(function MapBox({ box, isButton, isChosen, isStop }: Props) {
  const { node, x, y, width, height, texts, chips } = box;
  const title = nodeTitle(node);
  const control = isButton
    ? ({ role: 'button', tabIndex: isStop ? 0 : -1, 'aria-pressed': isChosen } as const)
    : ({ role: 'img' } as const);
  return (
    <g className={boxClass(node)} data-id={node.id} {...control}>
      <title>{title}</title>
      <rect x={x} y={y} width={width} height={height} rx={6} />
      {texts.map(({ role, text, x: left, y: base, size, anchor }) => (
        <text key={role} className={role} x={left} y={base} fontSize={size} textAnchor={anchor}>
          {text}
        </text>
      ))}
      {chips.map(({ chip, text, ...area }) => (
        <g
          key={chip?.groupId ?? 'more'}
          className={chip === null ? 'chip more' : 'chip'}
          style={{ '--hue': chip?.hue } as React.CSSProperties}
        >
          <rect {...area} rx={8} />
          <text x={area.x + area.width / 2} y={area.y + 12.5} fontSize={11} textAnchor="middle">
            {text}
          </text>
        </g>
      ))}
    </g>
  );
});
