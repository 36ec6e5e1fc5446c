/** The symbols and colours that every report shares. */
import type { DescribeRule } from '../../verdict/describe-rule.js';
import type { StepResult } from '../../verdict/types.js';
import type { Paint, Style } from './style.js';

export interface ReportOptions {
  readonly style?: Style;
  /** Columns of the terminal; unlimited if absent. */
  readonly width?: number;
  readonly describeRule?: DescribeRule;
}

/** Steps other than probes have outcomes of their own, such as `done`, which stay without colour. */
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

const STATUS_SYMBOL = { passed: '✓', failed: '✗', unknown: '?', 'not-run': '–' } as const;

export function statusSymbol(status: StepResult['status'], style: Style): { text: string; paint: Paint } {
  const paint = { passed: style.green, failed: style.red, unknown: style.magenta, 'not-run': style.dim }[status];
  return { text: STATUS_SYMBOL[status], paint };
}

/** `0.4 ms`, `12 ms`, `1.25 s`. */
export function formatMs(ms: number): string {
  if (ms >= 1000) return `${(ms / 1000).toFixed(2)} s`;
  return ms < 10 ? `${ms.toFixed(1)} ms` : `${Math.round(ms)} ms`;
}
