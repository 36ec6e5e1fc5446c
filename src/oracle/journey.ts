/** A packet on its way through the cloud, and what its journey becomes. */
import type { NetworkInterface } from '../cloud/interfaces/types.js';
import type { PacketHop, Stage, Verdict } from '../verdict/types.js';
import type { CardVerdict } from './card.js';
import type { ModelPacket } from './packet.js';

/** The machine at one end of a packet's way. */
export type PacketEnd =
  | { readonly kind: 'interface'; readonly interfaceId: string }
  | { readonly kind: 'external'; readonly name: string };

/** The key by which a behaviour knows the machine. */
export function endKey(end: PacketEnd): string {
  return end.kind === 'external' ? end.name : end.interfaceId;
}

/** A hop as the model knows it. `rule` is an entry of a network ACL; of security groups, `card` names every rule that matches. */
export interface ModelHop extends PacketHop {
  /** The subnet whose network ACL or route table was asked; null elsewhere. */
  readonly subnetId: string | null;
  /** The verdict of a card; null elsewhere. */
  readonly card: CardVerdict | null;
  /** The packet as it came there: addresses change at gateways. */
  readonly packet: ModelPacket;
  /** The balancer or endpoint that an answer goes back through, whatever the routes are; null for all others. */
  readonly through: string | null;
}

/** The way of one packet to its end. */
export interface Journey {
  readonly hops: readonly ModelHop[];
  /** Where it arrived, and how it looked there: addresses change at gateways. Null where it was dropped. */
  readonly arrival: { readonly place: PacketEnd; readonly packet: ModelPacket } | null;
  /** Where it was too big for a link on its way; absent elsewhere. */
  readonly tooBig?: TooBig;
}

export interface TooBig {
  /** Bytes that the link carries. */
  readonly mtu: number;
  /** The way of the error that tells the sender so. */
  readonly error: Journey;
}

/** A packet under way inside a VPC. */
export interface Travel {
  readonly packet: ModelPacket;
  readonly hops: ModelHop[];
  /** The interface that forwarded it last, if that does not have its source: references mean no sender then (3.2). */
  readonly forwardedBy: NetworkInterface | null;
  /** Bytes, where its size matters; 0: it fits every link. */
  readonly size: number;
  /** How many machines may still forward it. */
  readonly ttl: number;
}

export function dropOf({ hops }: Journey): ModelHop | null {
  return hops.find(({ verdict }) => verdict === 'drop') ?? null;
}

export function arrivedAt(eni: NetworkInterface, { packet, hops }: Travel): Journey {
  return { hops, arrival: { place: { kind: 'interface', interfaceId: eni.id }, packet } };
}

/** The members of a hop that not every stage has. */
type HopDetails = Partial<Pick<ModelHop, 'interface' | 'subnetId' | 'card' | 'rule' | 'cause' | 'through'>>;

export function passes({ hops, packet }: Travel, stage: Stage, details: HopDetails): void {
  hops.push(hopOf('pass', stage, packet, details));
}

export function dropped({ hops, packet }: Travel, stage: Stage, details: HopDetails): Journey {
  return { hops: [...hops, hopOf('drop', stage, packet, details)], arrival: null };
}

function hopOf(verdict: Verdict, stage: Stage, packet: ModelPacket, details: HopDetails): ModelHop {
  const { rule = null, interface: at = null, subnetId = null, card = null, cause = null, through = null } = details;
  return { rule, interface: at, subnetId, card, cause, through, stage, verdict, packet };
}
