/** One sentence for people about what happened to a probe. */
import { type ProbeQuestion, probeTrafficWords } from '../cloud/probe.js';
import type { Seen } from './sighting.js';
import type { ProbeResult, Stage } from './types.js';

export interface ToExplain extends Omit<ProbeResult, 'explanation'> {
  readonly question: ProbeQuestion;
  readonly drop: Seen | null;
  readonly reason: string | null;
}

export function explain(result: ToExplain): string {
  const traffic = probeTrafficWords(result.question);
  switch (result.outcome) {
    case 'connected':
      return result.protocol === 'tcp' ? `${result.to} accepted the connection` : `${result.to} answered`;
    case 'refused':
      return `${letIn(result)}; nothing listens on ${traffic}`;
    case 'unreachable':
      return `an ICMP error said that ${result.to} cannot be reached`;
    case 'timed-out':
      return result.drop ? dropped(result, result.drop, traffic) : `${letIn(result)}; it did not answer ${traffic}`;
    case 'unknown':
      return result.reason ?? 'the outcome could not be observed';
  }
}

function letIn({ to, question }: ToExplain): string {
  return question.to.kind === 'interface' ? `${to}'s security groups let it in` : `it reached ${to}`;
}

const ROUTE_CAUSES: Readonly<Record<string, (result: ToExplain) => string>> = {
  'no-route': ({ question }) => `there is no route to ${question.destinationAddress}`,
  'no-public-address': ({ from }) => `${from} has no public address, and the internet gateway translates no other`,
  'no-interface': ({ question }) => `no interface of the VPC has the address ${question.destinationAddress}`,
};

function dropped(result: ToExplain, { sighting, leg, error }: Seen, traffic: string): string {
  if (error) {
    return `nothing listens on ${traffic} of ${result.to}, but the ICMP error that says so was dropped: ${REASONS[sighting.stage](result)}`;
  }
  const cause = sighting.cause === null ? undefined : ROUTE_CAUSES[sighting.cause];
  const reason = cause ? cause(result) : REASONS[sighting.stage](result);
  return leg === 'reply' ? `the reply was dropped: ${reason}` : reason;
}

/** Why nothing let a packet pass, by the stage where it stopped; a reply meets the other machine's stages. */
const REASONS: Readonly<Record<Stage, (result: ToExplain) => string>> = {
  'sg-egress': (result) =>
    `no egress rule of ${result.leg === 'reply' ? result.to : result.from}'s security groups allows it`,
  'sg-ingress': (result) =>
    `no ingress rule of ${result.leg === 'reply' ? result.from : result.to}'s security groups allows it`,
  'source-dest-check': () => 'the packet is neither from nor to the interface that it passes',
  'nacl-outbound': () => "an outbound entry of the subnet's network ACL denies it",
  'nacl-inbound': () => "an inbound entry of the subnet's network ACL denies it",
  route: ({ question }) => `there is no route to ${question.destinationAddress}`,
  listener: ({ to }) => `${to} did not answer`,
};
