/** Makes the result of a probe, of an exchange on a flow, or of a single packet from what the kernel reported. */
import { byId, interfaceName } from '../cloud/lookup.js';
import { PROTOCOL, protocolNumber } from '../cloud/protocol.js';
import { endpointName } from '../cloud/text/endpoint.js';
import { type ProbeQuestion, probeTrafficText } from '../cloud/text/probe.js';
import type { Cloud } from '../cloud/types.js';
import { explanationCode } from '../verdict/explanation-code.js';
import { icmpText } from '../verdict/phrases.js';
import { dropReason } from '../verdict/reason.js';
import {
  exchangeText,
  type ProbeDrop,
  packetText,
  probeText,
  type ToldDrop,
  type ToldProbe,
} from '../verdict/sentence.js';
import {
  type FlowOutcome,
  type FlowSend,
  type Hop,
  type Outcome,
  type PacketOutcome,
  type ProbeResult,
  STAGES,
  type Stopped,
  type TrafficResult,
} from '../verdict/types.js';
import { addressesOnPath } from './address-aliases.js';
import { type Connection, connectionsOf } from './connections.js';
import type { WatchedFlow } from './observer.js';
import { isSelfAddressed } from './self-addressed.js';
import { ruleOf, type Seen } from './sighting.js';
import { type UntakenAnswer, untakenAnswer } from './untaken-answer.js';

/** The two ends in the words of the user. */
export interface EndNames {
  readonly from: string;
  readonly to: string;
}

/** The reports about a probe that is over. */
export interface Evidence {
  readonly question: ProbeQuestion;
  /** As connection tracking knows it. */
  readonly flow: WatchedFlow;
  readonly seen: readonly Seen[];
  readonly ms: number;
}

/** The outcome that the client observed; `reason` where the outcome alone does not say why. */
export interface Answer {
  readonly outcome: Outcome;
  readonly reason: string | null;
  /** Nothing at all was heard until the time was over. */
  readonly isSilence: boolean;
}

export async function probeResult(
  cloud: Cloud,
  { from, to }: EndNames,
  evidence: Evidence,
  heard: Answer,
): Promise<ProbeResult> {
  const { question, seen, ms } = evidence;
  const untaken = heard.isSilence ? await untakenAnswer(cloud, question, evidence.flow) : null;
  const answer = untaken === null ? heard : silentClient(heard, untaken, to);
  const { outcome, reason } = answer;
  const drop = outcome === 'timed-out' ? (seen.find(({ verdict }) => verdict === 'drop') ?? null) : null;
  const path = await pathOf(cloud, evidence, answer);
  const { protocol, port } = question;
  const told: ToldProbe = {
    ...{ from, to, protocol, outcome, untaken, note: reason, target: targetOf(cloud, question) },
    traffic: probeTrafficText(question),
    drop: drop && probeDrop(cloud, from, { question, path }, drop),
  };
  return {
    ...{ from, to, protocol, port, outcome },
    ...(drop ? { stage: drop.stage, leg: drop.leg } : stoppedAtListener(answer, untaken)),
    rule: drop?.rule ?? null,
    explanationCode: drop && explanationCode(dropReason(cloud, drop, from)),
    path,
    ms: Math.round(ms * 1000) / 1000,
    explanation: probeText(told),
  };
}

/** The machine itself refused, or did not answer although its card let the packet in; or the client did not take the answer. */
function stoppedAtListener({ outcome, isSilence }: Answer, untaken: UntakenAnswer | null): Stopped {
  const isStopped = outcome === 'refused' || (outcome === 'timed-out' && isSilence);
  if (!isStopped) return { stage: null, leg: null };
  return { stage: 'listener', leg: untaken === null ? 'request' : 'reply' };
}

/** The server did answer: the client has nothing of it, and its time is over. */
function silentClient(heard: Answer, untaken: UntakenAnswer, to: string): Answer {
  if (untaken !== 'lost') return { ...heard, outcome: 'timed-out', reason: null };
  const reason = `the answer left ${to}, and did not come to the client; no place reported it as dropped`;
  return { ...heard, outcome: 'unknown', reason };
}

function targetOf(cloud: Cloud, question: ProbeQuestion): ToldProbe['target'] {
  if (isSelfAddressed(cloud, question)) return 'self';
  return question.to.kind === 'interface' ? 'interface' : 'host';
}

