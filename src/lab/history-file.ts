/** The history of a lab beside its journal: lines of JSON that are only added to, until the oldest half goes, and that go with the lab. */
import fs from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import type { Cloud } from '../cloud/types.js';
import { SglabError } from '../errors.js';
import { unlessAbsent } from '../kernel/errors.js';
import { appendToFile } from '../kernel/safe-file.js';
import { cloudDifference } from '../records/history/difference.js';
import type { ChangeEntry, HistoryEntry, Origin } from '../records/history/types.js';
import { Listeners } from './listeners.js';
import { labDirectory } from './run-directory.js';

const FLOW_VERDICT = z.looseObject({ verdict: z.enum(['passed', 'dropped']), rules: z.array(z.string()) });
const RECORD_CHANGE = z.looseObject({ kind: z.string(), id: z.string(), words: z.array(z.string()) });
const ENTRY = z.discriminatedUnion('type', [
  z.looseObject({
    type: z.literal('change'),
    number: z.int(),
    time: z.string(),
    caller: z.string(),
    action: z.string(),
    requestId: z.string(),
    changes: z.array(RECORD_CHANGE),
  }),
  z.looseObject({
    type: z.literal('verdict'),
    time: z.string(),
    changes: z.array(z.int()),
    from: z.string(),
    to: z.string(),
    traffic: z.string(),
    before: FLOW_VERDICT,
    after: FLOW_VERDICT,
  }),
  z.looseObject({
    type: z.literal('drift'),
    time: z.string(),
    isMended: z.boolean(),
    places: z.array(z.looseObject({ namespace: z.string(), differences: z.array(z.string()) })),
  }),
]);

const historyFile = (lab: string) => path.join(labDirectory(lab), 'history.jsonl');
/** The older half. */
const olderFile = (file: string) => `${file}.before`;

/** Bytes of each half: some thousand changes. */
const MAX_BYTES = 4 * 1024 * 1024;

const NEWLINE = 0x0a;

/**
 * Every entry, the oldest first. A line that a killed process left unfinished is none: the journal holds the change that it was
 * about until the line is whole.
 */
export function readHistory(lab: string): HistoryEntry[] {
  const file = historyFile(lab);
  return [olderFile(file), file].flatMap(entriesOf);
}

/** For the process that holds the lab's lock. */
export class HistoryFile {
  readonly #file: string;
  /** What could not be written yet: a full disk does not undo a change that is in force. */
  #pending = '';
  #last: number;
  readonly #recent: ChangeEntry[] = [];
  /** Told of every entry, written or not. */
  readonly added = new Listeners<[entry: HistoryEntry]>();

  /** @param latest the change that the journal holds: it is added where the one who made it was killed before */
  constructor(lab: string, latest: ChangeEntry | null) {
    this.#file = historyFile(lab);
    this.#last = Math.max(0, ...numbersOf(historyFile(lab)));
    if (endsUnfinished(this.#file)) this.#pending = '\n';
    if (latest !== null && latest.number > this.#last) this.add(latest);
  }

  /** The number of the last change. */
  get last(): number {
    return this.#last;
  }

  /** The last changes that this process made, the newest last. */
  get recent(): readonly ChangeEntry[] {
    return this.#recent;
  }

  /** What it will say of a change; null where nothing changes, or where nobody asks for a history. */
  entryOf(origin: Origin | undefined, before: Cloud | null, next: Cloud): ChangeEntry | null {
    if (origin === undefined) return null;
    const changes = cloudDifference(before, next);
    if (changes.length === 0) return null;
    return { type: 'change', number: this.#last + 1, time: new Date().toISOString(), ...origin, changes };
  }

  add(entry: HistoryEntry): void {
    if (entry.type === 'change') this.#remember(entry);
    this.#pending += `${JSON.stringify(entry)}\n`;
    try {
      fs.mkdirSync(path.dirname(this.#file), { recursive: true, mode: 0o700 });
      if (sizeOf(this.#file) > MAX_BYTES) fs.renameSync(this.#file, olderFile(this.#file));
      appendToFile(this.#file, this.#pending);
      this.#pending = '';
    } catch {
      // The next entry takes it along.
      if (endsUnfinished(this.#file) && !this.#pending.startsWith('\n')) this.#pending = `\n${this.#pending}`;
    }
    this.added.tell(entry);
  }

  #remember(change: ChangeEntry): void {
    this.#last = change.number;
    this.#recent.push(change);
    if (this.#recent.length > RECENT) this.#recent.shift();
  }
}

const RECENT = 256;

function linesOf(file: string): string[] {
  return unlessAbsent(() => fs.readFileSync(file, 'utf8').split('\n'), []);
}

function entriesOf(file: string): HistoryEntry[] {
  return linesOf(file).flatMap((line, position) => {
    const value = parsed(line);
    if (value === undefined) return [];
    if (isEntry(value)) return [value];
    throw new SglabError('BrokenHistory', `${file}:${position + 1}: this line is no entry of a history`, {
      hint: 'delete the line, or the file: the lab goes on without it',
    });
  });
}

/** Of the changes that can be read: a history that somebody broke keeps no lab from going up. */
function numbersOf(file: string): number[] {
  return [olderFile(file), file].flatMap(linesOf).flatMap((line) => {
    const entry = parsed(line);
    return isEntry(entry) && entry.type === 'change' ? [entry.number] : [];
  });
}

function sizeOf(file: string): number {
  return fs.statSync(file, { throwIfNoEntry: false })?.size ?? 0;
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

function isEntry(value: unknown): value is HistoryEntry {
  return ENTRY.safeParse(value).success;
}

function endsUnfinished(file: string): boolean {
  try {
    const size = sizeOf(file);
    const last = Buffer.alloc(1);
    const fd = fs.openSync(file, 'r');
    try {
      return size > 0 && fs.readSync(fd, last, 0, 1, size - 1) === 1 && last[0] !== NEWLINE;
    } finally {
      fs.closeSync(fd);
    }
  } catch {
    return false;
  }
}
