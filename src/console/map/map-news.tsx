import LiveRegion from '@cloudscape-design/components/live-region';
import { useEffect, useRef, useState } from 'react';
import type { Box, Picture } from '../../picture/layout.js';
import { type News, NO_NEWS, newsBetween, newsText } from './news.js';

interface Told extends News {
  /** Another one begins the animation anew. */
  readonly serial: number;
}

/** What the last change of the lab did to its picture. @param folding how it is folded: another folding is no news */
export function useNews(picture: Picture, folding: object): Told {
  const before = useRef({ picture, folding });
  const [told, setTold] = useState<Told>({ ...NO_NEWS, serial: 0 });
  useEffect(() => {
    const last = before.current;
    before.current = { picture, folding };
    if (last.picture === picture || last.folding !== folding) return;
    setTold(({ serial }) => ({ ...newsBetween(last.picture, picture), serial: serial + 1 }));
  }, [picture, folding]);
  return told;
}

export function MapNews({ news }: { readonly news: Told }) {
  const frames = (kind: string, boxes: readonly Box[]) =>
    boxes.map(({ node, x, y, width, height }) => (
      <rect
        key={`${news.serial} ${node.id}`}
        className={`news ${kind}`}
        {...{ x: x - 2, y: y - 2, width: width + 4, height: height + 4 }}
        rx={8}
      />
    ));
  return (
    <g>
      {frames('come', news.come)}
      {frames('changed', news.changed)}
      {frames('gone', news.gone)}
    </g>
  );
}

export function SpokenNews({ news }: { readonly news: News }) {
  return <LiveRegion hidden>{newsText(news)}</LiveRegion>;
}
