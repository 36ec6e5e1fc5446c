/** The page's place is in the URL's fragment: `#/groups/sg-1?tab=inbound`. */
import { useMemo, useSyncExternalStore } from 'react';

export interface Route {
  /** The words between slashes: `['groups', 'sg-1']`. */
  readonly path: readonly string[];
  readonly query: URLSearchParams;
}

/** The same object as long as the place is the same: what waits for another one would otherwise be drawn twice each time. */
export function useRoute(): Route {
  const hash = useSyncExternalStore(subscribe, () => window.location.hash);
  return useMemo(() => readRoute(hash), [hash]);
}

function subscribe(changed: () => void): () => void {
  window.addEventListener('hashchange', changed);
  return () => window.removeEventListener('hashchange', changed);
}

export function readRoute(hash: string): Route {
  const [path = '', query = ''] = hash.replace(/^#\/?/, '').split('?');
  const words = path.split('/').filter((word) => word !== '');
  return { path: words.map(decoded), query: new URLSearchParams(query) };
}

function decoded(word: string): string {
  try {
    return decodeURIComponent(word);
  } catch {
    return word;
  }
}

/** The link to a place: `href(['groups', id], { tab: 'inbound' })`. */
export function href(path: readonly string[], query: Readonly<Record<string, string>> = {}): string {
  const search = new URLSearchParams(query).toString();
  return `#/${path.map(encodeURIComponent).join('/')}${search === '' ? '' : `?${search}`}`;
}

export function go(path: readonly string[], query: Readonly<Record<string, string>> = {}): void {
  window.location.hash = href(path, query);
}
