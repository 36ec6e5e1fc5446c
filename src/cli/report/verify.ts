import { probeText } from '../../cloud/text/probe.js';
import { outcomeText } from '../../verdict/phrases.js';
import type { FuzzResult } from '../../verify/fuzz/fuzz.js';
import { scenarioText } from '../../verify/fuzz/scenario-text.js';
import type { Answer } from '../../verify/opinion.js';
import type { Difference, Verification } from '../../verify/verify.js';
import { formatMs, type ReportOptions } from './labels.js';
import { PLAIN, type Style } from './style.js';
import { table } from './table.js';

/** More differences than this are only counted. */
const MAX_SHOWN = 20;

/**
 * Lists the differences, both views side by side, and a line that sums up.
 *
 *     office -> web-1.eth0 tcp/22   kernel: timed-out at sg-ingress   model: connected
 *     ✗ 1 of 412 cells differ   in 80 ms
 */
export function formatVerification(scenario: string, report: Verification, options: ReportOptions = {}): string {
  const { style = PLAIN, describeRule = (id: string) => id } = options;
  const shown = report.differences.slice(0, MAX_SHOWN);
  const rows = shown.map(({ question, kernel, other }) => [
    probeText(question),
    { text: `kernel: ${answerText(kernel, describeRule)}`, paint: style.bold },
    `${report.other}: ${answerText(other, describeRule)}`,
  ]);
  const more = report.differences.length - shown.length;
  return [
    ...(rows.length === 0 ? [] : [table(rows, [{ shrinkTo: 24 }, {}, {}], { style, indent: 2 })]),
    ...(more > 0 ? [style.dim(`  and ${more} more`)] : []),
    ...report.unknown.slice(0, MAX_SHOWN).map((question) => `  ? ${probeText(question)}: could not be observed`),
    summary(scenario, report, style),
  ].join('\n');
}

export function verificationDocument(scenario: string, report: Verification): object {
  const { other, cells, differences, unknown, ms } = report;
  return {
    scenario,
    model: other,
    cells,
    differences: differences.map(differenceDocument),
    unknown: unknown.map((question) => probeText(question)),
    ms: Math.round(ms),
  };
}

function differenceDocument({ question, aspect, kernel, other }: Difference): object {
  const { from, to, protocol, port, family } = question;
  return { probe: probeText(question), from, to, protocol, port, family, differsIn: aspect, kernel, model: other };
}

function summary(scenario: string, { other, cells, differences, unknown, ms }: Verification, style: Style): string {
  const words = [
    differences.length === 0 ? `the ${other} agrees with the kernel` : `${differences.length} of ${cells} cells differ`,
    ...(unknown.length === 0 ? [] : [`${unknown.length} could not be observed`]),
  ].join(', ');
  const symbol = differences.length > 0 ? style.red('✗') : unknown.length > 0 ? '?' : style.green('✓');
  return `${symbol} ${style.bold(scenario)}: ${words}   ${style.dim(`${cells} cells in ${formatMs(ms)}`)}`;
}

function answerText(answer: Answer, describeRule: (id: string) => string): string {
  const by = answer.rules.length === 0 ? '' : ` by ${[...new Set(answer.rules)].map(describeRule).join(', ')}`;
  return `${outcomeText(answer)}${by}`;
}

/** Shows the smallest history on which the two disagree, as a scenario file, or on how much they agreed. */
export function formatFuzz({ seed, runs, compared, failure, ms }: FuzzResult): string {
  const size = `${runs} histories, ${compared} answers in ${formatMs(ms)}, seed ${seed}`;
  if (failure === null) return `✓ the model agrees with the kernel   ${size}\n`;
  const last = failure.played.at(-1);
  return [
    scenarioText('found', failure, seed),
    `✗ they disagree about ${failure.disagreement}   ${size}`,
    `  kernel: ${JSON.stringify(last?.kernel)}`,
    `  model:  ${JSON.stringify(last?.model)}`,
    '',
  ].join('\n');
}

export function fuzzDocument({ seed, runs, compared, failure, ms }: FuzzResult): object {
  const last = failure?.played.at(-1);
  return {
    seed,
    histories: runs,
    answers: compared,
    ms: Math.round(ms),
    disagreement: failure?.disagreement ?? null,
    kernel: last?.kernel ?? null,
    model: last?.model ?? null,
    scenario: failure === null ? null : scenarioText('found', failure, seed),
  };
}
