/** One network interface and its security groups: section 4.1 of docs/aws-semantics.md, packet by packet. */

import type { Direction, SecurityGroupRule } from '../cloud/groups/types.js';
import { traitsOfInterface } from '../cloud/instances/kinds.js';
import type { NetworkInterface } from '../cloud/interfaces/types.js';
import { byId } from '../cloud/lookup.js';
import { nthAddress, parseCidr } from '../cloud/network/cidr.js';
import type { Subnet, Vpc } from '../cloud/network/types.js';
import type { Cloud } from '../cloud/types.js';
import { type Mismatch, mismatch, type PeerView } from './match.js';
import { answerType, ICMP, ICMPV6, isIcmp, isIcmpAnswer, type ModelPacket, TCP, UDP } from './packet.js';
import { canOpenFlow, type Entry, flowKey, reverseKey, type Timeouts, touched } from './tracking.js';

/** A rule that was looked at. */
export interface Considered {
  readonly ruleId: string;
  /** Null: it matches. */
  readonly mismatch: Mismatch | null;
}

export interface CardVerdict {
  readonly verdict: 'pass' | 'drop';
  readonly because: 'exempt' | 'tracked' | 'open' | 'rule' | 'no-rule' | 'allowance';
  /** Rules that match; of a tracked flow, those that matched when it was admitted. */
  readonly ruleIds: readonly string[];
  /** Every rule of the direction, where rules were asked. */
  readonly considered: readonly Considered[];
  /** The other end, as the rules saw it. */
  readonly peer: PeerView;
}

type Judgement = Omit<CardVerdict, 'peer'>;

export interface CardPacket {
  readonly direction: Direction;
  readonly packet: ModelPacket;
  readonly peer: PeerView;
  /** It takes one of the paths of 4.3. */
  readonly alwaysTracked: boolean;
  /** Model time in seconds. */
  readonly now: number;
}

interface Service {
  readonly address: string;
  readonly protocols: readonly number[];
  readonly port: number;
}

const ANYWHERE: readonly Service[] = [
  { address: '169.254.169.253', protocols: [TCP, UDP], port: 53 },
  { address: 'fd00:ec2::253', protocols: [TCP, UDP], port: 53 },
  { address: '169.254.169.254', protocols: [TCP], port: 80 },
  { address: 'fd00:ec2::254', protocols: [TCP], port: 80 },
  { address: '169.254.170.2', protocols: [TCP], port: 80 },
  { address: '169.254.169.123', protocols: [UDP], port: 123 },
  { address: 'fd00:ec2::123', protocols: [UDP], port: 123 },
  { address: '169.254.169.250', protocols: [TCP], port: 1688 },
  { address: '169.254.169.251', protocols: [TCP], port: 1688 },
];

export class Card {
  readonly #entries = new Map<string, Entry>();

  /** Judges one packet and remembers its flow. */
  judge(cloud: Cloud, eni: NetworkInterface, arrival: CardPacket): CardVerdict {
    return { ...this.#judge(cloud, eni, arrival), peer: arrival.peer };
  }

  #judge(cloud: Cloud, eni: NetworkInterface, arrival: CardPacket): Judgement {
    const { direction, packet, now } = arrival;
    const subnet = byId(cloud.subnets, eni.subnetId);
    if (isExempt(byId(cloud.vpcs, subnet.vpcId), subnet, direction, packet)) return passed('exempt', []);
    const about = packet.icmp?.about ?? null;
    if (about !== null && cloud.icmpErrors === 'related' && this.#find(about, now)?.entry.tracked) {
      return passed('tracked', []);
    }
    const known = this.#find(packet, now);
    if (known?.entry.tracked) {
      this.#remember(touched(known.entry, { packet, isReply: known.isReply, now }, timeoutsOf(eni)));
      return passed('tracked', known.entry.ruleIds);
    }
    const access = traitsOfInterface(cloud, eni)[direction];
    if (access === 'open') {
      this.#admit(cloud, eni, arrival, { ruleIds: [], known });
      return passed('open', []);
    }
    const considered = (access === 'closed' ? [] : rulesOf(cloud, eni, direction)).map((rule) => ({
      ruleId: rule.id,
      mismatch: mismatch(cloud, rule, packet, arrival.peer),
    }));
    const ruleIds = considered.filter((each) => each.mismatch === null).map(({ ruleId }) => ruleId);
    const [ruleId] = ruleIds;
    if (ruleId === undefined) return { verdict: 'drop', because: 'no-rule', ruleIds, considered };
    if (this.#exceedsAllowance(cloud, eni, arrival, { ruleIds, known })) {
      return { verdict: 'drop', because: 'allowance', ruleIds, considered };
    }
    this.#admit(cloud, eni, arrival, { ruleIds, known });
    return { verdict: 'pass', because: 'rule', ruleIds, considered };
  }

