/** The short texts of reports: one stage, one outcome, one line of a path, a capture, a flow log or a history. */
import { hasPorts, isIcmp, protocolName } from '../cloud/protocol.js';
import type { DescribeRule } from './describe-rule.js';
import type { DropReason } from './reason.js';
import { dropReasonText } from './sentence.js';
import type { Hop, Outcome, Stage, Stopped } from './types.js';

/** Each takes one column, and they differ without colour too. */
export const OUTCOME_SYMBOL: Readonly<Record<Outcome, string>> = {
  connected: '●',
  refused: '○',
  'timed-out': '·',
  unreachable: '×',
  unknown: '?',
};

/** `noRule` stands in place of a rule where none decided; `hint` says where a person looks who wants the packet to pass. */
const STAGE_TEXT: Readonly<Record<Stage, { readonly noRule: string; readonly hint: string }>> = {
  'sg-egress': {
    noRule: 'no rule lets it out',
    hint: 'The packet does not leave the sender: look at the outbound rules of its security groups.',
  },
  'source-dest-check': {
    noRule: 'the address is not the interface’s own',
    hint: 'An interface drops what is neither from nor to itself: look at its source/destination check.',
  },
  'nacl-outbound': {
    noRule: 'no entry lets it out',
    hint: 'The subnet does not let it out: look at the outbound entries of its network ACL.',
  },
  route: { noRule: 'no route', hint: 'The packet has no route: look at the route tables.' },
  'nacl-inbound': {
    noRule: 'no entry lets it in',
    hint: 'The subnet does not let it in: look at the inbound entries of its network ACL.',
  },
  'sg-ingress': {
    noRule: 'no rule lets it in',
    hint: 'The packet reaches the receiver’s interface: look at the inbound rules of its security groups.',
  },
  listener: { noRule: 'nobody listens', hint: 'The rules allow it: look at what runs in the machine.' },
};

/** Where to look for the reason why a packet stops at a stage. */
export function stageHint(stage: Stage): string {
  return STAGE_TEXT[stage].hint;
}

/** The rule that decided at a hop, or its absence; empty where there was nothing to decide. */
export function decisionText({ rule, verdict, stage }: Hop, describeRule: DescribeRule): string {
  if (rule !== null) return describeRule(rule);
  return verdict === 'pass' ? '' : STAGE_TEXT[stage].noRule;
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

/** An outcome on a line of its own: `timed-out at sg-egress of the reply` */
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

/** An ICMP message, as far as reports tell of it. */
export interface ToldIcmp {
  readonly type: number;
  readonly code: number;
  /** Bytes that the next link carries, by an error about a packet that is too big. */
  readonly mtu: number | null;
  /** The packet that an error is about. */
  readonly about: {
    readonly protocol: number;
    readonly source: string;
    readonly sourcePort: number;
    readonly destination: string;
    readonly destinationPort: number;
  } | null;
}

const ICMP_TYPES: Readonly<Record<number, string>> = {
  0: 'echo reply',
  3: 'unreachable',
  8: 'echo request',
  11: 'time exceeded',
  12: 'parameter problem',
};
const ICMPV6_TYPES: Readonly<Record<number, string>> = {
  1: 'unreachable',
  2: 'packet too big',
  3: 'time exceeded',
  128: 'echo request',
  129: 'echo reply',
  133: 'router solicitation',
  134: 'router advertisement',
  135: 'neighbour solicitation',
  136: 'neighbour advertisement',
  143: 'multicast report',
};

/** `echo request`; `fragmentation needed, MTU 1500, about tcp 10.0.1.4:40000 > 203.0.113.7:443` */
export function icmpText(protocol: number, { type, code, mtu, about }: ToldIcmp): string {
  const types = protocolName(protocol) === 'icmp' ? ICMP_TYPES : ICMPV6_TYPES;
  const isFragmentation = mtu !== null && types === ICMP_TYPES;
  const words = [
    isFragmentation ? 'fragmentation needed' : (types[type] ?? `type ${type}`),
    ...(code === 0 || mtu !== null ? [] : [`code ${code}`]),
    ...(mtu === null ? [] : [`MTU ${mtu}`]),
    ...(about === null ? [] : [`about ${aboutText(about)}`]),
  ];
  return words.join(', ');
}

function aboutText({ protocol, source, sourcePort, destination, destinationPort }: NonNullable<ToldIcmp['about']>) {
  return `${protocolText(protocol)} ${endText(protocol, source, sourcePort)} > ${endText(protocol, destination, destinationPort)}`;
}

/** `203.0.113.7:40000`, `[2001:db8::1]:443`; the address alone where the protocol has no ports. */
export function endText(protocol: number, address: string, port: number): string {
  if (!hasPorts(protocolName(protocol))) return address;
  return address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`;
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
