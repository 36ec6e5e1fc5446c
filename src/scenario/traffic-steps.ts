/** Steps about long-lived flows and single packets. */

import type { LiveLab } from '../lab/live-lab.js';
import type { TrafficResult } from '../verdict/types.js';
import { admittingRule, type StepOutcome } from './step-outcome.js';
import type { EndStep, FlowStep, OpenStep, PacketStep, TrafficExpectation } from './types.js';

/** The step fails with the cause unless the flow opens. */
export async function runOpen(live: LiveLab, { flow, probe, send }: OpenStep): Promise<StepOutcome> {
  const result = await live.openFlow(flow, probe, send);
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
}

export async function runFlow(live: LiveLab, { flow, send, expect }: FlowStep): Promise<StepOutcome> {
  return compared(await live.flows.exchange(flow, send), expect);
}

export async function runEnd(live: LiveLab, { flow }: EndStep): Promise<StepOutcome> {
  await live.flows.end(flow);
  return { status: 'passed', outcome: 'ended' };
}

export async function runPacket(live: LiveLab, { packet, expect }: PacketStep): Promise<StepOutcome> {
  return compared(await live.packets.send(packet), expect);
}

/** What happened beside what should have. */
export function compared<O extends string>(result: TrafficResult<O>, expect: TrafficExpectation<O>): StepOutcome {
  const { outcome, stage, leg } = expect;
  const asExpected =
    result.outcome === outcome && (stage === null || result.stage === stage) && (leg === null || result.leg === leg);
  const at = stage === null ? '' : ` at ${stage}`;
  const on = leg === null ? '' : ` on the ${leg}`;
  const status = result.outcome === 'unknown' ? 'unknown' : asExpected ? 'passed' : 'failed';
  return { ...result, status, expected: `${outcome}${at}${on}` };
}
