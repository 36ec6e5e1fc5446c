import type { CheckResult, HostReport } from '../../kernel/features.js';
import { PLAIN, type Style } from './style.js';
import { type Cell, table } from './table.js';
import { padStart } from './width.js';

interface Options {
  readonly style?: Style;
  readonly width?: number;
}

/** Prints one line per check; below a missing feature, the reason and how to get it. */
export function formatHost(
  report: HostReport,
  { style = PLAIN, width = Number.POSITIVE_INFINITY }: Options = {},
): string {
  const rows = report.checks.map((check) => [
    statusCell(check, style),
    check.status === 'ok' && check.detail !== '' ? `${check.name} ${check.detail}` : check.name,
    { text: check.status === 'not tried' ? check.detail : check.usedBy, paint: style.dim },
  ]);
  const lines = table(rows, [{}, {}, { shrinkTo: 20 }], { style, width, indent: 2 }).split('\n');
  const blocks = report.checks.flatMap((check, at) => [lines[at] ?? '', ...advice(check, style)]);
  return `${style.bold(`Linux ${report.kernel}`)}\n\n${blocks.join('\n')}\n\n${summary(report, style)}\n`;
}

function statusCell({ status, required }: CheckResult, style: Style): Cell {
  const paint = { ok: style.green, missing: required ? style.red : style.yellow, 'not tried': style.yellow }[status];
  return { text: status, paint };
}

const ADVICE_INDENT = 4;

function advice({ status, detail, remedy }: CheckResult, style: Style): string[] {
  if (status !== 'missing') return [];
  const lines = [detail, ...(remedy === null ? [] : [`get it: ${remedy}`])];
  return lines.filter((line) => line !== '').map((line) => padStart('', ADVICE_INDENT) + style.yellow(line));
}

function summary({ ok, checks }: HostReport, style: Style): string {
  const missing = checks.filter(({ status }) => status === 'missing');
  if (ok && missing.length === 0) return `${style.green('✓')} this host can run labs`;
  const names = missing.map(({ name }) => name).join(', ');
  if (ok) return `${style.green('✓')} this host can run labs; without ${names} some of it will be missed`;
  return `${style.red('✗')} this host cannot run labs: ${names} missing`;
}
