/** The figures as a table for people. */
import { PLAIN, type Style } from '../../src/cli/report/style.js';
import { type Cell, table } from '../../src/cli/report/table.js';
import type { Budget, Figure } from './figure.js';
import type { Spread } from './statistics.js';

export function formatFigures(
  figures: readonly Figure[],
  style: Style = PLAIN,
  width = Number.POSITIVE_INFINITY,
): string {
  const rows = figures.map((each): Cell[] => [mark(each, style), each.name, each.what, ...numbers(each, style)]);
  const columns = [
    {},
    { head: 'figure' },
    { head: 'what', shrinkTo: 20 },
    { head: 'reached' },
    { head: 'baseline', shrinkTo: 20 },
    { head: 'ratio' },
    { head: 'budget' },
  ];
  return `${table(rows, columns, { style, width })}\n`;
}

function mark({ met, skipped }: Figure, style: Style): Cell {
  if (skipped !== null) return { text: '-', paint: style.yellow };
  if (met === null) return ' ';
  return met ? { text: '✓', paint: style.green } : { text: '✗', paint: style.red };
}

function numbers({ value, unit, baseline, ratio, budget, skipped }: Figure, style: Style): Cell[] {
  if (skipped !== null) return [{ text: `skipped: ${skipped}`, paint: style.yellow }];
  return [
    value === null ? '' : `${spreadText(value)} ${unit}`,
    baseline === null ? '' : `${spreadText(baseline.value)} (${baseline.what})`,
    ratio === null ? '' : spreadText(ratio),
    budget === null ? '' : budgetText(budget, unit),
  ];
}

/** `1.42 (1.38–1.60)`: the median, and the range around it. */
export function spreadText({ median, min, max }: Spread): string {
  return `${numberText(median)} (${numberText(min)}–${numberText(max)})`;
}

function budgetText({ of, bound, limit }: Budget, unit: string): string {
  return `${bound === 'at most' ? '≤' : '≥'} ${numberText(limit)}${of === 'value' ? ` ${unit}` : ''}`;
}

/** Three significant digits: a measurement has no more. */
function numberText(value: number): string {
  if (Math.abs(value) >= 100) return Math.round(value).toLocaleString('en').replaceAll(',', ' ');
  return String(Number(value.toPrecision(3)));
}
