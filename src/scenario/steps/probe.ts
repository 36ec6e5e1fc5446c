/** `probe` sends packets from one machine to another and compares what happened with what was expected. */
import { z } from 'zod';
import { listOf } from '../../changes/read-parts.js';
import { oneOrMany } from '../../changes/schema-parts.js';
import { entryName } from '../../cloud/text/network-acl-text.js';
import { type ProbeSpec, parseProbe, probeText } from '../../cloud/text/probe.js';
import type { Cloud } from '../../cloud/types.js';
import { LEGS, OUTCOMES, type Outcome, type ProbeResult } from '../../verdict/types.js';
import {
  admittingRule,
  type Expectation,
  expectationText,
  familySchema,
  isAsExpected,
  nameSchema,
  type StepBase,
  type StepKind,
  stageSchema,
} from './step-kind.js';

export interface ProbeStep extends StepBase {
  readonly type: 'probe';
  readonly probe: ProbeSpec;
  readonly expect: ProbeExpectation;
}

export interface ProbeExpectation extends Expectation<Outcome> {
  /** Ids or descriptions of rules of which one decides; none: whichever it is. */
  readonly rules: readonly string[];
}

const schema = z.strictObject({
  name: nameSchema,
  probe: z
    .string()
    .describe(
      'FROM -> TO WHAT; WHAT is tcp/PORT, udp/PORT, icmp, icmp/TYPE/CODE, icmpv6 or a protocol number. Example: `probe: office -> web-1 tcp/22`',
    ),
  expect: z.enum(OUTCOMES).exclude(['unknown']).describe('What the client observes. Example: `expect: timed-out`'),
  at: stageSchema,
  leg: z.enum(LEGS).optional().describe('On which leg it stops. Example: `leg: request`'),
  rule: oneOrMany(z.string())
    .optional()
    .describe(
      'Id or description of the rule that decides, or of several: one of them. Example: `rule: HTTPS from anywhere`',
    ),
  family: familySchema,
});

export const probe: StepKind<ProbeStep, z.infer<typeof schema>> = {
  schemas: { probe: schema },
  read({ problems, path, line }, { probe: text, expect: outcome, at, leg, rule, family = null }) {
    const spec = problems.attempt([...path, 'probe'], () => parseProbe(text, family));
    const expect = { outcome, stage: at ?? null, leg: leg ?? null, rules: listOf(rule) };
    if (outcome === 'connected' && (at ?? leg) !== undefined) {
      const key = at === undefined ? 'leg' : 'at';
      problems.add([...path, key], { message: 'a connected probe stops nowhere', hint: `Leave \`${key}\` out.` });
    }
    if (spec === undefined) return undefined;
    return {
      step: { type: 'probe', name: probeText(spec), line, probe: spec, expect },
      rehearse(rehearsal) {
        if (!rehearsal.hasEnds(spec)) return;
        rehearsal.checkProbe([...path, 'probe'], spec);
        for (const word of expect.rules) rehearsal.checkRule([...path, 'rule'], word);
      },
    };
  },
  async run(live, { probe: spec, expect }) {
    const result = await live.traffic.probe(spec);
    const { outcome, stage, leg, explanation, path, ms } = result;
    const rule = result.rule ?? admittingRule(result);
    const by = expect.rules.length === 0 ? '' : ` by rule ${expect.rules.join(' or ')}`;
    const found = { outcome, stage, leg, rule, explanation, path, ms, expected: `${expectationText(expect)}${by}` };
    if (outcome === 'unknown') return { status: 'unknown', ...found };
    const isRight = isAsExpected(result, expect) && isDecidedBy(live.cloud, result, expect.rules);
    return { status: isRight ? 'passed' : 'failed', ...found };
  },
};

function isDecidedBy(cloud: Cloud, { path }: ProbeResult, words: readonly string[]): boolean {
  return words.length === 0 || path.some(({ rule }) => rule !== null && isOneOf(cloud, rule, words));
}

function isOneOf(cloud: Cloud, ruleId: string, words: readonly string[]): boolean {
  const rules = Object.values(cloud.securityGroups).flatMap((group) => group.rules);
  const description = rules.find(({ id }) => id === ruleId)?.description;
  const names = [ruleId, description, entryName(cloud, ruleId)];
  return words.some((word) => names.includes(word));
}
