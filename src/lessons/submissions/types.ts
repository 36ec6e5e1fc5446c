import type { Cloud } from '../../cloud/types.js';
import type { SubmissionRecord } from './record.js';

/** What somebody handed in, as the lab that it makes. */
export interface Submission {
  readonly cloud: Cloud;
  /** Sentences on what of it did not count, and why. */
  readonly notes: readonly string[];
  /** What it says about the work; null where it says nothing. */
  readonly record: SubmissionRecord | null;
}
