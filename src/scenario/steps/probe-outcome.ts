/** What came of a probe, beside what should have come of it. */
import { entryName } from '../../cloud/text/network-acl-text.js';
import type { Cloud } from '../../cloud/types.js';
import type { Outcome, ProbeResult } from '../../verdict/types.js';
import { admittingRule, type Expectation, expectationText, isAsExpected, type StepOutcome } from './step-kind.js';

export interface ProbeExpectation extends Expectation<Outcome> {
  /** Ids or descriptions of rules of which one decides; none: whichever it is. */
  readonly rules: readonly string[];
}

export function probeOutcome(cloud: Cloud, result: ProbeResult, expect: ProbeExpectation): StepOutcome {
  const by = expect.rules.length === 0 ? '' : ` by rule ${expect.rules.join(' or ')}`;
  const isRight = isAsExpected(result, expect) && isDecidedBy(cloud, result, expect.rules);
  return judged(result, isRight, `${expectationText(expect)}${by}`);
}

/** Of a probe that must not arrive. One whose answer alone is stopped has arrived. */
export function stoppedOutcome(result: ProbeResult): StepOutcome {
  const isLost = result.outcome === 'timed-out' || result.outcome === 'unreachable';
  return judged(result, isLost && result.stage !== 'listener' && result.leg !== 'reply', 'stopped on the way');
}

function judged(result: ProbeResult, isRight: boolean, expected: string): StepOutcome {
  const { outcome, stage, leg, explanation, path, ms } = result;
  const found = { outcome, stage, leg, rule: result.rule ?? admittingRule(result), explanation, path, ms, expected };
  if (outcome === 'unknown') return { status: 'unknown', ...found };
  return { status: isRight ? 'passed' : 'failed', ...found };
}

function isDecidedBy(cloud: Cloud, { path }: ProbeResult, words: readonly string[]): boolean {
  return words.length === 0 || path.some(({ rule }) => rule !== null && isOneOf(cloud, rule, words));
}

function isOneOf(cloud: Cloud, ruleId: string, words: readonly string[]): boolean {
  const rules = Object.values(cloud.securityGroups).flatMap((group) => group.rules);
  const description = rules.find(({ id }) => id === ruleId)?.description;
  const names = [ruleId, description, entryName(cloud, ruleId)];
  return words.some((word) => names.includes(word));
}
