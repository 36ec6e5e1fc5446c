/** What gateways that translate many addresses to one of their own remember: NAT gateways (S108) and gateway endpoints (GWE). */
import { isIcmpAnswer, type ModelPacket } from './packet.js';
import { flowKey, reverseKey } from './tracking.js';

/** A gateway, and the address with which it sends on. */
export interface Translator {
  readonly id: string;
  readonly publicIp: string;
}

export class Translations {
  /** Who inside a flow belongs to, by translator and the flow of its answers. */
  readonly #inside = new Map<string, string>();

  /** Out from inside; its answer will be recognised. Null for what only answers something that did not begin inside. */
  out({ id, publicIp }: Translator, packet: ModelPacket): ModelPacket | null {
    const outside = { ...packet, source: publicIp };
    const about = packet.icmp?.about ?? null;
    const key = `${id} ${about === null ? reverseKey(outside) : flowKey({ ...about, destination: publicIp })}`;
    if (isAnswer(packet)) return this.#inside.has(key) ? outside : null;
    this.#inside.set(key, packet.source);
    return outside;
  }

  /** The packet as it was meant for the inside; null for what nobody inside asked for. */
  back(id: string, packet: ModelPacket): ModelPacket | null {
    const about = packet.icmp?.about ?? null;
    const destination = this.#inside.get(`${id} ${about === null ? flowKey(packet) : reverseKey(about)}`);
    return destination === undefined ? null : readdressed(packet, destination);
  }
}

/** Does the packet say by itself that something came before it? What has neither flags nor types could be a beginning. */
function isAnswer(packet: ModelPacket): boolean {
  return packet.tcp === 'syn-ack' || packet.tcp === 'rst' || isIcmpAnswer(packet) || packet.icmp?.about != null;
}

/** With another destination; an ICMP error then is about a packet from there. */
export function readdressed(packet: ModelPacket, destination: string): ModelPacket {
  const about = packet.icmp?.about ?? null;
  if (packet.icmp === null || about === null) return { ...packet, destination };
  return { ...packet, destination, icmp: { ...packet.icmp, about: { ...about, source: destination } } };
}
