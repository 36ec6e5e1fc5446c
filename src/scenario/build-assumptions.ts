import { itemsWithPaths } from '../changes/read-parts.js';
import { withAssumption } from '../cloud/assumptions.js';
import { quote } from '../cloud/text/quote.js';
import { hintFor } from '../cloud/text/suggest.js';
import { pathText } from '../source/tree.js';
import type { BuildContext } from './build-context.js';

/** Marks what the file says is assumed. After everything else, which it is about. */
export function buildAssumptions({ definition, draft, places, problems }: BuildContext): void {
  const ids = new Map([...places].map(([id, path]) => [pathText(path), id]));
  for (const [position, { because, about }] of (definition.assumed ?? []).entries()) {
    const path = ['assumed', position];
    const found = itemsWithPaths([...path, 'about'], about).flatMap(({ item, path: itemPath }) => {
      const id = ids.get(item);
      if (id !== undefined) return [id];
      const message = `the file has nothing at ${quote(item)} that could be assumed`;
      problems.add(itemPath, { message, hint: hintFor(item, [...ids.keys()]) ?? null });
      return [];
    });
    draft.apply((cloud) => ({ cloud: withAssumption(cloud, because, found) }));
  }
}
