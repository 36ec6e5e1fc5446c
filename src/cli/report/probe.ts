import { decisionText } from '../../verdict/phrases.js';
import type { Hop, ProbeResult } from '../../verdict/types.js';
import { formatMs, outcomePaint, type ReportOptions } from './labels.js';
import { PLAIN, type Style, unpainted } from './style.js';
import { type Cell, table } from './table.js';
import { displayWidth, wrap } from './width.js';

const INDENT = 2;
const READABLE = 100;

/**
 * Shows one probe as a block: the headline, the path stage by stage with the rule or cause that decided, and the
 * sentence that sums it up.
 *
 *     stranger -> web-1 tcp/22   timed-out   0.3 ms
 *
 *       request  ✗ sg-ingress  dropped  no rule lets it in  eni-0a1b
 *
 *       No rule of web admits tcp/22 from 203.0.113.7.
 */
export function formatProbe(result: ProbeResult, options: ReportOptions = {}): string {
  const { style = PLAIN } = options;
  const blocks = [headline(result, style)];
  if (result.path.length > 0) blocks.push(formatPath(result.path, options));
  if (result.explanation !== '') blocks.push(paragraph(result.explanation, options.width));
  if (result.explanationCode !== null)
    blocks.push(paragraph(`Reachability Analyzer: ${result.explanationCode}`, options.width));
  return `${blocks.join('\n\n')}\n`;
}

function headline(result: ProbeResult, style: Style): string {
  const subject = `${style.bold(result.from)} -> ${style.bold(result.to)} ${questionText(result)}`;
  const outcome = style.bold(outcomePaint(result.outcome, style)(result.outcome));
  return `${subject}   ${outcome}   ${style.dim(formatMs(result.ms))}`;
}

/** `tcp/22`, `icmp`. */
function questionText({ protocol, port }: ProbeResult): string {
  return port === null ? protocol : `${protocol}/${port}`;
}

/** A narrow terminal drops the interface ids first: half an id is useless, and the rule says more. */
function formatPath(path: readonly Hop[], options: ReportOptions): string {
  const { style = PLAIN, width = Number.POSITIVE_INFINITY } = options;
  const rows = path.map((hop, at) => pathRow(hop, path[at - 1]?.leg !== hop.leg, options));
  const columns = [{}, {}, {}, {}, { shrinkTo: 24 }, {}];
  const full = table(rows, columns, { indent: INDENT });
  const fits = full.split('\n').every((line) => displayWidth(line) <= width);
  const kept = fits ? rows : rows.map((row) => row.slice(0, -1));
  return table(kept, fits ? columns : columns.slice(0, -1), { style, width, indent: INDENT });
}

/** The leg is named only once, in its first row. */
function pathRow(hop: Hop, isFirstOfLeg: boolean, options: ReportOptions): Cell[] {
  const { style = PLAIN, describeRule = (id: string) => id } = options;
  const look = {
    pass: { symbol: '✓', word: 'passed', paint: style.green },
    drop: { symbol: '✗', word: 'dropped', paint: style.red },
    refuse: { symbol: '✗', word: 'refused', paint: style.yellow },
  }[hop.verdict];
  const isStop = hop.verdict !== 'pass';
  return [
    { text: isFirstOfLeg ? hop.leg : '', paint: style.dim },
    { text: look.symbol, paint: look.paint },
    { text: hop.stage, paint: isStop ? style.bold : unpainted },
    { text: look.word, paint: isStop ? look.paint : style.dim },
    decisionText(hop, describeRule),
    { text: hop.interface ?? '', paint: style.dim },
  ];
}

function paragraph(text: string, width = READABLE): string {
  return wrap(text, Math.min(width, READABLE) - INDENT)
    .map((line) => ' '.repeat(INDENT) + line)
    .join('\n');
}
