import { PROTOCOL } from '../../cloud/protocol.js';
import type { Cloud } from '../../cloud/types.js';
import type { LogRecord } from '../../kernel/nflog.js';
import { readSighting, ruleOf } from '../../observe/sighting.js';
import type { FlowReport } from './interface-log.js';

/** The stages of groups and network ACLs. Flow logs know nothing of routes and source/destination checks. */
const JUDGES: ReadonlySet<string> = new Set(['sg-egress', 'sg-ingress', 'nacl-outbound', 'nacl-inbound']);

/** @returns null for a record about anything but a verdict of groups or network ACLs */
export function readFlowReport(cloud: Cloud, record: LogRecord, interfaceId: string | null): FlowReport | null {
  const sighting = readSighting(record, interfaceId);
  if (sighting === null || !JUDGES.has(sighting.stage)) return null;
  const { verdict, stage, packet } = sighting;
  const { bytes, transport } = layout(record.packet);
  const isTcp = packet.protocol === PROTOCOL.tcp && record.packet.length > transport + TCP_FLAGS;
  return {
    verdict,
    stage,
    rule: ruleOf(cloud, sighting),
    packet,
    bytes,
    tcpFlags: isTcp ? recordedFlags(record.packet.readUInt8(transport + TCP_FLAGS)) : null,
    time: (record.time ?? Date.now() * 1000) / 1_000_000,
  };
}

const TCP_FLAGS = 13;
const FIN = 1;
const SYN = 2;
const RST = 4;
const ACK = 16;

/** AWS's: FIN, SYN, RST, and ACK only together with SYN. */
function recordedFlags(flags: number): number {
  return flags & (FIN | SYN | RST | ((flags & SYN) === 0 ? 0 : ACK));
}

/** The packet's length in bytes, and where its transport header begins if nothing stands before it. */
function layout(packet: Buffer): { bytes: number; transport: number } {
  if (packet.readUInt8(0) >> 4 === 6) return { bytes: IPV6_HEADER + packet.readUInt16BE(4), transport: IPV6_HEADER };
  return { bytes: packet.readUInt16BE(2), transport: (packet.readUInt8(0) & 0xf) * 4 };
}

const IPV6_HEADER = 40;