function probeDrop(
  cloud: Cloud,
  from: string,
  { question, path }: { readonly question: ProbeQuestion; readonly path: readonly Hop[] },
  drop: Seen,
): ProbeDrop {
  // Behind a balancer a packet is for another port than the client's question.
  const isAsked = question.port === null || drop.error || drop.leg === 'reply';
  const port = isAsked ? question.port : drop.packet.destinationPort;
  return {
    ...toldDrop(cloud, from, { ...question, port }, drop),
    isError: drop.error,
    forwarder: forwarderOf(cloud, question, path),
    balancer: balancerOf(cloud, question, drop),
  };
}

function toldDrop(cloud: Cloud, from: string, question: ProbeQuestion, drop: Seen): ToldDrop {
  const { stage, leg } = drop;
  return { stage, leg, reason: dropReason(cloud, drop, from), traffic: probeTrafficText(question) };
}

/** The interface of a middlebox that the request passed. */
function forwarderOf(cloud: Cloud, { from, to }: ProbeQuestion, path: readonly Hop[]): string | null {
  const ends = [from, to].map((end) => (end.kind === 'interface' ? end.interfaceId : null));
  const hop = path.find((each) => each.leg === 'request' && each.verdict === 'pass' && !ends.includes(each.interface));
  return hop === undefined || hop.interface === null ? null : interfaceName(cloud, hop.interface);
}

/** The balancer that was asked, where it keeps the client's address and the drop is behind it. */
function balancerOf(cloud: Cloud, { to }: ProbeQuestion, drop: Seen): string | null {
  if (to.kind === 'external' || drop.interface === null || drop.interface === to.interfaceId) return null;
  const { kind, name, forwarding } = byId(cloud.instances, byId(cloud.networkInterfaces, to.interfaceId).instanceId);
  return kind === 'network-load-balancer' && forwarding?.preserveClientIp ? name : null;
}

/** Reports of different namespaces arrive in any order: the path puts them into the packet's. */
async function pathOf(cloud: Cloud, evidence: Evidence, answer: Answer): Promise<Hop[]> {
  // Replies pass unreported; of a protocol without ports they look like first packets, and may be reported in time or not.
  const told = evidence.seen.filter(({ leg, verdict }) => leg === 'request' || verdict === 'drop');
  const reported = told.map((seen): Hop => {
    const { stage, leg, verdict } = seen;
    return { stage, leg, verdict, rule: ruleOf(cloud, seen), interface: seen.interface };
  });
  const tracked = await trackedHops(cloud, evidence, answer);
  const refused = answer.outcome === 'refused' ? [listenerHop('refuse')] : [];
  const answered = answer.outcome === 'connected' ? [listenerHop('pass')] : [];
  return [...reported, ...tracked, ...refused, ...answered].sort(inPathOrder);
}

function listenerHop(verdict: 'pass' | 'refuse'): Hop {
  return { stage: 'listener', leg: 'request', verdict, rule: null, interface: null };
}

function inPathOrder(a: Hop, b: Hop): number {
  if (a.leg !== b.leg) return a.leg === 'request' ? -1 : 1;
  return STAGES.indexOf(a.stage) - STAGES.indexOf(b.stage);
}

/** Protocols whose flows have ports or an identifier, so that each probe is a flow of its own. */
const WITH_IDENTITY: ReadonlySet<number> = new Set(Object.values(PROTOCOL));

/** The request came through, or it is known where it did not. */
const ARRIVED: ReadonlySet<Outcome> = new Set(['connected', 'refused', 'timed-out']);

/**
 * The cards that let a request pass as part of a connection which they track (aws-semantics 4.2), with the rule that admitted
 * it: the kernel reports first packets only, but the connection's mark holds the rule. It can be so where a flow has
 * neither ports nor an identifier: then a repeated question is the same flow.
 */
