/** Every sentence about a verdict is written here, from plain data: no cloud is asked, and nothing is decided. */
import { hasPorts, isIcmp, protocolName } from '../cloud/protocol.js';
import type { DescribeRule } from './describe-rule.js';
import type { DropReason, PassReason } from './reason.js';
import type { FlowOutcome, FlowSend, Hop, Leg, PacketOutcome, ProbeResult, Stage, Stopped, Verdict } from './types.js';

/** A drop as the sentence about its flow tells it. */
export interface ToldDrop {
  readonly leg: Leg;
  readonly stage: Stage;
  readonly reason: DropReason;
  /** The dropped packet in words: `tcp/22`. */
  readonly traffic: string;
}

export interface ProbeDrop extends ToldDrop {
  /** An ICMP error about the probe was dropped, not a packet of it. */
  readonly isError: boolean;
  /** Name of the interface that forwarded the packet before a group dropped it; null where none did. */
  readonly forwarder: string | null;
}

export interface ToldProbe extends Pick<ProbeResult, 'to' | 'protocol' | 'outcome'> {
  /** What was asked for: `tcp/22`. */
  readonly traffic: string;
  /** `self`: a machine asks itself; `host`: one without security groups. */
  readonly target: 'self' | 'interface' | 'host';
  readonly drop: ProbeDrop | null;
  /** Why the outcome is unknown. */
  readonly note: string | null;
}

export function probeText({ to, protocol, outcome, traffic, target, drop, note }: ToldProbe): string {
  switch (outcome) {
    case 'connected':
      return protocol === 'tcp' ? `${to} accepted the connection` : `${to} answered`;
    case 'refused':
      return `${arrivalText(to, target)}; nothing listens on ${traffic}`;
    case 'unreachable':
      return `an ICMP error said that ${to} cannot be reached`;
    case 'timed-out':
      return drop === null ? `${arrivalText(to, target)}; it did not answer ${traffic}` : probeDropText(to, drop);
    case 'unknown':
      return note ?? 'the outcome could not be observed';
  }
}

function arrivalText(to: string, target: ToldProbe['target']): string {
  if (target === 'self') return `${to} sent it to itself, which no security group sees`;
  return target === 'interface' ? `${to}'s security groups let it in` : `it reached ${to}`;
}

function probeDropText(to: string, { leg, stage, reason, traffic, isError, forwarder }: ProbeDrop): string {
  if (isError) {
    const why = dropReasonText(reason, 'the ICMP error');
    return `nothing listens on ${traffic} of ${to}, but the ICMP error that says so was dropped: ${why}`;
  }
  if (leg === 'reply') return `the reply was dropped: ${dropReasonText(reason, 'it')}`;
  const why = dropReasonText(reason, traffic);
  if (stage !== 'sg-ingress' || forwarder === null) return why;
  // A rule that names the sender's group is what one expects to match, and a middlebox is why it does not.
  return `${why}: ${forwarder} forwarded it, and references to groups match only what their members send themselves`;
}

export interface ToldExchange {
  /** Of the flow. */
  readonly name: string;
  readonly from: string;
  readonly to: string;
  readonly outcome: FlowOutcome;
  readonly send: FlowSend;
  /** `isUntracked`: the card that dropped it judges each packet of the flow by its rules. */
  readonly drop: (ToldDrop & { readonly isUntracked: boolean }) | null;
  /** The sender's error, or why the outcome is unknown. */
  readonly note: string | null;
}

export function exchangeText({ name, from, to, outcome, send, drop, note }: ToldExchange): string {
  switch (outcome) {
    case 'goes-on':
      return `the flow ${name} goes on: ${exchangedText(send, from, to)}`;
    case 'stalls':
      return drop === null ? `the flow ${name} stalled` : `the flow ${name} stalled: ${stallText(drop)}`;
    case 'reset':
      return `the flow ${name} is over: ${from} was told that there is no such connection (${note})`;
    case 'unknown':
      return `nobody knows of the flow ${name}: ${note}`;
  }
}

function exchangedText(send: FlowSend, from: string, to: string): string {
  if (send === 'both') return `${to} answered ${from}`;
  return send === 'client' ? `what ${from} sent arrived at ${to}` : `what ${to} sent arrived at ${from}`;
}

function stallText({ leg, stage, reason, traffic, isUntracked }: NonNullable<ToldExchange['drop']>): string {
  const why = dropReasonText(reason, traffic);
  const onTheWay = leg === 'reply' ? `on the way back ${why}` : why;
  const isByGroup = stage === 'sg-egress' || stage === 'sg-ingress';
  return isByGroup ? `${onTheWay} any more${isUntracked ? '; it is untracked' : ''}` : onTheWay;
}

