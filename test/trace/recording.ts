/** The file by which an instrumented process reports its entries to the tracer. */

/** The environment variable that names the directory of these files. */
export const RECORDINGS_VARIABLE = 'SGLAB_TRACE_RECORDINGS';

export interface Recording {
  readonly pid: number;
  /** A process that answers requests makes a recording of each; any other makes one of itself. */
  readonly of: 'request' | 'process';
  /** When it began, in milliseconds of Date.now(). */
  readonly begun: number;
  /** The file of each function that was entered. */
  readonly entries: readonly string[];
}
