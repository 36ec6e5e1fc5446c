/** `open`, `flow` and `end`: long-lived flows, which a later change may or may not interrupt. */
import { z } from 'zod';
import { probeText as probeShape } from '../../changes/text-shapes.js';
import { type ProbeSpec, parseProbe, probeText } from '../../cloud/text/probe.js';
import { FLOW_OUTCOMES, FLOW_SENDS, type FlowOutcome, type FlowSend, LEGS } from '../../verdict/types.js';
import {
  admittingRule,
  type Expectation,
  familySchema,
  nameSchema,
  type StepBase,
  type StepKind,
  stageSchema,
  trafficOutcome,
} from './step-kind.js';

export interface OpenStep extends StepBase {
  readonly type: 'open';
  readonly flow: string;
  readonly probe: ProbeSpec;
  /** `client`: the first packet gets no answer. */
  readonly send: 'client' | 'both';
}

/** One more exchange on an open flow. */
export interface FlowStep extends StepBase {
  readonly type: 'flow';
  readonly flow: string;
  readonly send: FlowSend;
  readonly expect: Expectation<FlowOutcome>;
}

interface EndStep extends StepBase {
  readonly type: 'end';
  readonly flow: string;
}

const openSchema = z.strictObject({
  name: nameSchema,
  open: z
    .strictObject({
      flow: z.string().describe('The name that later steps use for it. Example: `flow: ssh`'),
      probe: probeShape.describe('Its ends, as in a probe. Example: `probe: office -> web-1 tcp/22`'),
      send: z
        .enum(['client', 'both'])
        .optional()
        .describe('client: the first packet gets no answer (not for TCP). Default both. Example: `send: client`'),
      family: familySchema,
    })
    .describe(
      'Opens a long-lived TCP, UDP, ping or other flow to a server of `listen`. Example: `open: { flow: ssh, probe: office -> web-1 tcp/22 }`',
    ),
});

/** The step fails with the cause unless the flow opens. */
export const open: StepKind<OpenStep, z.infer<typeof openSchema>> = {
  schemas: { open: openSchema },
  read({ problems, path, line }, { open: { flow: name, probe, send = 'both', family = null } }) {
    const spec = problems.attempt([...path, 'open', 'probe'], () => parseProbe(probe, family));
    if (spec === undefined) return undefined;
    if (send === 'client' && spec.protocol === 'tcp') {
      const message = 'a TCP flow begins with a handshake, which the server answers';
      problems.add([...path, 'open', 'send'], { message, hint: 'Leave `send` out.' });
    }
    return {
      step: { type: 'open', name: `open ${name}: ${probeText(spec)}`, line, flow: name, probe: spec, send },
      rehearse(rehearsal) {
        rehearsal.flows.open([...path, 'open', 'flow'], name);
        if (rehearsal.hasEnds(spec)) rehearsal.checkProbe([...path, 'open', 'probe'], spec);
      },
    };
  },
  async run(live, { flow: name, probe, send }) {
    const result = await live.traffic.openFlow(name, probe, send);
    const { outcome, stage, leg, explanation, ms } = result;
    return {
      status: outcome === 'connected' ? 'passed' : outcome === 'unknown' ? 'unknown' : 'failed',
      outcome,
      stage,
      leg,
      rule: result.rule ?? admittingRule(result),
      explanation,
      ms,
      expected: 'connected',
    };
  },
};

const flowSchema = z.strictObject({
  name: nameSchema,
  flow: z.string().describe('The name of an open flow: one more exchange on it. Example: `flow: ssh`'),
  send: z
    .enum(FLOW_SENDS)
    .optional()
    .describe(
      'client or server: one message, which must arrive; both (default): a request and its answer. Example: `send: server`',
    ),
  expect: z
    .enum(FLOW_OUTCOMES)
    .exclude(['unknown'])
    .describe('goes-on, stalls, or reset when the other side knows no such flow. Example: `expect: stalls`'),
  at: stageSchema,
  leg: z
    .enum(LEGS)
    .optional()
    .describe('On which leg it stops; what the server sends is the reply. Example: `leg: reply`'),
});

export const flow: StepKind<FlowStep, z.infer<typeof flowSchema>> = {
  schemas: { flow: flowSchema },
  read({ problems, path, line }, { flow: name, send = 'both', expect, at = null, leg = null }) {
    if (expect !== 'stalls' && (at ?? leg) !== null) {
      const key = at === null ? 'leg' : 'at';
      const message = 'only a flow that stalls stops somewhere';
      problems.add([...path, key], { message, hint: `Leave \`${key}\` out.` });
    }
    const text = send === 'both' ? `flow ${name}` : `flow ${name}: the ${send} sends`;
    return {
      step: { type: 'flow', name: text, line, flow: name, send, expect: { outcome: expect, stage: at, leg } },
      rehearse: ({ flows }) => flows.use([...path, 'flow'], name),
    };
  },
  run: async (live, { flow: name, send, expect }) =>
    trafficOutcome(await live.traffic.flows.exchange(name, send), expect),
};

const endSchema = z.strictObject({
  name: nameSchema,
  end: z.string().describe('Ends an open flow; TCP with a FIN. Example: `end: ssh`'),
});

export const end: StepKind<EndStep, z.infer<typeof endSchema>> = {
  schemas: { end: endSchema },
  read: ({ path, line }, { end: name }) => ({
    step: { type: 'end', name: `end ${name}`, line, flow: name },
    rehearse: ({ flows }) => flows.end([...path, 'end'], name),
  }),
  async run(live, { flow: name }) {
    await live.traffic.flows.end(name);
    return { status: 'passed', outcome: 'ended' };
  },
};