export interface ToldPacket {
  readonly to: string;
  readonly outcome: PacketOutcome;
  /** Bytes behind the IP header that arrived, of how many. */
  readonly bytes: number;
  readonly length: number;
  readonly drop: Pick<ToldDrop, 'reason' | 'traffic'> | null;
}

export function packetText({ to, outcome, bytes, length, drop }: ToldPacket): string {
  switch (outcome) {
    case 'delivered':
      return `it arrived at ${to}`;
    case 'dropped':
      return drop === null ? 'it was dropped' : dropReasonText(drop.reason, drop.traffic);
    case 'unknown':
      return bytes > 0
        ? `only ${bytes} of its ${length} bytes arrived at ${to}`
        : `it did not arrive at ${to}, and no place reported it as dropped`;
  }
}

/** @param packet in words: `tcp/22`, `the reply` */
export function dropReasonText(reason: DropReason, packet: string): string {
  switch (reason.type) {
    case 'allowance':
      return `${reason.interface ?? 'the instance'} tracks as many connections as its allowance permits`;
    case 'no-rule':
      return `no ${reason.direction} rule of ${groupsText(reason)} allows ${withPeer(packet, reason)}`;
    case 'closed-interface':
      return `${packet} is for a function's interface, and nothing can connect to a function`;
    case 'foreign-addresses':
      return `the packet from ${reason.source} to ${reason.destination} is neither from nor to the interface that it passes`;
    case 'denied':
      return deniedText(reason, withPeer(packet, reason));
    case 'silent':
      return `${reason.destination} did not answer`;
    default:
      return routeReasonText(reason);
  }
}

type RouteReason = Exclude<
  DropReason,
  { type: 'allowance' | 'no-rule' | 'closed-interface' | 'foreign-addresses' | 'denied' | 'silent' }
>;

function routeReasonText(reason: RouteReason): string {
  switch (reason.type) {
    case 'no-route':
      return `there is no route to ${reason.destination}`;
    case 'blackhole':
      return `the route to ${reason.destination} is a black hole: its target is gone`;
    case 'no-interface':
      return `no interface of the VPC has the address ${reason.destination}`;
    case 'no-public-address':
      return `${reason.sender} has no public address, and the internet gateway translates no other`;
    case 'peering-not-active':
      return `the peering that the route to ${reason.destination} names is not active`;
    case 'not-transitive':
      return `a peering leads to addresses of the other VPC and no further, and ${reason.destination} is none of them`;
    case 'egress-only':
      return `an egress-only internet gateway admits only replies to connections opened from inside, and ${reason.source} opens a new one`;
    case 'not-begun-inside':
      return `the gateway at ${reason.destination} knows no such connection, and none can be opened from outside`;
    case 'fragment':
      return 'a NAT gateway does not forward fragments of TCP and ICMP';
    case 'untranslatable':
      return 'a NAT gateway forwards nothing but TCP, UDP and ICMP';
  }
}

/** `web-1's security groups (web, admin)` */
function groupsText(reason: Extract<DropReason, { type: 'no-rule' }>): string {
  if (reason.interface === null) return 'the security groups';
  return `${reason.interface}'s security groups (${reason.groups.join(', ')})`;
}

function withPeer(packet: string, { direction, peer }: Extract<DropReason, { type: 'no-rule' | 'denied' }>): string {
  return `${packet} ${direction === 'egress' ? 'to' : 'from'} ${peer}`;
}

function deniedText({ direction, entry }: Extract<DropReason, { type: 'denied' }>, packet: string): string {
  const way = direction === 'egress' ? 'outbound' : 'inbound';
  if (entry === null) return `the ${way} network ACL denies ${packet}`;
  return entry.number === null
    ? `no ${way} entry of network ACL ${entry.acl} matches ${packet}`
    : `${way} entry ${entry.number} of network ACL ${entry.acl} denies ${packet}`;
}

export function passReasonText(reason: PassReason): string {
  switch (reason.type) {
    case 'admitted':
      return reason.rules === 1 ? 'one rule admits it' : `${reason.rules} rules admit it`;
    case 'tracked':
      return `part of the connection that ${reason.admittedBy.join(' and ') || 'this card'} admitted: no rule is evaluated`;
    case 'exempt':
      return "traffic with AWS's own services is not filtered";
    case 'no-groups':
      return 'it has no security group, so nothing is filtered';
    case 'not-filtered':
      return `its ${reason.direction} is ${reason.access}: no rule is evaluated`;
    case 'own-source':
      return `source ${reason.address} is its own`;
    case 'own-destination':
      return `destination ${reason.address} is its own`;
    case 'check-off':
      return `the check of ${reason.interface} is off`;
    case 'allowed':
      return `entry ${reason.number} of ${reason.acl} allows it`;
    case 'routed':
      return `${reason.destination} is in ${reason.block}: ${reason.target}`;
  }
}

