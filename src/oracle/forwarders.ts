/** Machines that send packets on with other addresses: balancers, connect endpoints, NAT gateways and NAT instances. */

import { addressesOf } from '../cloud/groups/members.js';
import type { ForwardedPort } from '../cloud/instances/types.js';
import type { NetworkInterface } from '../cloud/interfaces/types.js';
import { byId, presentInterfaces, vpcIdOfInterface } from '../cloud/lookup.js';
import type { Cloud } from '../cloud/types.js';
import type { DropCause } from '../verdict/types.js';
import type { Behaviour } from './behaviour.js';
import { networksInside } from './edges.js';
import { ICMP, type ModelPacket, reversed, TCP, UDP } from './packet.js';
import { isInside, ownsAddress } from './routing.js';
import { flowKey, reverseKey } from './tracking.js';
import { Translations } from './translations.js';

export class Forwarders {
  readonly #behaviour: Behaviour;
  readonly #translations = new Translations();
  /** Packets of clients as they went on to targets, by balancer and flow; and the answers to them, by the flow that targets see. */
  readonly #balanced = new Map<string, ModelPacket>();
  /** The interfaces that answers go back through, by VPC and flow. */
  readonly #answersTo = new Map<string, string>();

  constructor(behaviour: Behaviour) {
    this.#behaviour = behaviour;
  }

  /** The packet as it leaves the machine that begins with it. */
  sent(cloud: Cloud, eni: NetworkInterface, packet: ModelPacket): ModelPacket {
    const clientIp = byId(cloud.instances, eni.instanceId).forwarding?.clientIp ?? null;
    if (clientIp === null) return packet;
    return this.#translations.out({ id: eni.id, publicIp: clientIp }, packet) ?? packet;
  }

  /** The packet as the machine sends it on, or why it drops it; null where it leaves it as it is. */
  forward(cloud: Cloud, eni: NetworkInterface, packet: ModelPacket): ModelPacket | DropCause | null {
    const { kind } = byId(cloud.instances, eni.instanceId);
    switch (kind) {
      case 'nat-gateway':
        return this.#natGateway(cloud, eni, packet);
      case 'network-load-balancer':
        return this.#balancer(cloud, eni, packet);
      case 'connect-endpoint':
        return this.#translations.back(eni.id, packet);
      default:
        return this.#behaviour.translating.has(eni.id) ? this.#natInstance(eni, packet) : null;
    }
  }

  /** Remembers that answers to the packet go back through its sender, which does not have its source (S55, S56). */
  awaitAnswer(cloud: Cloud, eni: NetworkInterface, packet: ModelPacket): void {
    if (byId(cloud.instances, eni.instanceId).forwarding === null) return;
    this.#answersTo.set(`${vpcIdOfInterface(cloud, eni)} ${reverseKey(packet)}`, eni.id);
  }

  /** The interface that the packet goes back through, if it answers what a balancer or endpoint sent. */
  answersTo(vpcId: string, packet: ModelPacket): string | null {
    const key = packet.icmp?.about == null ? flowKey(packet) : reverseKey(packet.icmp.about);
    return this.#answersTo.get(`${vpcId} ${key}`) ?? null;
  }

  /** A NAT gateway carries TCP, UDP and ICMP that were begun inside (S108, S110). */
  #natGateway(cloud: Cloud, eni: NetworkInterface, packet: ModelPacket): ModelPacket | DropCause {
    const [own = ''] = eni.privateIpAddresses;
    if (packet.destination === own) return this.#translations.back(eni.id, packet) ?? 'not-begun-inside';
    if (![TCP, UDP, ICMP].includes(packet.protocol)) return 'untranslatable';
    const inside = networksInside(cloud, vpcIdOfInterface(cloud, eni));
    if (!inside.some((id) => isInside(cloud, id, packet.source))) return 'spoofed';
    return this.#translations.out({ id: eni.id, publicIp: own }, packet) ?? 'not-begun-inside';
  }

  #natInstance(eni: NetworkInterface, packet: ModelPacket): ModelPacket | null {
    if (ownsAddress(eni, packet.destination)) return this.#translations.back(eni.id, packet);
    const own = addressesOf(eni, packet.family)[0];
    return own === undefined ? null : this.#translations.out({ id: eni.id, publicIp: own }, packet);
  }

  /** A network load balancer sends connections to its targets, each with the client's address or with its own (S55, S124). */
  #balancer(cloud: Cloud, eni: NetworkInterface, packet: ModelPacket): ModelPacket | DropCause | null {
    const known = this.#balanced.get(`${eni.id} ${flowKey(packet)}`);
    if (known !== undefined) return { ...known, tcp: packet.tcp };
    if (packet.icmp?.about != null) return this.#errorForTarget(eni, packet, packet.icmp.about);
    const { forwarding } = byId(cloud.instances, eni.instanceId);
    const port = forwarding?.ports.find((each) => each.port === packet.destinationPort);
    if (packet.protocol !== TCP || forwarding === null || port === undefined) return null;
    const target = this.#chosen(cloud, eni, port, packet);
    if (target === null) return null;
    const source = forwarding.preserveClientIp ? packet.source : (addressesOf(eni, packet.family)[0] ?? '');
    const onward = { ...packet, source, destination: target, destinationPort: port.targetPort };
    if (onward.source === onward.destination) return 'hairpin';
    this.#balanced.set(`${eni.id} ${flowKey(packet)}`, onward);
    this.#balanced.set(`${eni.id} ${reverseKey(onward)}`, reversed(packet));
    return onward;
  }

  /** An error about an answer is for the target that gave it; a balancer that speaks for its clients passes it on as its own. */
  #errorForTarget(eni: NetworkInterface, { icmp, ...error }: ModelPacket, about: ModelPacket): ModelPacket | null {
    const onward = this.#balanced.get(`${eni.id} ${reverseKey(about)}`);
    if (onward === undefined || icmp === null) return null;
    const source = ownsAddress(eni, onward.source) ? onward.source : error.source;
    return { ...error, source, destination: onward.destination, icmp: { ...icmp, about: reversed(onward) } };
  }

  /** Targets without an address of the family are passed over. */
  #chosen(cloud: Cloud, eni: NetworkInterface, { targetIds }: ForwardedPort, { family }: ModelPacket): string | null {
    const told = this.#behaviour.targets.get(eni.id);
    const inTurn = told === undefined || !targetIds.includes(told) ? targetIds : [told];
    const addresses = presentInterfaces(cloud, inTurn).flatMap((target) => addressesOf(target, family).slice(0, 1));
    return addresses[0] ?? null;
  }
}
