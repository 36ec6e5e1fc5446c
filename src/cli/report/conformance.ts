import { causeText, outcomeText } from '../../verdict/phrases.js';
import type { StepResult } from '../../verdict/types.js';
import type {
  ConformanceReport,
  FileResult,
  StatementResult,
  StatementStatus,
} from '../../verify/conformance/types.js';
import { runDocument } from './json.js';
import { formatMs, type ReportOptions, statusSymbol } from './labels.js';
import { type Paint, PLAIN, type Style } from './style.js';
import { padEnd, padStart, wrap } from './width.js';

const READABLE = 120;
const ID_WIDTH = 4;
const TIME_WIDTH = 7;
/** The column where a statement's text begins; everything else about the statement is aligned with it. */
const INDENT = 2 + ID_WIDTH + 2 + 1 + 2 + TIME_WIDTH + 2;

/**
 * Lists the statements by section, each with its time and source; below one that does not hold, what happened instead.
 *
 *     8.1 Default deny and statefulness; refused or timed out
 *
 *       S1    ✓   312 ms  V's group is new. A SYN to any port is dropped  (SGR)
 *       S2    ✗   290 ms  In: tcp/80, nobody listens. V's RST comes back  (CT)
 *                         S002.yaml, step 2: c -> v tcp/80 was timed-out at sg-egress, expected refused: no rule …
 *       S50   –           C and V in two subnets, M forwards between them  (SGR)
 *                         not covered: …
 *
 *     112 of 114 hold, 0 fail, 2 not covered   in 48 s
 */
export function formatConformance(report: ConformanceReport, options: ReportOptions = {}): string {
  const { style = PLAIN } = options;
  const sections = report.sections.map(({ section, results }) => {
    const lines = results.flatMap((result) => statementLines(result, options));
    return [style.bold(`${section.number} ${section.title}`), '', ...lines].join('\n');
  });
  return `${[...sections, summary(report, style)].join('\n\n')}\n`;
}

function statementLines(result: StatementResult, options: ReportOptions): string[] {
  const { style = PLAIN } = options;
  const { statement, status, ms } = result;
  const symbol = symbolOf(status, style);
  const time = status === 'not-covered' ? '' : formatMs(ms);
  const head = `  ${style.bold(padEnd(statement.id, ID_WIDTH))}  ${symbol.paint(symbol.text)}  ${style.dim(padStart(time, TIME_WIDTH))}  `;
  const [first = '', ...rest] = wrap(`${statement.title} (${statement.source})`, textWidth(options));
  const words = [head + first, ...rest.map(indented)];
  const failureRemarks = remarksOn(result).flatMap((text) => wrap(text, textWidth(options)).map(indented));
  return [...words, ...failureRemarks.map((line) => symbol.paint(line))];
}

function indented(line: string): string {
  return ' '.repeat(INDENT) + line;
}

function textWidth({ width = READABLE }: ReportOptions): number {
  return Math.max(30, Math.min(width, READABLE) - INDENT);
}

function remarksOn({ reason, files }: StatementResult): string[] {
  if (reason !== null) return [`not covered: ${reason}`];
  return files.flatMap((file) => {
    if (file.report === null) return [`${file.file}: ${file.error}`];
    return file.report.steps.flatMap((step, at) => (step.status === 'passed' ? [] : [remarkOn(file, step, at)]));
  });
}

function remarkOn({ file, describeRule }: FileResult, step: StepResult, at: number): string {
  const expected = step.expected === null ? '' : `, expected ${step.expected}`;
  const cause = causeText(step, describeRule);
  return `${file}, step ${at + 1}: ${step.name}: ${outcomeText(step)}${expected}${cause === '' ? '' : `: ${cause}`}`;
}

function symbolOf(status: StatementStatus, style: Style): { text: string; paint: Paint } {
  switch (status) {
    case 'holds':
      return statusSymbol('passed', style);
    case 'fails':
      return statusSymbol('failed', style);
    case 'unknown':
      return statusSymbol('unknown', style);
    case 'not-covered':
      return { text: '–', paint: style.yellow };
  }
}

function summary({ counts, ms }: ConformanceReport, style: Style): string {
  const total = counts.holds + counts.fails + counts.unknown + counts['not-covered'];
  const words = [
    style.green(`${counts.holds} of ${total} hold`),
    counts.fails > 0 ? style.red(`${counts.fails} fail`) : '0 fail',
    ...(counts.unknown > 0 ? [style.magenta(`${counts.unknown} unknown`)] : []),
    `${counts['not-covered']} not covered`,
  ];
  return `${style.bold(words.join(', '))}   ${style.dim(`in ${formatMs(ms)}`)}`;
}

/** The document of `sglab conformance --json`; its keys are a contract with programs. */
export function conformanceDocument({ sections, counts, ms }: ConformanceReport) {
  return {
    total: counts.holds + counts.fails + counts.unknown + counts['not-covered'],
    holds: counts.holds,
    fails: counts.fails,
    unknown: counts.unknown,
    notCovered: counts['not-covered'],
    ms: Math.round(ms),
    statements: sections.flatMap(({ section, results }) =>
      results.map(({ statement, status, reason, files, ms: each }) => ({
        id: statement.id,
        section: `${section.number} ${section.title}`,
        title: statement.title,
        source: statement.source,
        status,
        reason,
        ms: Math.round(each),
        files: files.map(({ file, report, error }) => ({
          file,
          error,
          run: report === null ? null : runDocument(report),
        })),
      })),
    ),
  };
}
