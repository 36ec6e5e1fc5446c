/** `probe` sends packets from one machine to another and compares what happened with what was expected. */
import { z } from 'zod';
import { listOf } from '../../changes/read-parts.js';
import { oneOrMany } from '../../changes/schema-parts.js';
import { probesText } from '../../changes/text-shapes.js';
import { type ProbeSpec, probeText } from '../../cloud/text/probe.js';
import { singleProbe } from '../../cloud/text/probe-pattern.js';
import { LEGS, OUTCOMES } from '../../verdict/types.js';
import { type MatrixStep, probesStep, readPatterns } from './matrix.js';
import { type ProbeExpectation, probeOutcome } from './probe-outcome.js';
import { familySchema, nameSchema, type StepBase, type StepKind, stageSchema } from './step-kind.js';

export interface ProbeStep extends StepBase {
  readonly type: 'probe';
  readonly probe: ProbeSpec;
  readonly expect: ProbeExpectation;
}

const schema = z.strictObject({
  name: nameSchema,
  probe: oneOrMany(probesText).describe(
    'FROM -> TO WHAT; WHAT is tcp/PORT, udp/PORT, icmp, icmp/TYPE/CODE, icmpv6 or a protocol number. Each may be a list with commas, names may have `*`: `web-* -> db-1, db-2 tcp/22,5432`. Example: `probe: office -> web-1 tcp/22`',
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

export const probe: StepKind<ProbeStep, z.infer<typeof schema>, ProbeStep | MatrixStep> = {
  schemas: { probe: schema },
  read(place, { probe: texts, expect: outcome, at, leg, rule, family = null }) {
    const { problems, path, line } = place;
    const patterns = readPatterns(place, [...path, 'probe'], texts, family);
    const expect = { outcome, stage: at ?? null, leg: leg ?? null, rules: listOf(rule) };
    if (outcome === 'connected' && (at ?? leg) !== undefined) {
      const key = at === undefined ? 'leg' : 'at';
      problems.add([...path, key], { message: 'a connected probe stops nowhere', hint: `Leave \`${key}\` out.` });
    }
    const [first, ...more] = patterns;
    if (first === undefined) return undefined;
    const spec = more.length === 0 ? singleProbe(first.pattern) : null;
    if (spec === null) return probesStep({ patterns, expect, path, line });
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
    return probeOutcome(live.cloud, await live.traffic.probe(spec), expect);
  },
};
