import type { Step } from '../../scenario/steps.js';
import { causeText, stageText } from '../../verdict/phrases.js';
import type { RunReport, StepResult } from '../../verdict/types.js';
import { formatMs, outcomePaint, type ReportOptions, statusSymbol } from './labels.js';
import { PLAIN, type Style } from './style.js';
import { type Cell, table } from './table.js';
import { displayWidth, wrap } from './width.js';

const READABLE = 100;

/** The widths of columns that are written before all of their rows are known. */
export interface RunLayout {
  readonly number: number;
  readonly name: number;
  readonly outcome: number;
  readonly stage: number;
}

/** As wide as the steps will need if all comes as expected. */
export function layoutOf(steps: readonly Pick<Step, 'name'>[]): RunLayout {
  const expected = steps.map((step) => ('expect' in step ? step.expect : null)).filter(isExpectation);
  const widest = (texts: readonly string[]) => Math.max(0, ...texts.map(displayWidth));
  return {
    number: String(steps.length).length,
    name: widest(steps.map(({ name }) => name)),
    outcome: widest(['done', ...expected.map(({ outcome }) => outcome)]),
    stage: widest(expected.map(({ stage }) => stage ?? '')),
  };
}

function isExpectation(value: unknown): value is { readonly outcome: string; readonly stage: string | null } {
  return typeof value === 'object' && value !== null && 'outcome' in value && 'stage' in value;
}

export function runTitle({ name, description }: { name: string; description: string | null }, style: Style): string {
  return description === null ? style.bold(name) : `${style.bold(name)}  ${style.dim(description)}`;
}

/**
 * The results of a step, each on a line with its outcome, below it the reason:
 *
 *       1  ✓  office -> web-1 tcp/22     connected               0.4 ms
 *             sgr-0f12 (web: tcp/22 from 198.51.100.10/32) let it in.
 *       2  ✗  stranger -> web-1 tcp/22   timed-out   sg-ingress  0.3 ms
 *             expected connected: no rule of web admits tcp/22 from 203.0.113.7.
 */
export function formatResults(results: readonly StepResult[], layout: RunLayout, options: ReportOptions = {}): string {
  const { style = PLAIN, width } = options;
  const columns = [
    { align: 'right', atLeast: layout.number },
    {},
    { shrinkTo: 20, atLeast: layout.name },
    { atLeast: layout.outcome },
    { shrinkTo: 10, atLeast: layout.stage },
    { align: 'right', atLeast: formatMs(0).length },
  ] as const;
  const rows = results.map((step, at) => stepRow(step, results[at - 1]?.step === step.step, style));
  const lines = table(rows, columns, { style, indent: 2, ...(width === undefined ? {} : { width }) }).split('\n');
  const causeIndent = 2 + layout.number + 2 + 1 + 2;
  return results.flatMap((step, at) => [lines[at] ?? '', ...causeLines(step, causeIndent, options)]).join('\n');
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
  if (step.status === 'not-run') return [];
  const isWrong = step.status !== 'passed';
  const expected = isWrong && step.expected !== null ? `expected ${step.expected}` : '';
  const text = [expected, causeText(step, options.describeRule)].filter((part) => part !== '').join(': ');
  const paint = isWrong ? statusSymbol(step.status, style).paint : style.dim;
  const wrapAt = Math.max(30, Math.min(width, READABLE) - indent);
  return wrap(text, wrapAt).map((line) => ' '.repeat(indent) + paint(line));
}

export function runSummary(report: RunReport, style: Style): string {
  const { failed, unknown, notRun } = report;
  const status = failed > 0 ? 'failed' : unknown > 0 ? 'unknown' : notRun > 0 ? 'not-run' : 'passed';
  const symbol = statusSymbol(status, style);
  const counts = [
    style.green(`${report.passed} passed`),
    failed > 0 ? style.red(`${failed} failed`) : '0 failed',
    ...(unknown > 0 ? [style.magenta(`${unknown} unknown`)] : []),
    ...(notRun > 0 ? [`${notRun} not run`] : []),
  ].join(', ');
  return `${symbol.paint(symbol.text)} ${style.bold(counts)}   ${style.dim(`in ${formatMs(report.ms)}`)}`;
}
