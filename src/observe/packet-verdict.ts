/** What became of a single packet, in one sentence and with its cause. */
import { endpointName } from '../cloud/text/endpoint.js';
import { type ProbeQuestion, probeTrafficWords } from '../cloud/text/probe.js';
import type { Cloud } from '../cloud/types.js';
import type { PacketOutcome, TrafficResult } from '../verdict/types.js';
import { whyDropped } from './explain.js';
import { rulesByIndex } from './rules-by-index.js';
import type { Seen } from './sighting.js';

export interface PacketEvidence {
  readonly from: string;
  readonly to: string;
  readonly question: ProbeQuestion;
  readonly outcome: PacketOutcome;
  readonly seen: readonly Seen[];
  /** Bytes behind the IP header that arrived, of how many. */
  readonly bytes: number;
  readonly length: number;
  /** Milliseconds. */
  readonly ms: number;
}

export function packetResult(cloud: Cloud, evidence: PacketEvidence): TrafficResult<PacketOutcome> {
  const { seen, bytes, length, ms } = evidence;
  const drop = seen.find(({ sighting }) => sighting.verdict === 'drop') ?? null;
  const inPart = bytes > 0 && bytes < length;
  const outcome = inPart ? 'unknown' : evidence.outcome;
  const admission = outcome === 'delivered' ? lastAdmission(seen) : null;
  return {
    outcome,
    stage: outcome === 'dropped' ? (drop?.sighting.stage ?? null) : null,
    leg: outcome === 'dropped' ? 'request' : null,
    rule: admission ? (rulesByIndex(cloud).get(admission.sighting.ruleIndex) ?? null) : null,
    explanation: explain(cloud, { ...evidence, outcome }, drop),
    ms,
  };
}

/** Reports of different namespaces arrive in any order: the last one on the packet's way. */
function lastAdmission(seen: readonly Seen[]): Seen | null {
  const passes = seen.filter(({ sighting }) => sighting.verdict === 'pass');
  return passes.find(({ sighting }) => sighting.stage === 'sg-ingress') ?? passes[0] ?? null;
}

function explain(cloud: Cloud, { from, question, outcome, bytes, length }: PacketEvidence, drop: Seen | null): string {
  const to = endpointName(cloud, question.to);
  switch (outcome) {
    case 'delivered':
      return `it arrived at ${to}`;
    case 'dropped':
      return drop === null
        ? 'it was dropped'
        : whyDropped(cloud, { from, question }, drop.sighting, probeTrafficWords(question));
    case 'unknown':
      return bytes > 0
        ? `only ${bytes} of its ${length} bytes arrived at ${to}`
        : `it neither arrived at ${to} nor did any place report it as dropped`;
  }
}
