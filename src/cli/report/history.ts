import type { ChangeEntry, DriftEntry, HistoryEntry, VerdictEntry } from '../../records/history/types.js';
import { flowVerdictText } from '../../verdict/phrases.js';
import type { ReportOptions } from './labels.js';
import { PLAIN, type Style } from './style.js';

/** A change with the verdicts that differ since then. */
export interface ExplainedChange extends ChangeEntry {
  readonly verdicts: readonly VerdictEntry[];
}

/** Lines that one change may fill; the definition of a whole lab is summarized by counts. */
const MAX_LINES_PER_CHANGE = 12;

/** @param since seconds since 1970: only changes from then on */
export function explainHistory(entries: readonly HistoryEntry[], since: number): ExplainedChange[] {
  const verdicts = entries.filter((entry) => entry.type === 'verdict');
  return entries.flatMap((entry) => {
    if (entry.type !== 'change' || Date.parse(entry.time) / 1000 < since) return [];
    return [{ ...entry, verdicts: verdicts.filter(({ changes }) => changes.includes(entry.number)) }];
  });
}

/** @param since seconds since 1970: only what was found or mended from then on */
export function driftSince(entries: readonly HistoryEntry[], since: number): DriftEntry[] {
  return entries.flatMap((entry) => (entry.type === 'drift' && Date.parse(entry.time) / 1000 >= since ? [entry] : []));
}

/** Both lists in one, by time. */
export function formatHistory(
  changes: readonly ExplainedChange[],
  drift: readonly DriftEntry[],
  { style = PLAIN }: ReportOptions = {},
): string {
  if (changes.length + drift.length === 0) return 'nothing has changed\n';
  return [...changes, ...drift]
    .sort((a, b) => a.time.localeCompare(b.time))
    .map((entry) => `${entry.type === 'change' ? formatChange(entry, style) : formatDriftEntry(entry, style)}\n`)
    .join('\n');
}

function formatDriftEntry({ time, isMended, places }: DriftEntry, style: Style): string {
  const head = isMended ? 'repaired' : 'somebody else has changed the kernel';
  const lines = places.flatMap(({ namespace, differences }) => differences.map((each) => `    ${namespace}: ${each}`));
  return [`${style.bold('!')}  ${style.dim(clock(time))}  ${head}`, ...lines].join('\n');
}

function formatChange(change: ExplainedChange, style: Style): string {
  const { number, time, caller, action, requestId, verdicts } = change;
  const by = caller === 'sglab' ? '' : `  ${style.dim(`${caller}, request ${requestId}`)}`;
  const head = `${style.bold(`#${number}`)}  ${style.dim(clock(time))}  ${action}${by}`;
  const lines = differences(change).map((line) => `    ${paintSign(line, style)}`);
  return [head, ...lines, ...verdicts.map((verdict) => `    ${verdictLine(verdict, number, style)}`)].join('\n');
}

function differences({ changes }: ChangeEntry): string[] {
  const all = changes.flatMap(({ words }) => words);
  if (all.length <= MAX_LINES_PER_CHANGE) return all;
  const made = changes.filter(({ before }) => before === null).length;
  const deleted = changes.filter(({ after }) => after === null).length;
  const counted = [
    [made, 'made'],
    [deleted, 'deleted'],
    [changes.length - made - deleted, 'changed'],
  ].flatMap(([count, word]) => (count === 0 ? [] : [`${count} ${word}`]));
  return [`${counted.join(', ')} (--json lists them)`];
}

function paintSign(line: string, style: Style): string {
  if (line.startsWith('+')) return style.green(line);
  return line.startsWith('-') ? style.red(line) : style.dim(line);
}

function verdictLine(
  { from, to, traffic, before, after, time, changes }: VerdictEntry,
  number: number,
  style: Style,
): string {
  const paint = after.verdict === 'passed' ? style.green : style.red;
  const others = changes.filter((each) => each !== number);
  const or = others.length === 0 ? '' : style.dim(`, or since ${others.map((each) => `#${each}`).join(', ')}`);
  return `→ ${from} → ${to} ${traffic}: ${flowVerdictText(before)} before, ${paint(flowVerdictText(after))} since${or} ${style.dim(`(seen ${clock(time)})`)}`;
}

/** Formats `2026-11-21 09:12:44` in the host's time zone. */
function clock(time: string): string {
  const date = new Date(time);
  const day = [date.getFullYear(), date.getMonth() + 1, date.getDate()].map((part) => String(part).padStart(2, '0'));
  return `${day.join('-')} ${date.toTimeString().slice(0, 8)}`;
}
