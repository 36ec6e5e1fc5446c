/** Builds the part of a single packet after the IP header, without its checksum. */

import type { Family } from '../cloud/groups/types.js';
import { PROTOCOL } from '../cloud/protocol.js';
import type { PacketSpec, TcpFlag } from '../cloud/text/packet-spec.js';
import type { FlowPorts } from './client.js';
import { ECHO_REQUEST } from './icmp-sockets.js';
import { rawPayload } from './raw-payload.js';

const FLAG: Readonly<Record<TcpFlag, number>> = { fin: 1, syn: 2, rst: 4, psh: 8, ack: 16, urg: 32 };
const SCTP = 132;

export interface TransportContent {
  readonly ports: FlowPorts;
  /** The beginning of the packet that an ICMP error is about; null for any other packet. */
  readonly quote: Buffer | null;
  readonly content: Buffer;
}

export function transportBytes(
  { probe, flags, mtu }: PacketSpec,
  protocol: number,
  { ports, quote, content }: TransportContent,
): Buffer {
  switch (protocol) {
    case PROTOCOL.tcp:
      return Buffer.concat([tcpHeader(ports, flags), content]);
    case PROTOCOL.udp:
      return Buffer.concat([udpHeader(ports, content.length), content]);
    case PROTOCOL.icmp:
    case PROTOCOL.icmpv6: {
      const header = icmpHeader(probe.icmpType ?? 0, probe.icmpCode ?? 0, quote === null ? ports.source : null, mtu);
      return Buffer.concat([header, quote ?? Buffer.alloc(0), content]);
    }
    default:
      return otherProtocol(protocol, ports, content);
  }
}

/** Both ports and what else fits into the 8 bytes of a transport header that an ICMP error quotes at least. */
export function quotedTransport(protocol: number, ports: FlowPorts, family: Family): Buffer {
  switch (protocol) {
    case PROTOCOL.tcp:
      return tcpHeader(ports, ['ack']);
    case PROTOCOL.udp:
      return udpHeader(ports, 0);
    case PROTOCOL.icmp:
    case PROTOCOL.icmpv6:
      return icmpHeader(ECHO_REQUEST[family], 0, ports.source, null);
    default:
      return rawPayload(protocol, Buffer.alloc(8));
  }
}

function tcpHeader({ source, destination }: FlowPorts, flags: readonly TcpFlag[]): Buffer {
  const header = Buffer.alloc(20);
  header.writeUInt16BE(source, 0);
  header.writeUInt16BE(destination, 2);
  header.writeUInt32BE(1, 4);
  header.writeUInt8(0x50, 12);
  header.writeUInt8(
    flags.reduce((bits, flag) => bits | FLAG[flag], 0),
    13,
  );
  header.writeUInt16BE(65_535, 14);
  return header;
}

function udpHeader({ source, destination }: FlowPorts, length: number): Buffer {
  const header = Buffer.alloc(8);
  header.writeUInt16BE(source, 0);
  header.writeUInt16BE(destination, 2);
  header.writeUInt16BE(8 + length, 4);
  return header;
}

/** An error has no identifier; IPv4 has the next hop's MTU in the second half of these four bytes, IPv6 in all. */
function icmpHeader(type: number, code: number, identifier: number | null, mtu: number | null): Buffer {
  const header = Buffer.alloc(8);
  header.writeUInt8(type, 0);
  header.writeUInt8(code, 1);
  if (mtu !== null) header.writeUInt32BE(mtu, 4);
  else if (identifier !== null) header.writeUInt16BE(identifier, 4);
  return header;
}

function otherProtocol(protocol: number, { source, destination }: FlowPorts, content: Buffer): Buffer {
  const payload = rawPayload(protocol, content);
  if (protocol !== SCTP) return payload;
  payload.writeUInt16BE(source, 0);
  payload.writeUInt16BE(destination, 2);
  return payload;
}
