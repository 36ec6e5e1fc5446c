/** What became of an exchange on a flow, in one sentence and with its cause. */
import type { ProbeQuestion } from '../cloud/text/probe.js';
import { probeTrafficWords } from '../cloud/text/probe.js';
import type { Cloud } from '../cloud/types.js';
import type { FlowOutcome, FlowSend, TrafficResult } from '../verdict/types.js';
import { deniedBy } from './denied-by.js';
import { whyDropped } from './explain.js';
import type { Seen } from './sighting.js';

export interface FlowToExplain {
  readonly name: string;
  readonly from: string;
  readonly to: string;
  readonly question: ProbeQuestion;
  /** Network interfaces that let its first packet pass as part of an untracked flow. */
  readonly untracked: readonly (string | null)[];
}

export interface FlowEvidence {
  readonly outcome: FlowOutcome;
  readonly drop: Seen | null;
  readonly reason: string | null;
  readonly send: FlowSend;
  /** Milliseconds. */
  readonly ms: number;
}

export function flowResult(cloud: Cloud, flow: FlowToExplain, evidence: FlowEvidence): TrafficResult<FlowOutcome> {
  const { outcome, drop, ms } = evidence;
  return {
    outcome,
    stage: drop?.sighting.stage ?? null,
    leg: drop?.leg ?? null,
    rule: drop && deniedBy(cloud, drop.sighting),
    explanation: explainFlow(cloud, flow, evidence),
    ms,
  };
}

function explainFlow(cloud: Cloud, flow: FlowToExplain, { outcome, drop, reason, send }: FlowEvidence): string {
  const { name, from, to } = flow;
  switch (outcome) {
    case 'goes-on':
      return `the flow ${name} goes on: ${arrived(send, from, to)}`;
    case 'stalls':
      return drop === null ? `the flow ${name} stalled` : `the flow ${name} stalled: ${why(cloud, flow, drop)}`;
    case 'reset':
      return `the flow ${name} is over: ${from} was told that there is no such connection (${reason})`;
    case 'unknown':
      return `nobody knows of the flow ${name}: ${reason}`;
  }
}

function arrived(send: FlowSend, from: string, to: string): string {
  if (send === 'both') return `${to} answered ${from}`;
  return send === 'client' ? `what ${from} sent arrived at ${to}` : `what ${to} sent arrived at ${from}`;
}

function why(cloud: Cloud, flow: FlowToExplain, { sighting, leg }: Seen): string {
  const reason = whyDropped(cloud, flow, sighting, probeTrafficWords(flow.question));
  const onTheWay = leg === 'reply' ? `on the way back ${reason}` : reason;
  const byGroup = sighting.stage === 'sg-egress' || sighting.stage === 'sg-ingress';
  const untracked = flow.untracked.includes(sighting.interfaceId) ? '; it is untracked' : '';
  return byGroup ? `${onTheWay} any more${untracked}` : onTheWay;
}
