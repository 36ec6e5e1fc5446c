/** Which page looks at which matrix. Pages that look at the same one share it; one that nobody looks at ends. */
import { makeProbe } from '../../cloud/text/probe.js';
import type { Lab } from '../../lab/lab.js';
import type { MatrixRequest } from '../protocol.js';
import type { LiveEvents } from './live-events.js';
import { LiveMatrix } from './live-matrix.js';

interface Watched {
  readonly matrix: LiveMatrix;
  readonly pages: Set<number>;
}

export class MatrixWatches {
  readonly #live: Lab;
  readonly #events: LiveEvents;
  readonly #watched = new Map<string, Watched>();
  readonly #unlisten: () => void;

  constructor(live: Lab, events: LiveEvents) {
    this.#live = live;
    this.#events = events;
    this.#unlisten = events.gone.add((page) => this.look(page, null));
  }

  /** @param request null: at none any more. @throws CloudError for a question that is none */
  look(page: number, request: MatrixRequest | null): void {
    for (const what of request?.questions ?? []) makeProbe({ from: '', to: '', what });
    for (const [key, { matrix, pages }] of this.#watched) {
      if (!pages.delete(page) || pages.size > 0) continue;
      matrix.close();
      this.#watched.delete(key);
    }
    // Its events ended while the request was under way.
    if (request === null || !this.#events.isOpen(page)) return;
    const key = JSON.stringify([request.machines, request.questions]);
    const known = this.#watched.get(key) ?? this.#begin(key, request);
    known.pages.add(page);
    this.#events.tellSome([page], known.matrix.state);
  }

  close(): void {
    this.#unlisten();
    for (const { matrix } of this.#watched.values()) matrix.close();
    this.#watched.clear();
  }

  #begin(key: string, request: MatrixRequest): Watched {
    const pages = new Set<number>();
    const matrix = new LiveMatrix(this.#live, request, (event) => this.#events.tellSome(pages, event));
    const watched = { matrix, pages };
    this.#watched.set(key, watched);
    return watched;
  }
}
