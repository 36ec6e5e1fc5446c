import Button from '@cloudscape-design/components/button';
import { type PointerEvent, type ReactNode, useRef } from 'react';

export type Zoom = number | null;

const STEP = 1.25;
const LIMITS = { least: 0.2, most: 3 } as const;

/** Buttons that make a picture larger, smaller, or as wide as its frame. */
export function ZoomButtons({ zoom, onZoom }: { readonly zoom: Zoom; readonly onZoom: (zoom: Zoom) => void }) {
  const by = (factor: number) => onZoom(Math.min(LIMITS.most, Math.max(LIMITS.least, (zoom ?? 1) * factor)));
  return (
    <>
      <Button iconName="zoom-out" ariaLabel="Zoom out" onClick={() => by(1 / STEP)} />
      <Button iconName="zoom-in" ariaLabel="Zoom in" onClick={() => by(STEP)} />
      <Button iconName="zoom-to-fit" ariaLabel="Zoom to fit" disabled={zoom === null} onClick={() => onZoom(null)} />
    </>
  );
}

/** A window onto a picture that is larger than it: scrolled as any text is, or drawn along by the mouse. */
export function MapFrame({ label, children }: { readonly label: string; readonly children: ReactNode }) {
  const frame = useRef<HTMLElement>(null);
  const onPointerMove = ({ buttons, pointerType, movementX, movementY }: PointerEvent) => {
    // Fingers scroll by themselves.
    if (buttons === 1 && pointerType === 'mouse') frame.current?.scrollBy(-movementX, -movementY);
  };
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by the keyboard
    <section ref={frame} className="map-frame" aria-label={label} tabIndex={0} onPointerMove={onPointerMove}>
      {children}
    </section>
  );
}
