import type { FlowLine } from './format.js';
import { keyOf } from './record-store.js';
import type { FlowRecord } from './types.js';

/** Says of records that are read again and again what has come since: new ones, and by how much the others have grown. */
export class Growth {
  #told: ReadonlyMap<string, FlowRecord>;

  constructor(lines: readonly FlowLine[]) {
    this.#told = recordsOf(lines);
  }

  since(lines: readonly FlowLine[]): FlowLine[] {
    const before = this.#told;
    this.#told = recordsOf(lines);
    return [...this.#told].flatMap(([key, record]): FlowLine[] => {
      const told = before.get(key);
      if (told === undefined) return [{ status: 'OK', record }];
      const packets = record.packets - told.packets;
      const more = { ...record, packets, bytes: record.bytes - told.bytes, start: Math.max(told.end, record.start) };
      return packets > 0 ? [{ status: 'OK', record: more }] : [];
    });
  }
}

function recordsOf(lines: readonly FlowLine[]): Map<string, FlowRecord> {
  return new Map(lines.flatMap((line) => (line.status === 'OK' ? [[keyOf(line.record), line.record]] : [])));
}
