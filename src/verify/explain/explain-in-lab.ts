/** `sglab explain`: one probe in a running lab, with the counters and connections of its cards before and after. */
import pMap from 'p-map';
import { hasPorts, isIcmp } from '../../cloud/protocol.js';
import { type ProbeQuestion, type ProbeSpec, probeTrafficText, resolveProbe } from '../../cloud/text/probe.js';
import type { Cloud } from '../../cloud/types.js';
import type { Lab } from '../../lab/lab.js';
import { connectionsOf } from '../../observe/connections.js';
import type { PacketReport } from '../../observe/packet-report.js';
import { rulesInForce } from '../../observe/rules-in-force.js';
import { ModelOpinion } from '../model-opinion.js';
import { type CardStates, isAlreadyTracked, kernelEvidence } from './evidence.js';
import { explainProbe } from './explain.js';
import type { Explanation } from './types.js';

/** Reading the state of one card takes a few processes. */
const CONCURRENCY = 4;

export interface ExplainOptions {
  readonly signal?: AbortSignal;
  /** Changes that are not to be proposed. */
  readonly ruledOut?: readonly string[];
}

/** @throws CloudError for a name that means nothing */
export async function explainInLab(
  live: Lab,
  spec: ProbeSpec,
  { signal, ruledOut = [] }: ExplainOptions = {},
): Promise<Explanation> {
  const { cloud } = live;
  const question = resolveProbe(cloud, spec);
  const expected = expectedCards(cloud, spec, question);
  const before = await readCardStates(cloud, expected);
  const reports: PacketReport[] = [];
  const unlisten = live.traffic.onReport(
    (report) => reports.push(report),
    () => {},
  );
  try {
    const kernel = await live.traffic.probe(spec, signal);
    const reported = kernel.path.flatMap(({ interface: id }) => id ?? []);
    // Meanwhile the reports of machines in the middle come in, for which the answer did not wait.
    const after = await readCardStates(cloud, [...new Set([...expected, ...reported])]);
    const { from, to } = spec;
    const asked = { cloud, from, to, spec, question, kernel, ruledOut, doubt: doubtAbout(question, before) };
    return explainProbe({ ...asked, evidence: kernelEvidence(asked, before, after, reports) });
  } finally {
    unlisten();
  }
}

/** The cards of both ends, and of every instance that forwards the packets according to the model. */
function expectedCards(cloud: Cloud, spec: ProbeSpec, { from, to }: ProbeQuestion): string[] {
  const ends = [from, to].flatMap((end) => (end.kind === 'interface' ? end.interfaceId : []));
  const { request, reply } = new ModelOpinion(cloud).verdictOf(spec);
  return [...new Set([...ends, ...[...request, ...reply].flatMap((hop) => hop.interface ?? [])])];
}

async function readCardStates(cloud: Cloud, interfaceIds: readonly string[]): Promise<CardStates> {
  const states = await pMap(
    interfaceIds,
    async (id) => {
      const [{ rules }, { connections }] = await Promise.all([rulesInForce(cloud, id), connectionsOf(cloud, id)]);
      return [id, { packets: new Map(rules.map((rule) => [rule.id, rule.packets])), connections }] as const;
    },
    { concurrency: CONCURRENCY },
  );
  return new Map(states);
}

/** Without ports or identifiers a probe may belong to an earlier flow. */
function doubtAbout(question: ProbeQuestion, before: CardStates): string | null {
  if (hasPorts(question.protocol) || isIcmp(question.protocol) || !isAlreadyTracked(question, before)) return null;
  return `an earlier flow of ${probeTrafficText(question)} between the two is still tracked, and the model starts without tracked flows`;
}
