import type { ProblemList } from '../source/problems.js';
import type { Path } from '../source/tree.js';
import type { PlacedRule } from './read-rules.js';
import type { Verb } from './schema-walk.js';
import type { Step } from './types.js';

/** A step with the places of what can only be checked against the cloud. */
export interface ReadStep {
  readonly step: Step;
  readonly verb: Verb;
  /** The rules of `authorize` and `revoke`. */
  readonly rules: readonly PlacedRule[];
}

/** Where a step stands. */
export interface StepPlace {
  readonly problems: ProblemList;
  readonly path: Path;
  readonly line: number;
}
