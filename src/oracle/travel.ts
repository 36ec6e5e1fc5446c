/** A packet on its way, and what its journey becomes. */
import type { NetworkInterface } from '../cloud/interfaces/types.js';
import type { Hop, Journey } from './journey.js';
import type { ModelPacket } from './packet.js';

/** A packet under way inside a VPC. */
export interface Travel {
  readonly packet: ModelPacket;
  readonly hops: Hop[];
  /** It was forwarded by an interface that it does not belong to: references to groups do not match it (3.2). */
  readonly forwarded: boolean;
  /** How many machines may still forward it. */
  readonly ttl: number;
}

export function arrivedAt(eni: NetworkInterface, { packet, hops }: Travel): Journey {
  return { hops, arrival: { place: { kind: 'interface', interfaceId: eni.id }, packet } };
}

/** What a hop says beside its stage and verdict. */
type HopDetails = Partial<Pick<Hop, 'interfaceId' | 'subnetId' | 'card' | 'cause'>>;

export function passes({ hops, packet }: Travel, stage: Hop['stage'], details: HopDetails): void {
  hops.push(hopOf('pass', stage, packet, details));
}

export function dropped({ hops, packet }: Travel, stage: Hop['stage'], details: HopDetails): Journey {
  return { hops: [...hops, hopOf('drop', stage, packet, details)], arrival: null };
}

function hopOf(verdict: Hop['verdict'], stage: Hop['stage'], packet: ModelPacket, details: HopDetails): Hop {
  return { stage, verdict, interfaceId: null, subnetId: null, card: null, cause: null, packet, ...details };
}
