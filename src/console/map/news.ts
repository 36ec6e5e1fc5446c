/** What differs between two pictures of a lab, so that it can be shown that something happened. */
import type { Box, Picture } from '../../picture/layout.js';
import { nodeTitle } from '../../picture/node.js';

export interface News {
  readonly come: readonly Box[];
  readonly changed: readonly Box[];
  /** As they stood before. */
  readonly gone: readonly Box[];
}

export const NO_NEWS: News = { come: [], changed: [], gone: [] };

/** Of two pictures of one folding: what is folded otherwise has not come or gone. */
export function newsBetween(before: Picture, after: Picture): News {
  const old = new Map(before.boxes.map((box) => [box.node.id, box]));
  const now = new Set(after.boxes.map(({ node }) => node.id));
  return {
    come: after.boxes.filter(({ node }) => !old.has(node.id)),
    changed: after.boxes.filter(({ node }) => {
      const was = old.get(node.id);
      return was !== undefined && nodeTitle(was.node) !== nodeTitle(node);
    }),
    gone: before.boxes.filter(({ node }) => !now.has(node.id)),
  };
}

/** `new: web-2; changed: db-1; gone: web-1`, for those who do not see it. */
export function newsText({ come, changed, gone }: News): string {
  const said = (what: string, boxes: readonly Box[]) =>
    boxes.length === 0 ? [] : [`${what}: ${boxes.map(({ node }) => node.name).join(', ')}`];
  return [...said('new', come), ...said('changed', changed), ...said('gone', gone)].join('; ');
}
