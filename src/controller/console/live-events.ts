/** Tells every open page what becomes of the lab. */
import type { ServerResponse } from 'node:http';
import type { Cloud } from '../../cloud/types.js';
import type { Lab } from '../../lab/lab.js';
import { Listeners } from '../../lab/listeners.js';
import type { LabStatus } from '../protocol.js';
import { SAFE_HEADERS } from './page-files.js';
import type { PageEvent } from './protocol.js';

/** A page that reads nothing for so many bytes is let go: it asks again for all there is. */
const MAX_UNREAD_BYTES = 16 * 1024 * 1024;

/** Milliseconds between signs of life, by which a page knows that the controller is there. */
const HEARTBEAT_MS = 5000;

type About = Pick<LabStatus, 'file' | 'endpoint'> & { readonly terminals: boolean };

export class LiveEvents {
  readonly #live: Lab;
  readonly #about: () => About;
  /** Every open page by its number. */
  readonly #pages = new Map<number, ServerResponse>();
  /** Told of a page that is gone, by its number. */
  readonly gone = new Listeners<[page: number]>();
  #lastPage = 0;
  readonly #unlisten: () => void;
  readonly #heartbeat: NodeJS.Timeout;
  /** What every page has been told. */
  #told: Cloud;

  constructor(live: Lab, about: () => About) {
    this.#live = live;
    this.#about = about;
    this.#told = live.cloud;
    this.#unlisten = live.history.added.add((entry) => {
      if (entry.type === 'change') this.#tellChange();
      this.tell({ type: 'history', entry });
    });
    this.#heartbeat = setInterval(() => this.#send(': alive\n\n'), HEARTBEAT_MS).unref();
  }

  /** Keeps the response open until the page goes or the lab does. */
  follow(response: ServerResponse): void {
    response.writeHead(200, { ...SAFE_HEADERS, 'Content-Type': 'text/event-stream', 'Cache-Control': 'no-store' });
    this.#tellChange();
    const { name: lab, cloud } = this.#live;
    const page = ++this.#lastPage;
    const event: PageEvent = { type: 'lab', page, lab, ...this.#about(), cloud, change: this.#live.history.last };
    response.write(`retry: 1000\n${textOf(event)}`);
    this.#pages.set(page, response);
    response
      .on('error', () => {})
      .once('close', () => {
        this.#pages.delete(page);
        this.gone.tell(page);
      });
  }

  isOpen(page: number): boolean {
    return this.#pages.has(page);
  }

  /** Tells only some pages. */
  tellSome(pages: Iterable<number>, event: PageEvent): void {
    this.#send(textOf(event), pages);
  }

  tell(event: PageEvent): void {
    if (this.#pages.size > 0) this.#send(textOf(event));
  }

  close(): void {
    this.tell({ type: 'down' });
    this.#unlisten();
    clearInterval(this.#heartbeat);
    for (const page of this.#pages.values()) page.end();
  }

  #tellChange(): void {
    const records = changedRecords(this.#told, this.#live.cloud);
    this.#told = this.#live.cloud;
    if (Object.keys(records).length > 0) this.tell({ type: 'changed', change: this.#live.history.last, records });
  }

  #send(text: string, pages: Iterable<number> = this.#pages.keys()): void {
    for (const number of pages) {
      const page = this.#pages.get(number);
      if (page !== undefined && page.writableLength > MAX_UNREAD_BYTES) page.destroy();
      else page?.write(text);
    }
  }
}

function textOf(event: PageEvent): string {
  return `data: ${JSON.stringify(event)}\n\n`;
}

type ChangedRecords = Record<string, Record<string, object | null>>;

/** A mutation leaves records that it does not change the same objects. */
function changedRecords(before: Cloud, after: Cloud): ChangedRecords {
  const changed: ChangedRecords = {};
  for (const kind of Object.keys(after) as (keyof Cloud)[]) {
    const [old, now] = [before[kind], after[kind]];
    if (old === now || typeof old !== 'object' || typeof now !== 'object') continue;
    const records = changedMembers(old as Readonly<Record<string, object>>, now as Readonly<Record<string, object>>);
    if (Object.keys(records).length > 0) changed[kind] = records;
  }
  return changed;
}

function changedMembers(
  before: Readonly<Record<string, object>>,
  after: Readonly<Record<string, object>>,
): Record<string, object | null> {
  const changed: Record<string, object | null> = {};
  for (const [id, record] of Object.entries(after)) if (before[id] !== record) changed[id] = record;
  for (const id of Object.keys(before)) if (!Object.hasOwn(after, id)) changed[id] = null;
  return changed;
}
