import { protocolNumber } from '../cloud/protocol.js';
import type { ProbeQuestion } from '../cloud/text/probe.js';
import type { Cloud } from '../cloud/types.js';
import type { Outcome, PathEntry } from '../verdict/types.js';
import { addressesSeen } from './addresses-seen.js';
import { type Connection, connectionsOf } from './connections.js';
import { PROTOCOL } from './packet.js';
import { staysInside } from './stays-inside.js';
import type { Answer, Evidence } from './verdict.js';

const WITH_IDENTITY: ReadonlySet<number> = new Set(Object.values(PROTOCOL));

/** The request came through, or it is known where it did not. */
const ARRIVED: ReadonlySet<Outcome> = new Set(['connected', 'refused', 'timed-out']);

/**
 * The cards that let a request pass as part of a connection which they track (aws-semantics 4.2), with the rule that admitted
 * it: the kernel reports first packets only, but the connection's mark holds the rule. It can be so where a flow has
 * neither ports nor an identifier: then a repeated question is the same flow.
 */
export async function trackedAdmissions(cloud: Cloud, evidence: Evidence, { outcome }: Answer): Promise<PathEntry[]> {
  const { question, seen } = evidence;
  const reports = seen.filter(({ leg }) => leg === 'request').map(({ sighting }) => sighting);
  const stopped = reports.some(({ verdict }) => verdict === 'drop');
  const fresh = WITH_IDENTITY.has(protocolNumber(question.protocol));
  if (fresh || stopped || !ARRIVED.has(outcome) || staysInside(cloud, question)) return [];
  const reported = new Set(reports.map(({ interfaceId }) => interfaceId));
  const ends = [
    { end: question.from, stage: 'sg-egress' },
    { end: question.to, stage: 'sg-ingress' },
  ] as const;
  const entries = ends.map(async ({ end, stage }): Promise<PathEntry[]> => {
    if (end.kind === 'external' || reported.has(end.interfaceId)) return [];
    const { connections } = await connectionsOf(cloud, end.interfaceId);
    const connection = connections.find((each) => isOf(cloud, question, each));
    if (connection === undefined) return [];
    const { rule } = connection;
    return [{ stage, leg: 'request', verdict: 'pass', rule, interface: end.interfaceId }];
  });
  return (await Promise.all(entries)).flat();
}

/** Either end may have begun it. */
function isOf(
  cloud: Cloud,
  question: ProbeQuestion,
  { protocolNumber: protocol, tracked, original }: Connection,
): boolean {
  const sources = addressesSeen(cloud, question.from, question.sourceAddress);
  const destinations = addressesSeen(cloud, question.to, question.destinationAddress);
  const { source, destination } = original;
  const isBetween =
    (sources.includes(source) && destinations.includes(destination)) ||
    (sources.includes(destination) && destinations.includes(source));
  return tracked && protocol === protocolNumber(question.protocol) && isBetween;
}