async function trackedHops(cloud: Cloud, { question, seen }: Evidence, { outcome }: Answer): Promise<Hop[]> {
  const reports = seen.filter(({ leg }) => leg === 'request');
  const isStopped = reports.some(({ verdict }) => verdict === 'drop');
  const isNew = WITH_IDENTITY.has(protocolNumber(question.protocol));
  if (isNew || isStopped || !ARRIVED.has(outcome) || isSelfAddressed(cloud, question)) return [];
  const reported = new Set(reports.map((each) => each.interface));
  const ends = [
    { end: question.from, stage: 'sg-egress' },
    { end: question.to, stage: 'sg-ingress' },
  ] as const;
  const hops = ends.map(async ({ end, stage }): Promise<Hop[]> => {
    if (end.kind === 'external' || reported.has(end.interfaceId)) return [];
    const { connections } = await connectionsOf(cloud, end.interfaceId);
    const connection = connections.find((each) => isOf(cloud, question, each));
    if (connection === undefined) return [];
    const { rule } = connection;
    return [{ stage, leg: 'request', verdict: 'pass', rule, interface: end.interfaceId }];
  });
  return (await Promise.all(hops)).flat();
}

/** Either end may have begun the connection. */
function isOf(cloud: Cloud, question: ProbeQuestion, connection: Connection): boolean {
  const { protocolNumber: protocol, tracked, original } = connection;
  const sources = addressesOnPath(cloud, question.from, question.sourceAddress);
  const destinations = addressesOnPath(cloud, question.to, question.destinationAddress);
  const { source, destination } = original;
  const isBetween =
    (sources.includes(source) && destinations.includes(destination)) ||
    (sources.includes(destination) && destinations.includes(source));
  return tracked && protocol === protocolNumber(question.protocol) && isBetween;
}

export interface NamedFlow extends EndNames {
  readonly name: string;
  readonly question: ProbeQuestion;
  /** Network interfaces that let its first packet pass as part of an untracked flow. */
  readonly untracked: readonly (string | null)[];
}

export interface ExchangeEvidence {
  readonly outcome: FlowOutcome;
  /** The packet that was dropped, where one was. */
  readonly drop: Seen | null;
  /** Why, where the outcome alone does not say it. */
  readonly reason: string | null;
  readonly send: FlowSend;
  /** Milliseconds. */
  readonly ms: number;
}

export function exchangeResult(cloud: Cloud, flow: NamedFlow, evidence: ExchangeEvidence): TrafficResult<FlowOutcome> {
  const { name, from, to, question, untracked } = flow;
  const { outcome, drop, reason, send, ms } = evidence;
  const told = drop && {
    ...toldDrop(cloud, from, question, drop),
    isUntracked: untracked.includes(drop.interface),
  };
  return {
    outcome,
    stage: drop?.stage ?? null,
    leg: drop?.leg ?? null,
    rule: drop?.rule ?? null,
    explanation: exchangeText({ name, from, to, outcome, send, note: reason, drop: told }),
    ms,
  };
}

export interface PacketEvidence {
  readonly from: string;
  readonly question: ProbeQuestion;
  readonly outcome: PacketOutcome;
  /** Why it may be unknown; null where nothing else is known of it. */
  readonly reason: string | null;
  readonly seen: readonly Seen[];
  /** Bytes behind the IP header that arrived, of how many. */
  readonly bytes: number;
  readonly length: number;
  /** Milliseconds. */
  readonly ms: number;
}

export function packetResult(cloud: Cloud, evidence: PacketEvidence): TrafficResult<PacketOutcome> {
  const { from, question, seen, bytes, length, reason, ms } = evidence;
  const isPartial = bytes > 0 && bytes < length;
  const outcome = isPartial ? 'unknown' : evidence.outcome;
  const drop = outcome === 'dropped' ? (seen.find(({ verdict }) => verdict === 'drop') ?? null) : null;
  const admission = outcome === 'delivered' ? lastAdmission(seen) : null;
  const told = { to: endpointName(cloud, question.to), outcome, bytes, length, note: reason };
  const says = drop && errorText(drop);
  return {
    outcome,
    stage: drop?.stage ?? null,
    leg: outcome === 'dropped' ? 'request' : null,
    rule: admission && ruleOf(cloud, admission),
    explanation: packetText({ ...told, drop: drop && toldDrop(cloud, from, question, drop), says }),
    ms,
  };
}

function errorText({ packet: { protocol, icmp } }: Seen): string | null {
  return icmp === null || icmp.about === null ? null : icmpText(protocol, icmp);
}

/** Reports of different namespaces arrive in any order: the last one on the packet's way. */
function lastAdmission(seen: readonly Seen[]): Seen | null {
  const passes = seen.filter(({ verdict }) => verdict === 'pass');
  return passes.find(({ stage }) => stage === 'sg-ingress') ?? passes[0] ?? null;
}
