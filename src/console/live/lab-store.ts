/** The lab as the controller tells it, kept up to date by server-sent events. */
import { useSyncExternalStore } from 'react';
import type { Cloud } from '../../cloud/types.js';
import type { PageEvent } from '../../controller/console/protocol.js';
import type { HistoryEntry } from '../../records/history/types.js';

/** What the events have told so far. */
export type LiveLab = Omit<PageEvent & { readonly type: 'lab' }, 'type'>;

export interface LabView {
  /** `lost`: the controller does not answer; the page asks again by itself. `down`: it has said that the lab goes. */
  readonly connection: 'connecting' | 'live' | 'lost' | 'down';
  /** What was told last; null before that. */
  readonly live: LiveLab | null;
  /** What happened since the page was opened, the newest last. */
  readonly news: readonly HistoryEntry[];
}

const MAX_NEWS = 500;
/** A page that nobody sees leaves its connection to others: a browser has six for all pages of a host. Milliseconds. */
const HIDDEN_MS = 5000;

/**
 * Milliseconds for which news are gathered before components are drawn anew. React gives up on a page (its error 185) that is
 * told of a change more often than it comes to draw one, as when an audit's probes turn a hundred verdicts.
 */
const GATHER_MS = 16;

let view: LabView = { connection: 'connecting', live: null, news: [] };
/** What components have been told of it. */
let shown = view;
let isTelling = false;
const subscribers = new Set<() => void>();
const listeners = new Set<(event: PageEvent) => void>();

function show(change: Partial<LabView>): void {
  view = { ...view, ...change };
  if (isTelling) return;
  isTelling = true;
  window.setTimeout(tell, GATHER_MS);
}

function tell(): void {
  isTelling = false;
  shown = view;
  for (const subscriber of subscribers) subscriber();
}

/** The lab, for components: they are drawn anew when it changes. */
export function useLab(): LabView {
  return useSyncExternalStore(subscribe, () => shown);
}

function subscribe(subscriber: () => void): () => void {
  subscribers.add(subscriber);
  return () => subscribers.delete(subscriber);
}

/** Tells of every event after the view has it. @returns a function that ends it */
export function onPageEvent(listener: (event: PageEvent) => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

let source: EventSource | null = null;

/** Follows the lab for as long as the page is open. */
export function followLab(): void {
  connect();
  let hiding: number | undefined;
  document.addEventListener('visibilitychange', () => {
    clearTimeout(hiding);
    if (document.hidden) hiding = window.setTimeout(disconnect, HIDDEN_MS);
    else if (source === null) connect();
  });
}

function disconnect(): void {
  source?.close();
  source = null;
}

function connect(): void {
  disconnect();
  const opened = new EventSource('events');
  source = opened;
  opened.onmessage = ({ data }) => take(JSON.parse(String(data)) as PageEvent);
  opened.onerror = () => {
    if (view.connection !== 'down') show({ connection: 'lost' });
    // The browser tries again by itself unless the answer was an error, as from a server that is starting.
    if (opened.readyState === EventSource.CLOSED) window.setTimeout(() => source === opened && connect(), 1000);
  };
}

function take(event: PageEvent): void {
  if (event.type === 'lab') {
    const { type: _, ...live } = event;
    show({ connection: 'live', live });
  } else if (event.type === 'changed') {
    if (view.live === null) return;
    show({ live: { ...view.live, change: event.change, cloud: changed(view.live.cloud, event.records) } });
  } else if (event.type === 'history') show({ news: [...view.news, event.entry].slice(-MAX_NEWS) });
  else if (event.type === 'down') show({ connection: 'down' });
  for (const listener of listeners) listener(event);
}

type Changes = (PageEvent & { readonly type: 'changed' })['records'];

function changed(cloud: Cloud, changes: Changes): Cloud {
  const kinds = Object.entries(changes).map(([kind, records]) => {
    const before = cloud[kind as keyof Cloud] as unknown as Readonly<Record<string, object>>;
    const kept = Object.entries({ ...before, ...records }).filter(([, record]) => record !== null);
    return [kind, Object.fromEntries(kept)];
  });
  return { ...cloud, ...(Object.fromEntries(kinds) as Partial<Cloud>) };
}