/** The answer of the machine that a packet reached. */
export function listenerText(verdict: Verdict, traffic: string): string {
  const texts = { pass: 'it answers', refuse: `nothing listens on ${traffic}`, drop: `it does not answer ${traffic}` };
  return texts[verdict];
}

/** What stands in place of a rule where none decided. */
const NO_RULE_TEXT: Readonly<Record<Stage, string>> = {
  'sg-egress': 'no rule lets it out',
  'source-dest-check': 'the address is not the interface’s own',
  'nacl-outbound': 'no entry lets it out',
  route: 'no route',
  'nacl-inbound': 'no entry lets it in',
  'sg-ingress': 'no rule lets it in',
  listener: 'nobody listens',
};

/** The rule that decided at a hop, or its absence; empty where there was nothing to decide. */
export function decisionText({ rule, verdict, stage }: Hop, describeRule: DescribeRule): string {
  if (rule !== null) return describeRule(rule);
  return verdict === 'pass' ? '' : NO_RULE_TEXT[stage];
}

export interface ToldReport extends Pick<Hop, 'stage' | 'verdict' | 'rule'> {
  /** `web-1.eth0 card`, `shop.vpc`. */
  readonly place: string;
  readonly traffic: string;
  /** Null for a pass. */
  readonly reason: DropReason | null;
}

/** `web-1.eth0 card: dropped at sg-ingress: no ingress rule of … allows tcp/22 from 203.0.113.7` */
export function reportText({ place, stage, rule, traffic, reason }: ToldReport, describeRule: DescribeRule): string {
  if (reason !== null) return `${place}: dropped at ${stage}: ${dropReasonText(reason, traffic)}`;
  return `${place}: passed ${stage}${rule === null ? '' : ` by ${describeRule(rule)}`}`;
}

/** The explanation, and the rule behind it where the explanation does not name it already. */
export function causeText(
  { explanation, rule }: { readonly explanation: string; readonly rule: string | null },
  describeRule: DescribeRule = (id) => id,
): string {
  if (rule === null || explanation.includes(rule)) return explanation;
  return explanation === '' ? describeRule(rule) : `${explanation}: ${describeRule(rule)}`;
}

/** `sg-ingress`, `sg-egress (reply)`; empty where nothing was stopped. The leg is named where it is the unexpected one. */
export function stageText({ stage, leg }: Stopped): string {
  if (stage === null) return '';
  return leg === 'reply' ? `${stage} (reply)` : stage;
}

/** `timed-out at sg-ingress`, `connected` */
export function outcomeText({ outcome, ...stopped }: { readonly outcome: string } & Stopped): string {
  return stopped.stage === null ? outcome : `${outcome} at ${stageText(stopped)}`;
}

/** The same in a sentence of its own: `timed-out at sg-egress of the reply` */
export function answerText({ outcome, stage, leg }: { readonly outcome: string } & Stopped): string {
  if (stage === null) return outcome;
  return `${outcome} at ${stage}${leg === 'reply' ? ' of the reply' : ''}`;
}

/** `passed`, `answer dropped at sg-egress`: the verdict on a flow in a history. */
export function flowVerdictText({ verdict, stage, leg }: { readonly verdict: 'passed' | 'dropped' } & Stopped): string {
  if (verdict === 'passed') return 'passed';
  return leg === 'reply' ? `answer dropped at ${stage}` : `dropped at ${stage}`;
}

/** Why a record of a flow log is as it is. */
export function flowRecordText(
  { action, stage, rule, reply }: FlowRecordDecision,
  describeRule: DescribeRule = (id) => id,
): string {
  if (action === 'ACCEPT') return reply ? 'answers' : rule === null ? '' : describeRule(rule);
  const what = reply ? 'the answer: ' : '';
  return rule === null ? `${what}${stage}: no rule allows it` : `${what}${stage} ${describeRule(rule)}`;
}

interface FlowRecordDecision {
  readonly action: 'ACCEPT' | 'REJECT';
  readonly stage: Stage | null;
  readonly rule: string | null;
  /** It answers what the other side began. */
  readonly reply: boolean;
}

/** `tcp`, `icmpv6`, `protocol 47` */
export function protocolText(protocol: number): string {
  const name = protocolName(protocol);
  return hasPorts(name) || isIcmp(name) ? name : `protocol ${name}`;
}

/** `tcp/22`, `icmp`, `protocol 47`: what a flow is about, whichever IP version carries it. */
export function trafficText(protocol: number, port: number): string {
  const name = protocolText(protocol);
  if (hasPorts(name)) return `${name}/${port}`;
  return isIcmp(name) ? 'icmp' : name;
}

/** `3 connections go on, 1 has expired`. */
export function agedText({ kept, expired }: { readonly kept: number; readonly expired: number }): string {
  const goOn = `${kept} ${kept === 1 ? 'connection goes' : 'connections go'} on`;
  return `${goOn}, ${expired} ${expired === 1 ? 'has' : 'have'} expired`;
}
