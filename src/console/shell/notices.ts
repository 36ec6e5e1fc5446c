/** What a page has to say beyond its own bounds: a change that was made, a refusal. */
import type { FlashbarProps } from '@cloudscape-design/components/flashbar';
import { useSyncExternalStore } from 'react';
import { CallError } from '../live/call.js';

type Notice = FlashbarProps.MessageDefinition;

let notices: readonly Notice[] = [];
let serial = 0;
const subscribers = new Set<() => void>();

function show(next: readonly Notice[]): void {
  notices = next;
  for (const subscriber of subscribers) subscriber();
}

/** @returns its id, to dismiss it by */
export function notify(notice: Pick<Notice, 'type' | 'header' | 'content' | 'action'>): string {
  const id = `notice-${++serial}`;
  const dismiss = { dismissible: true, dismissLabel: 'Dismiss', onDismiss: () => dismissNotice(id) };
  // An earlier success is no news beside this one.
  const others = notices.filter(({ type }) => type !== 'success');
  show([{ ...notice, id, ...dismiss }, ...others].slice(0, 5));
  return id;
}

export function dismissNotice(id: string): void {
  show(notices.filter((each) => each.id !== id));
}

/** A refusal in the words of whoever refused. */
export function notifyFailure(header: string, error: unknown): void {
  notify({ type: 'error', header, content: failureText(error) });
}

export function failureText(error: unknown): string {
  if (!(error instanceof CallError)) return String(error);
  return `${error.code}: ${error.message}${error.hint === null ? '' : ` (${error.hint})`}`;
}

export function useNotices(): { readonly notices: readonly Notice[] } {
  return { notices: useSyncExternalStore(subscribe, () => notices) };
}

function subscribe(subscriber: () => void): () => void {
  subscribers.add(subscriber);
  return () => subscribers.delete(subscriber);
}
