import { type KeyboardEvent, type MouseEvent, type ReactNode, useMemo, useState } from 'react';
import type { Box, Picture } from '../../picture/layout.js';
import type { Node } from '../../picture/node.js';
import { lineClass, PAGE_STYLE } from '../../picture/style.js';
import './map.css';
import { MapBox } from './map-box.js';
import { directionOf, neighbour } from './neighbour.js';

interface Props {
  readonly label: string;
  readonly picture: Picture;
  /** Of what can be chosen. */
  readonly isButton: (node: Node) => boolean;
  readonly chosen: string | null;
  readonly onChoose: (node: Node) => void;
  /** Pixels of the screen for one of the picture; null: as wide as there is room. */
  readonly zoom: number | null;
  /** Drawn above everything. */
  readonly children?: ReactNode;
}

/** Larger than this a picture looks coarse, however much room there is. */
const MAX_FIT = 1.25;
/** Smaller than this nobody reads it: the frame scrolls. */
const MIN_FIT = 0.8;

export function MapView({ label, picture, isButton, chosen, onChoose, zoom, children }: Props) {
  const { width, height } = picture;
  const buttons = useMemo(() => picture.boxes.filter(({ node }) => isButton(node)), [picture, isButton]);
  const [focused, setFocused] = useState<string | null>(null);
  const stop = [focused, chosen].find((id) => buttons.some(({ node }) => node.id === id)) ?? buttons[0]?.node.id;
  const boxAt = ({ target }: { readonly target: EventTarget }) => {
    const id = target instanceof Element ? target.closest<SVGElement>('[data-id]')?.dataset.id : undefined;
    return buttons.find(({ node }) => node.id === id);
  };
  const choose = (event: MouseEvent | KeyboardEvent) => {
    const box = boxAt(event);
    if (box !== undefined) onChoose(box.node);
  };
  const onKeyDown = (event: KeyboardEvent<SVGSVGElement>) => {
    const box = boxAt(event);
    const direction = directionOf(event.key);
    if (box === undefined) return;
    if (direction === undefined && event.key !== 'Enter' && event.key !== ' ') return;
    event.preventDefault();
    if (direction === undefined) choose(event);
    else focusBox(event.currentTarget, neighbour(buttons, box, direction));
  };
  const size =
    zoom === null
      ? { width: '100%', style: { maxWidth: width * MAX_FIT, minWidth: width * MIN_FIT } }
      : { width: width * zoom };
  return (
    // biome-ignore lint/a11y/useSemanticElements: a picture has no fieldset
    <svg
      className="picture"
      role="group"
      aria-label={label}
      viewBox={`0 0 ${width} ${height}`}
      {...size}
      onClick={choose}
      onKeyDown={onKeyDown}
      onFocus={(event) => setFocused(boxAt(event)?.node.id ?? null)}
    >
      <style>{PAGE_STYLE}</style>
      <MapContent picture={picture} buttons={buttons} chosen={chosen} stop={stop} />
      {children}
    </svg>
  );
}

function focusBox(picture: SVGSVGElement, { node }: Box): void {
  picture.querySelector<SVGElement>(`[data-id="${CSS.escape(node.id)}"]`)?.focus();
}

interface ContentProps {
  readonly picture: Picture;
  readonly buttons: readonly Box[];
  readonly chosen: string | null;
  readonly stop: string | undefined;
}

/** Machines above the lines, and everything that they stand in below them. */
function MapContent({ picture: { headings, boxes, lines }, buttons, chosen, stop }: ContentProps) {
  const active = useMemo(() => new Set(buttons.map(({ node }) => node.id)), [buttons]);
  const drawn = (box: Box) => {
    const { id } = box.node;
    return <MapBox key={id} box={box} isButton={active.has(id)} isChosen={id === chosen} isStop={id === stop} />;
  };
  return (
    <>
      {headings.map(({ text, x }) => (
        <text key={text} className="heading" x={x} y={26} fontSize={13}>
          {text}
        </text>
      ))}
      {boxes.filter(({ chips }) => chips.length === 0).map(drawn)}
      {lines.map(({ edge, path }) => (
        <path key={`${edge.kind} ${edge.from} ${edge.to}`} className={lineClass(edge)} d={path}>
          <title>{edge.label}</title>
        </path>
      ))}
      {boxes.filter(({ chips }) => chips.length > 0).map(drawn)}
    </>
  );
}
