import type { Cloud } from '../cloud/types.js';
import type { ImportReport } from '../source/import-report.js';
import type { Step } from './steps.js';

/** A file, read and checked: the cloud to build and what to do in it. */
export interface Scenario {
  readonly name: string;
  readonly description: string | null;
  readonly cloud: Cloud;
  readonly steps: readonly Step[];
  /** Lines of the file, from 1, by the ids of what they define: VPCs, security groups and their rules. */
  readonly lines: Readonly<Record<string, number>>;
  /** The report on what was left out and made up when another program's file was read; null for sglab's own files. */
  readonly imported: ImportReport | null;
}
