import type { ModelPacket } from './packet.js';
import { flowKey, reverseKey } from './tracking.js';

/** Flows that went out by an egress-only gateway: only their answers come back in (S109). */
export class Outward {
  readonly #flows = new Set<string>();

  wentOut(vpcId: string, packet: ModelPacket): void {
    const key = flowKey(packet);
    if (key !== null) this.#flows.add(`${vpcId} ${key}`);
  }

  /** Is it an answer to what went out, or the answer's error? */
  isAnswered(vpcId: string, packet: ModelPacket): boolean {
    const key = packet.icmp?.about == null ? reverseKey(packet) : flowKey(packet.icmp.about);
    return key !== null && this.#flows.has(`${vpcId} ${key}`);
  }
}
