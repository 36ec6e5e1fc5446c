import { byId } from '../cloud/by-id.js';
import type { Listener } from '../cloud/instances/types.js';
import type { Cloud } from '../cloud/types.js';
import type { Place } from './journey.js';
import { answerType, ICMP, ICMPV6, type ModelPacket, reversed, TCP, UDP } from './packet.js';

/** Types that a Linux host answers by itself; the others it reads and keeps quiet. */
const ANSWERED_BY_HOST: ReadonlySet<number> = new Set([8, 13, 128]);

/**
 * What a machine sends back to a packet that reached it: the answer of a server, the RST or ICMP error of a host on which
 * nothing listens, or nothing.
 */
export function reaction(cloud: Cloud, place: Place, packet: ModelPacket): ModelPacket | null {
  if (packet.protocol === TCP) return tcpReaction(cloud, place, packet);
  if (packet.protocol === ICMP || packet.protocol === ICMPV6) return icmpReaction(packet);
  return listens(cloud, place, packet) ? reversed(packet) : unreachable(packet);
}

function tcpReaction(cloud: Cloud, place: Place, packet: ModelPacket): ModelPacket | null {
  if (packet.tcp !== 'syn') return null;
  return { ...reversed(packet), tcp: listens(cloud, place, packet) ? 'syn-ack' : 'rst' };
}

function icmpReaction(packet: ModelPacket): ModelPacket | null {
  const type = answerType(packet);
  if (packet.icmp === null || type === null || !ANSWERED_BY_HOST.has(packet.icmp.type)) return null;
  return { ...reversed(packet), icmp: { ...packet.icmp, type } };
}

/** Port unreachable, or protocol unreachable: RFC 792, RFC 4443. */
function unreachable(packet: ModelPacket): ModelPacket {
  const isUdp = packet.protocol === UDP;
  const [protocol, type, code] =
    packet.family === 'ipv4' ? [ICMP, 3, isUdp ? 3 : 2] : isUdp ? [ICMPV6, 1, 4] : [ICMPV6, 4, 1];
  return {
    ...reversed(packet),
    protocol,
    sourcePort: 0,
    destinationPort: 0,
    icmp: { type, code, identifier: 0, about: packet },
  };
}

function listens(cloud: Cloud, place: Place, { protocol, destinationPort }: ModelPacket): boolean {
  return listenersOf(cloud, place).some((listener) => {
    if (listener.protocol === 'raw') return listener.number === protocol;
    return (listener.protocol === 'tcp' ? TCP : UDP) === protocol && listener.port === destinationPort;
  });
}

/** The ports of an application load balancer are served by its proxy. */
function listenersOf(cloud: Cloud, place: Place): readonly Listener[] {
  if (place.kind === 'external') return byId(cloud.externalHosts, place.name).listen;
  const { listen, kind, forwarding } = byId(
    cloud.instances,
    byId(cloud.networkInterfaces, place.interfaceId).instanceId,
  );
  if (kind !== 'application-load-balancer') return listen;
  return [...listen, ...(forwarding?.ports ?? []).map(({ port }): Listener => ({ protocol: 'tcp', port }))];
}
