/** Every sentence about a verdict is written here, from plain data: no cloud is asked, and nothing is decided. `phrases.ts` has the rest. */
import type { DropReason, PassReason } from './reason.js';
import type { FlowOutcome, FlowSend, Leg, PacketOutcome, ProbeResult, Stage, Verdict } from './types.js';

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
  /** Name of the balancer that keeps its clients' addresses, where a target's group dropped the packet; null elsewhere. */
  readonly balancer: string | null;
}

export interface ToldProbe extends Pick<ProbeResult, 'from' | 'to' | 'protocol' | 'outcome'> {
  /** The traffic that was asked for: `tcp/22`. */
  readonly traffic: string;
  /** `self`: a machine asks itself; `host`: one without security groups. */
  readonly target: 'self' | 'interface' | 'host';
  readonly drop: ProbeDrop | null;
  /** How far the answer of a machine came, where its client has none; null where none is known of. */
  readonly untaken: 'at-client' | 'sent' | 'lost' | null;
  /** Why the outcome is unknown. */
  readonly note: string | null;
}

export function probeText(told: ToldProbe): string {
  const { to, protocol, outcome, traffic, target, drop, note } = told;
  switch (outcome) {
    case 'connected':
      return protocol === 'tcp' ? `${to} accepted the connection` : `${to} answered`;
    case 'refused':
      return `${arrivalText(to, target)}; nothing listens on ${traffic}`;
    case 'unreachable':
      return `an ICMP error said that ${to} cannot be reached`;
    case 'timed-out':
      return drop === null ? silenceText(told) : probeDropText(to, drop);
    case 'unknown':
      return note ?? 'the outcome could not be observed';
  }
}

function silenceText({ from, to, traffic, target, untaken }: ToldProbe): string {
  if (untaken === null) return `${arrivalText(to, target)}; it did not answer ${traffic}`;
  const way = untaken === 'at-client' ? `the answer came to ${from}'s link` : 'no place dropped the answer';
  return `${to} answered ${traffic} and ${way}, but ${from}'s own machine did not take it: look at its firewall and addresses`;
}

function arrivalText(to: string, target: ToldProbe['target']): string {
  if (target === 'self') return `${to} sent it to itself, which no security group sees`;
  return target === 'interface' ? `${to}'s security groups let it in` : `it reached ${to}`;
}

function probeDropText(to: string, { leg, stage, reason, traffic, isError, forwarder, balancer }: ProbeDrop): string {
  if (isError) {
    const why = dropReasonText(reason, 'the ICMP error');
    return `nothing listens on ${traffic} of ${to}, but the ICMP error that says so was dropped: ${why}`;
  }
  if (leg === 'reply') return `the reply was dropped: ${dropReasonText(reason, 'it')}`;
  const why = dropReasonText(reason, traffic);
  if (stage !== 'sg-ingress') return why;
  if (balancer !== null)
    return `${why}: ${balancer} keeps the client's address, so its target's groups are asked about the client`;
  if (forwarder === null) return why;
  // A rule that names the sender's group is what one expects to match, and a middlebox is why it does not.
  return `${why}: ${forwarder} forwarded it, and references to groups match only what their members send themselves`;
}

export interface ToldExchange {
  /** The flow's name. */
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
  /** Why nothing is known of it, where that is known. */
  readonly note: string | null;
  readonly drop: Pick<ToldDrop, 'reason' | 'traffic'> | null;
  /** What it says, where it is an ICMP error; null for all others. */
  readonly says: string | null;
}

export function packetText({ to, outcome, bytes, length, note, drop, says }: ToldPacket): string {
  switch (outcome) {
    case 'delivered':
      return `it arrived at ${to}`;
    case 'dropped':
      return `${drop === null ? 'it was dropped' : dropReasonText(drop.reason, drop.traffic)}${untoldText(to, says)}`;
    case 'unknown':
      return bytes > 0
        ? `only ${bytes} of its ${length} bytes arrived at ${to}`
        : `it did not arrive at ${to}, and ${note ?? 'no place reported it as dropped'}`;
  }
}

function untoldText(to: string, says: string | null): string {
  return says === null ? '' : `: ${to} is not told "${says}"`;
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
    case 'wrong-exit':
      return `${packet} left by ${reason.interface}, but its source ${reason.source} is an address of ${reason.owner}`;
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
  { type: 'allowance' | 'no-rule' | 'closed-interface' | 'foreign-addresses' | 'wrong-exit' | 'denied' | 'silent' }
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
      return `a peering carries packets between addresses of its two VPCs only, not from ${reason.source} to ${reason.destination}`;
    case 'egress-only':
      return `an egress-only internet gateway admits only replies to connections opened from inside, and ${reason.source} opens a new one`;
    case 'not-begun-inside':
      return `the gateway at ${reason.destination} knows no such connection, and none can be opened from outside`;
    case 'fragment':
      return 'a NAT gateway does not forward fragments of TCP and ICMP';
    case 'untranslatable':
      return 'a NAT gateway forwards nothing but TCP, UDP and ICMP';
    case 'spoofed':
      return `no machine with the address ${reason.source} stands where the packet comes from: its source is forged`;
    case 'private-address':
      return reason.direction === 'egress'
        ? `an internet gateway lets nothing out to the private address ${reason.address}`
        : `an internet gateway lets nothing in from the private address ${reason.address}`;
    case 'endpoint-protocol':
      return 'a gateway endpoint forwards nothing but TCP and ICMP echo requests';
    case 'hairpin':
      return `the load balancer keeps the client's address and chose the client itself as target: ${reason.source} gets a packet from itself`;
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
    case 'answers-through':
      return `it answers what ${reason.interface} sent for its client, and goes back through it`;
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
