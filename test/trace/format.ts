/** Traces as text. */
import type { Trace } from './trace.js';

export interface Traced {
  readonly command: string;
  readonly trace: Trace;
}

export function formatTable(traced: readonly Traced[]): string {
  const width = Math.max(...traced.map(({ command }) => command.length));
  const row = (command: string, ...cells: (string | number)[]) =>
    `${command.padEnd(width)}${cells.map((cell) => String(cell).padStart(9)).join('')}\n`;
  const rows = traced.map(({ command, trace: { files, visits, returns } }) =>
    row(command, files.size, visits.length, returns),
  );
  return [row('command', 'files', 'visits', 'returns'), ...rows].join('');
}

export function formatFiles({ command, trace }: Traced): string {
  const rows = [...trace.files].map(([file, visits]) => `${String(visits).padStart(6)}  ${file}\n`);
  return `\n${command}\n${rows.join('')}`;
}

export function formatSequence({ command, trace }: Traced): string {
  const seen = new Set<string>();
  const rows = trace.visits.map((file) => {
    const mark = seen.has(file) ? ' ' : '+';
    seen.add(file);
    return `${mark} ${file}\n`;
  });
  return `\n${command}\n${rows.join('')}`;
}
