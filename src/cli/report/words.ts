/** The words, symbols and colours that every report shares. */
import type { Outcome, PathEntry, ProbeResult, Stage, StepResult } from '../../verdict/types.js';
import type { Paint, Style } from './style.js';

/** Turns the id of a rule into what a person recognises: `sgr-0f… (web: tcp/22 from 198.51.100.10/32)`. */
export type DescribeRule = (id: string) => string;

export interface ReportOptions {
  readonly style?: Style;
  /** Columns of the terminal; unlimited without it. */
  readonly width?: number;
  readonly describeRule?: DescribeRule;
}

/** One column each, and different without colour too. */
export const OUTCOME_SYMBOL: Readonly<Record<Outcome, string>> = {
  connected: '●',
  refused: '○',
  'timed-out': '·',
  unreachable: '×',
  unknown: '?',
};

/** Steps that are no probe have outcomes of their own, such as `done`: those stay without colour. */
export function outcomePaint(outcome: string, style: Style): Paint {
  switch (outcome) {
    case 'connected':
    case 'goes-on':
    case 'delivered':
      return style.green;
    case 'refused':
      return style.yellow;
    case 'timed-out':
    case 'stalls':
    case 'dropped':
      return style.red;
    case 'reset':
    case 'unreachable':
    case 'unknown':
      return style.magenta;
    default:
      return (text) => text;
  }
}

const STATUS_SYMBOL = { passed: '✓', failed: '✗', unknown: '?' } as const;

export function statusSymbol(status: StepResult['status'], style: Style): { text: string; paint: Paint } {
  const paint = { passed: style.green, failed: style.red, unknown: style.magenta }[status];
  return { text: STATUS_SYMBOL[status], paint };
}

/** What stands in place of a rule where none decided. */
const NO_RULE: Readonly<Record<Stage, string>> = {
  'sg-egress': 'no rule lets it out',
  'source-dest-check': 'the address is not the interface’s own',
  'nacl-outbound': 'no entry lets it out',
  route: 'no route',
  'nacl-inbound': 'no entry lets it in',
  'sg-ingress': 'no rule lets it in',
  listener: 'nobody listens',
};

/** Why a stage decided as it did; empty where it had nothing to decide. */
export function reasonOf(entry: PathEntry, describeRule: DescribeRule): string {
  if (entry.rule !== null) return describeRule(entry.rule);
  return entry.verdict === 'pass' ? '' : NO_RULE[entry.stage];
}

/** The explanation, and the rule behind it where the explanation does not name it already. */
export function causeOf(
  { explanation, rule }: StepResult,
  { describeRule = (id: string) => id }: ReportOptions,
): string {
  if (rule === null || explanation.includes(rule)) return explanation;
  return explanation === '' ? describeRule(rule) : `${explanation}: ${describeRule(rule)}`;
}

/** `tcp/22`, `icmp`. */
export function questionOf(result: Pick<ProbeResult, 'protocol' | 'port'>): string {
  return result.port === null ? result.protocol : `${result.protocol}/${result.port}`;
}

/** `0.4 ms`, `12 ms`, `1.25 s`. */
export function formatMs(ms: number): string {
  if (ms >= 1000) return `${(ms / 1000).toFixed(2)} s`;
  return ms < 10 ? `${ms.toFixed(1)} ms` : `${Math.round(ms)} ms`;
}