  /** Its entries that have not expired. */
  entries(now: number): readonly Entry[] {
    return [...this.#entries.values()].filter(({ expires }) => expires > now);
  }

  #admit(cloud: Cloud, eni: NetworkInterface, arrival: CardPacket, { ruleIds, known }: Admission): void {
    const { direction, packet, now } = arrival;
    // A reply of an untracked flow passes by the other direction's rules and makes no flow of its own (4.4).
    if (known?.isReply) {
      this.#remember(touched(known.entry, { packet, isReply: true, now }, timeoutsOf(eni)));
      return;
    }
    const key = flowKey(packet);
    if (key === null || !canOpenFlow(packet)) return;
    const tracked = isTracked(cloud, eni, arrival, ruleIds);
    const base = known?.entry ?? newEntry(direction, key, packet);
    this.#remember(touched({ ...base, tracked, ruleIds }, { packet, isReply: false, now }, timeoutsOf(eni)));
  }

  /** Untracked flows use none of the allowance (4.6). */
  #exceedsAllowance(cloud: Cloud, eni: NetworkInterface, arrival: CardPacket, { ruleIds, known }: Admission): boolean {
    const allowance = byId(cloud.instances, eni.instanceId).connectionAllowance;
    if (allowance === null || known?.isReply || !canOpenFlow(arrival.packet)) return false;
    if (!isTracked(cloud, eni, arrival, ruleIds)) return false;
    const counted = this.entries(arrival.now).filter(({ tracked, tcp }) => tracked && !HAS_ENDED.has(tcp));
    return counted.length >= allowance;
  }

  /** An echo request is no answer to one, and an answer begins nothing, although their flows look the same (4.1). */
  #find(packet: ModelPacket, now: number): Found | null {
    const forward = isIcmpAnswer(packet) ? null : this.#live(flowKey(packet), now);
    if (forward !== null) return { entry: forward, isReply: false };
    const back = answerType(packet) !== null ? null : this.#live(reverseKey(packet), now);
    return back === null ? null : { entry: back, isReply: true };
  }

  #live(key: string | null, now: number): Entry | null {
    const entry = key === null ? undefined : this.#entries.get(key);
    return entry !== undefined && entry.expires > now ? entry : null;
  }

  #remember(entry: Entry): void {
    this.#entries.set(entry.key, entry);
  }
}

/** A TCP connection that is over uses none of the allowance any more. */
const HAS_ENDED: ReadonlySet<string> = new Set(['closing', 'reset']);

interface Admission {
  readonly ruleIds: readonly string[];
  readonly known: Found | null;
}

interface Found {
  readonly entry: Entry;
  readonly isReply: boolean;
}

/** The union of the groups' rules; no group can take away what another gives (section 2). */
function rulesOf(cloud: Cloud, { groupIds }: NetworkInterface, direction: Direction): SecurityGroupRule[] {
  return [...new Set(groupIds)]
    .flatMap((id) => byId(cloud.securityGroups, id).rules)
    .filter((rule) => rule.direction === direction);
}

