import type { DescribeRule } from '../../verdict/describe-rule.js';
import type { RunReport } from '../../verdict/types.js';

/**
 * `unknown`: the outcome of a step is unknown, or the lab could not be built. It is never a pass, and neither is
 * `not-covered`.
 */
export type StatementStatus = 'holds' | 'fails' | 'unknown' | 'not-covered';

/** The result of one scenario file of a statement. */
export interface FileResult {
  /** Name without folder: `S058.yaml`. */
  readonly file: string;
  /** null if the scenario could not be run. */
  readonly report: RunReport | null;
  /** The reason why there is no report, else null. */
  readonly error: string | null;
  readonly describeRule: DescribeRule;
}

export interface StatementResult {
  readonly statement: Statement;
  readonly status: StatementStatus;
  /** The reason why it is not covered, else null. */
  readonly reason: string | null;
  readonly files: readonly FileResult[];
  /** Milliseconds: building, running and taking down. */
  readonly ms: number;
}

export interface ConformanceReport {
  readonly sections: readonly { readonly section: Section; readonly results: readonly StatementResult[] }[];
  readonly counts: Readonly<Record<StatementStatus, number>>;
  readonly ms: number;
}

/** A numbered statement about packets, as docs/aws-semantics.md has it. */
export interface Statement {
  /** `S1` … `S126`; numbers are stable. */
  readonly id: string;
  readonly title: string;
  /** The document's tag for AWS's page, such as `CT`, or `[DECISION]` for a choice of sglab's. */
  readonly source: string;
}

export interface Section {
  /** `8.1` */
  readonly number: string;
  readonly title: string;
  readonly statements: readonly Statement[];
}

export function numberOf(id: string): number {
  return Number(id.slice(1));
}
