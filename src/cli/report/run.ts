import { causeText, stageText } from '../../verdict/phrases.js';
import type { RunReport, StepResult } from '../../verdict/types.js';
import { formatMs, outcomePaint, type ReportOptions, statusSymbol } from './labels.js';
import { PLAIN, type Style } from './style.js';
import { type Cell, table } from './table.js';
import { wrap } from './width.js';

const READABLE = 100;

/**
 * Shows a run as a story: each step on a line with its outcome, below it the reason, and a summary at the end.
 *
 *     securecart-web  A shop whose database only its web server reaches
 *
 *       1  ✓  office -> web-1 tcp/22     connected               0.4 ms
 *             sgr-0f12 (web: tcp/22 from 198.51.100.10/32) let it in.
 *       2  ✗  stranger -> web-1 tcp/22   timed-out   sg-ingress  0.3 ms
 *             expected connected: no rule of web admits tcp/22 from 203.0.113.7.
 *
 *     ✗ 1 passed, 1 failed   in 214 ms
 */
export function formatRun(report: RunReport, options: ReportOptions = {}): string {
  const { style = PLAIN } = options;
  return [title(report, style), formatSteps(report.steps, options), summary(report, style)]
    .filter((block) => block !== '')
    .join('\n\n')
    .concat('\n');
}

function title({ scenario, description }: RunReport, style: Style): string {
  return description === null ? style.bold(scenario) : `${style.bold(scenario)}  ${style.dim(description)}`;
}

function formatSteps(steps: readonly StepResult[], options: ReportOptions): string {
  if (steps.length === 0) return '';
  const { style = PLAIN, width } = options;
  const columns = [{ align: 'right' }, {}, { shrinkTo: 20 }, {}, { shrinkTo: 10 }, { align: 'right' }] as const;
  const lines = table(
    steps.map((step, at) => stepRow(step, steps[at - 1]?.step === step.step, style)),
    columns,
    { style, indent: 2, ...(width === undefined ? {} : { width }) },
  ).split('\n');
  const causeIndent = 2 + String(steps.at(-1)?.step).length + 2 + 1 + 2;
  return steps.flatMap((step, at) => [lines[at] ?? '', ...causeLines(step, causeIndent, options)]).join('\n');
}

/** The number stands once, where one step has several results. */
function stepRow(step: StepResult, isMore: boolean, style: Style): Cell[] {
  return [
    { text: isMore ? '' : String(step.step), paint: style.dim },
    statusSymbol(step.status, style),
    step.name,
    { text: step.outcome, paint: outcomePaint(step.outcome, style) },
    { text: stageText(step), paint: style.dim },
    { text: formatMs(step.ms), paint: style.dim },
  ];
}

function causeLines(step: StepResult, indent: number, options: ReportOptions): string[] {
  const { style = PLAIN, width = READABLE } = options;
  const isWrong = step.status !== 'passed';
  const expected = isWrong && step.expected !== null ? `expected ${step.expected}` : '';
  const text = [expected, causeText(step, options.describeRule)].filter((part) => part !== '').join(': ');
  const paint = isWrong ? statusSymbol(step.status, style).paint : style.dim;
  const wrapAt = Math.max(30, Math.min(width, READABLE) - indent);
  return wrap(text, wrapAt).map((line) => ' '.repeat(indent) + paint(line));
}

function summary(report: RunReport, style: Style): string {
  const status = report.failed > 0 ? 'failed' : report.unknown > 0 ? 'unknown' : 'passed';
  const symbol = statusSymbol(status, style);
  const counts = [
    style.green(`${report.passed} passed`),
    report.failed > 0 ? style.red(`${report.failed} failed`) : '0 failed',
    ...(report.unknown > 0 ? [style.magenta(`${report.unknown} unknown`)] : []),
  ].join(', ');
  return `${symbol.paint(symbol.text)} ${style.bold(counts)}   ${style.dim(`in ${formatMs(report.ms)}`)}`;
}
