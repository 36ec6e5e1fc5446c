import type { FlowLine } from './format.js';
import { keyOf } from './record-store.js';
import type { FlowRecord } from './types.js';

/** Says of records that are read again and again what has come since: new ones, and by how much the others have grown. */
export class RecordDelta {
  #reported: ReadonlyMap<string, FlowRecord>;

  constructor(lines: readonly FlowLine[]) {
    this.#reported = recordsOf(lines);
  }

  since(lines: readonly FlowLine[]): FlowLine[] {
    const before = this.#reported;
    this.#reported = recordsOf(lines);
    return [...this.#reported].flatMap(([key, record]): FlowLine[] => {
      const previous = before.get(key);
      if (previous === undefined) return [{ status: 'OK', record }];
      const packets = record.packets - previous.packets;
      const more = {
        ...record,
        packets,
        bytes: record.bytes - previous.bytes,
        start: Math.max(previous.end, record.start),
      };
      return packets > 0 ? [{ status: 'OK', record: more }] : [];
    });
  }
}

function recordsOf(lines: readonly FlowLine[]): Map<string, FlowRecord> {
  return new Map(lines.flatMap((line) => (line.status === 'OK' ? [[keyOf(line.record), line.record]] : [])));
}
