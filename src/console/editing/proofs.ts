/** What a change turned, by packets: the cells that should have turned are probed once it is in force. */
import { useSyncExternalStore } from 'react';
import { makeProbe } from '../../cloud/text/probe.js';
import type { PageCalls, TurnedCell } from '../../controller/console/protocol.js';
import type { ProbeResult } from '../../verdict/types.js';
import { call } from '../live/call.js';
import { failureText } from '../shell/notices.js';
import { decidingRules } from './verdicts.js';

export interface ProvedCell extends TurnedCell {
  /** null while packets are on their way; a text where they could not be sent. */
  readonly result: ProbeResult | string | null;
}

export interface Proof {
  /** Where it is shown: the path of a page. */
  readonly place: string;
  readonly cells: readonly ProvedCell[];
  /** Cells that turned by the model and were not probed, because they are too many. */
  readonly left: number;
  readonly texts: Readonly<Record<string, string>>;
}

const MAX_PROBES = 60;
const AT_ONCE = 4;

let latest: Proof | null = null;
const subscribers = new Set<() => void>();

function show(next: Proof | null): void {
  latest = next;
  for (const subscriber of subscribers) subscriber();
}

function subscribe(subscriber: () => void): () => void {
  subscribers.add(subscriber);
  return () => subscribers.delete(subscriber);
}

/** The proof of the latest change, where it is the one of this place. */
export function useProof(place: string): Proof | null {
  const proof = useSyncExternalStore(subscribe, () => latest);
  return proof?.place === place ? proof : null;
}

export function dismissProof(): void {
  show(null);
}

/** Begins to probe; the page shows results as they come. */
export function prove(place: string, { turned, texts }: PageCalls['preview']['response']): void {
  const cells = turned.slice(0, MAX_PROBES).map((cell): ProvedCell => ({ ...cell, result: null }));
  const serial = ++proofs;
  show({ place, cells, left: turned.length - cells.length, texts });
  const waiting = [...cells.keys()];
  for (let worker = 0; worker < AT_ONCE; worker++) void probeNext(serial, waiting);
}

let proofs = 0;

async function probeNext(serial: number, waiting: number[]): Promise<void> {
  for (let at = waiting.shift(); at !== undefined; at = waiting.shift()) {
    const cell = latest?.cells[at];
    if (serial !== proofs || latest === null || cell === undefined) return;
    const { result, texts } = await probe(cell);
    if (serial !== proofs || latest === null) return;
    const cells = latest.cells.map((each, place) => (place === at ? { ...each, result } : each));
    show({ ...latest, cells, texts: { ...latest.texts, ...texts } });
  }
}

async function probe({ from, to, question }: TurnedCell) {
  try {
    const result = await call('probe', { probe: makeProbe({ from, to, what: question }) });
    const { texts } = await call('describeRules', { ids: decidingRules(result) });
    return { result, texts };
  } catch (error) {
    return { result: failureText(error), texts: {} };
  }
}
