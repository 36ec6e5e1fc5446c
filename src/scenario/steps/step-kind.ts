/** The shape of a kind of step, and what several kinds have in common. */
import { z } from 'zod';
import type { Place } from '../../changes/verb.js';
import type { Lab } from '../../lab/lab.js';
import type { Path } from '../../source/tree.js';
import {
  type Leg,
  type ProbeResult,
  STAGES,
  type Stage,
  type StepResult,
  type StepStatus,
  type TrafficResult,
} from '../../verdict/types.js';
import type { Rehearsal } from '../rehearsal.js';

/**
 * A kind of steps `S`, which a file defines as `D` and which are read as `R`. The functions are written as methods so that a kind can stand in a
 * list of any kinds: only a step of its own type ever reaches it.
 */
export interface StepKind<S extends StepBase, D = unknown, R extends StepBase = S> {
  /** The shape of the whole step, by the key that tells it from others. */
  readonly schemas: Readonly<Record<string, z.ZodObject>>;
  /** Reads the step; undefined, and a problem, if it makes no sense. */
  read(place: StepContext, definition: D, key: string): ReadStep<R> | undefined;
  /** Takes the step in a lab, and compares what happened with what was expected. */
  run(live: Lab, step: S, signal?: AbortSignal): Promise<StepOutcome | StepOutcomes>;
}

export interface StepBase {
  readonly type: string;
  /** The file's name for the step, or else a description of what it does. */
  readonly name: string;
  /** The file that has the step; null where it comes from none. */
  readonly file?: string | null;
  /** The line at which the step begins, from 1. */
  readonly line: number;
}

/** The place of a whole step. */
export interface StepContext extends Place {
  readonly file?: string;
  readonly line: number;
  /** The line of a part of the step. */
  readonly lineOf?: (path: Path) => number;
}

export interface ReadStep<S> {
  readonly step: S;
  /** Checks the step against the cloud of its moment, and changes that cloud as the step would. */
  readonly rehearse?: (rehearsal: Rehearsal) => void;
}

/** A kind of step reports this much of its result; the runner adds the rest. */
export type StepOutcome = Pick<StepResult, 'outcome'> &
  Partial<Omit<StepResult, 'status' | 'step' | 'file'>> & { readonly status: StepStatus };

/** One for most steps; one for each probe that was not as expected, and one for the others. */
export type StepOutcomes = readonly [StepOutcome, ...StepOutcome[]];

/** The expected end of traffic; null stands for any. Nobody expects `unknown`. */
export interface Expectation<O extends string> {
  readonly outcome: Exclude<O, 'unknown'>;
  readonly stage: Stage | null;
  readonly leg: Leg | null;
}

export function isAsExpected<O extends string>(
  result: { readonly outcome: O; readonly stage: Stage | null; readonly leg: Leg | null },
  { outcome, stage, leg }: Expectation<O>,
): boolean {
  return (
    result.outcome === outcome && (stage === null || result.stage === stage) && (leg === null || result.leg === leg)
  );
}

export function expectationText({ outcome, stage, leg }: Expectation<string>): string {
  const at = stage === null ? '' : ` at ${stage}`;
  const on = leg === null ? '' : ` on the ${leg}`;
  return `${outcome}${at}${on}`;
}

/** The outcome of traffic that has one result, beside what should have come of it. */
export function trafficOutcome<O extends string>(result: TrafficResult<O>, expect: Expectation<O>): StepOutcome {
  const status = result.outcome === 'unknown' ? 'unknown' : isAsExpected(result, expect) ? 'passed' : 'failed';
  return { ...result, status, expected: expectationText(expect) };
}

/** The rule that let the request through; a reader asks for it although nothing was stopped. */
export function admittingRule({ outcome, path }: ProbeResult): string | null {
  if (outcome !== 'connected' && outcome !== 'refused') return null;
  const admissions = path.filter(({ verdict, rule, leg }) => verdict === 'pass' && rule !== null && leg === 'request');
  return admissions.at(-1)?.rule ?? null;
}

export const nameSchema = z
  .string()
  .optional()
  .describe('For reports. Default: what the step does. Example: `name: the office may log in`');

export const familySchema = z
  .enum(['ipv4', 'ipv6'])
  .optional()
  .describe('Default: what both ends have, IPv4 first. Example: `family: ipv6`');

export const stageSchema = z.enum(STAGES).optional().describe('Where it stops. Example: `at: sg-ingress`');
