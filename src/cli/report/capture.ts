import type { CaptureSummary } from '../../controller/capture.js';
import type { SeenPacket } from '../../records/capture/types.js';
import { formatMs } from './labels.js';
import { describeFrame } from './packet.js';

const ENDED = {
  count: '',
  time: '',
  interrupt: '',
  down: '; the lab went down',
} as const;

/** Formats `12 packets in 3.20 s: 10 at web-1.eth0, 2 at web-1.eth0 card`. */
export function formatCaptureSummary({ interfaces, packets, lost, ms, ended }: CaptureSummary): string {
  const each = interfaces.map(({ name, packets: seen }) => `${seen} at ${name}`).join(', ');
  const noise = lost === 0 ? '' : `; ${lost} more were lost, because they arrived faster than they could be read`;
  return `${packets} ${packets === 1 ? 'packet' : 'packets'} in ${formatMs(ms)}: ${each}${noise}${ENDED[ended]}`;
}

/** @param packets the captured packets, unless they were written to a file */
export function captureDocument(
  lab: string,
  { interfaces, packets: total, lost, ms, ended }: CaptureSummary,
  file: string | null,
  packets: readonly SeenPacket[],
) {
  const document = { lab, file, interfaces, count: total, lost, ms: Math.round(ms * 1000) / 1000, ended };
  if (file !== null) return document;
  return {
    ...document,
    packets: packets.map(({ time, interface: name, direction, frame, length, comments }) => ({
      time: new Date(Math.floor(time / 1000))
        .toISOString()
        .replace(/\d{3}Z$/, `${`${time % 1_000_000}`.padStart(6, '0')}Z`),
      interface: name,
      direction,
      ...describeFrame(frame),
      length,
      comments,
    })),
  };
}
