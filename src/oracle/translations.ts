/** The memory of gateways: of those that translate many addresses to one of their own, and of those that let only answers in. */
import { isIcmpAnswer, type ModelPacket } from './packet.js';
import { flowKey, reverseKey } from './tracking.js';

/** A gateway, and the address with which it sends on. */
export interface Translator {
  readonly id: string;
  readonly publicIp: string;
}

/** The memory of NAT gateways (S108) and gateway endpoints (GWE). */
export class Translations {
  /** The address inside that a flow belongs to, by translator and the flow of its answers. */
  readonly #inside = new Map<string, string>();

  /** The packet as it leaves, so that its answer will be recognised; null for an answer to something that did not begin inside. */
  out({ id, publicIp }: Translator, packet: ModelPacket): ModelPacket | null {
    const outside = { ...packet, source: publicIp };
    const about = packet.icmp?.about ?? null;
    const key = `${id} ${about === null ? reverseKey(outside) : flowKey({ ...about, destination: publicIp })}`;
    if (isAnswer(packet)) return this.#inside.has(key) ? outside : null;
    this.#inside.set(key, packet.source);
    return outside;
  }

  /** The packet as it is for the inside; null where nobody inside asked for it. */
  back(id: string, packet: ModelPacket): ModelPacket | null {
    const about = packet.icmp?.about ?? null;
    const destination = this.#inside.get(`${id} ${about === null ? flowKey(packet) : reverseKey(about)}`);
    return destination === undefined ? null : readdressed(packet, destination);
  }
}

/** Does the packet say by itself that something came before it? One with neither flags nor types could be a beginning. */
function isAnswer(packet: ModelPacket): boolean {
  return packet.tcp === 'syn-ack' || packet.tcp === 'rst' || isIcmpAnswer(packet) || packet.icmp?.about != null;
}

/** The packet with another destination; an ICMP error then is about a packet from there. */
export function readdressed(packet: ModelPacket, destination: string): ModelPacket {
  const about = packet.icmp?.about ?? null;
  if (packet.icmp === null || about === null) return { ...packet, destination };
  return { ...packet, destination, icmp: { ...packet.icmp, about: { ...about, source: destination } } };
}

/** Flows that went out by an egress-only gateway: only their answers come back in (S109). */
export class EgressOnlyFlows {
  readonly #flows = new Set<string>();

  recordOutbound(vpcId: string, packet: ModelPacket): void {
    const key = flowKey(packet);
    if (key !== null) this.#flows.add(`${vpcId} ${key}`);
  }

  /** Is it an answer to what went out, or the answer's error? */
  isAnswered(vpcId: string, packet: ModelPacket): boolean {
    const key = packet.icmp?.about == null ? reverseKey(packet) : flowKey(packet.icmp.about);
    return key !== null && this.#flows.has(`${vpcId} ${key}`);
  }
}