function isTracked(cloud: Cloud, eni: NetworkInterface, arrival: CardPacket, ruleIds: readonly string[]): boolean {
  return arrival.alwaysTracked || !isUntracked(cloud, eni, arrival, ruleIds);
}

/** 4.2: an any-peer rule admits it, and an any-peer rule of the other direction opens every port of the protocol. */
function isUntracked(
  cloud: Cloud,
  eni: NetworkInterface,
  { direction, packet }: CardPacket,
  ruleIds: readonly string[],
): boolean {
  if (isIcmp(packet) || (packet.protocol !== TCP && packet.protocol !== UDP)) return false;
  const matching = rulesOf(cloud, eni, direction).filter(({ id }) => ruleIds.includes(id));
  const reverse = rulesOf(cloud, eni, direction === 'ingress' ? 'egress' : 'ingress');
  const name = packet.protocol === TCP ? 'tcp' : 'udp';
  return (
    matching.some((rule) => isAnyPeer(rule, packet)) &&
    reverse.some((rule) => isAnyPeer(rule, packet) && opensEveryPort(rule, name))
  );
}

function isAnyPeer({ peer }: SecurityGroupRule, { family }: ModelPacket): boolean {
  return peer.type === 'cidr' && peer.family === family && parseCidr(peer.cidr).prefixLength === 0;
}

function opensEveryPort({ protocol, fromPort, toPort }: SecurityGroupRule, name: string): boolean {
  return protocol === '-1' || (protocol === name && fromPort === 0 && toPort === 65535);
}

function newEntry(forward: Direction, key: string, { tcp }: ModelPacket): Entry {
  // TCP in mid-stream is taken up as it is: rules do not look at flags (4.5, S76).
  const state = tcp === 'syn' ? 'opening' : 'established';
  return { forward, key, tracked: true, ruleIds: [], expires: 0, tcp: state, requests: 0, replies: 0 };
}

function passed(because: 'exempt' | 'tracked' | 'open', ruleIds: readonly string[]): Judgement {
  return { verdict: 'pass', because, ruleIds, considered: [] };
}

function timeoutsOf({ connectionTracking }: NetworkInterface): Timeouts {
  const { tcpEstablishedTimeout, udpTimeout, udpStreamTimeout } = connectionTracking;
  return { tcpEstablished: tcpEstablishedTimeout, udp: udpTimeout, udpStream: udpStreamTimeout };
}

/** Traffic with AWS's own services, which neither groups nor network ACLs filter (4.7, S87-S90). */
function isExempt(vpc: Vpc, subnet: Subnet, direction: Direction, packet: ModelPacket): boolean {
  const outward = direction === 'egress';
  const service = outward ? packet.destination : packet.source;
  const port = outward ? packet.destinationPort : packet.sourcePort;
  const isService = services(vpc).some(
    ({ address, protocols, port: own }) => address === service && protocols.includes(packet.protocol) && port === own,
  );
  return isService || (isRouter(subnet, service) && !isIcmpError(packet));
}

function services(vpc: Vpc): readonly Service[] {
  const [primary] = vpc.cidrs;
  if (primary === undefined) return ANYWHERE;
  return [...ANYWHERE, { address: nthAddress(parseCidr(primary), 2n), protocols: [TCP, UDP], port: 53 }];
}

function isRouter({ cidr, ipv6Cidr }: Subnet, address: string): boolean {
  return [cidr, ipv6Cidr].some((block) => block !== null && nthAddress(parseCidr(block), 1n) === address);
}

/** Errors are judged like all ICMP, or path MTU discovery would need no rule (S82). */
function isIcmpError({ protocol, icmp }: ModelPacket): boolean {
  if (icmp === null) return false;
  return (protocol === ICMP && [3, 4, 5, 11, 12].includes(icmp.type)) || (protocol === ICMPV6 && icmp.type < 128);
}
