/** A place's decision about one packet, as it crosses the controller's socket: for captures and explanations. */
import { interfaceName } from '../cloud/lookup.js';
import { hasPorts } from '../cloud/protocol.js';
import { endpointName } from '../cloud/text/endpoint.js';
import type { Cloud } from '../cloud/types.js';
import { namespacePrefix } from '../kernel/lab-names.js';
import type { LogRecord } from '../kernel/nflog.js';
import { protocolText, type ToldReport } from '../verdict/phrases.js';
import { dropReason } from '../verdict/reason.js';
import type { Hop } from '../verdict/types.js';
import type { Packet } from './packet.js';
import { readSighting, ruleOf } from './sighting.js';

export interface PacketReport extends Omit<Hop, 'leg'>, ToldReport {
  /** Id of the security group's rule that let it pass; null where none did. */
  readonly rule: string | null;
  /** Microseconds since 1970. */
  readonly time: number;
  /** The frame's beginning, from the Ethernet header on, in base64. */
  readonly frame: string;
}

export const ETHERNET_HEADER = 14;

/** @returns null for a record about no packet, or about something else than a verdict */
export function packetReport(
  cloud: Cloud,
  place: { readonly namespace: string; readonly interfaceId: string | null },
  record: LogRecord,
): PacketReport | null {
  const sighting = readSighting(record, place.interfaceId);
  if (sighting === null) return null;
  const { interface: id, verdict, stage, packet } = sighting;
  const isDrop = verdict === 'drop';
  return {
    time: record.time ?? Date.now() * 1000,
    place: id === null ? place.namespace.slice(namespacePrefix(cloud.name).length) : `${interfaceName(cloud, id)} card`,
    interface: id,
    verdict,
    stage,
    rule: isDrop ? null : ruleOf(cloud, sighting),
    reason: isDrop ? dropReason(cloud, sighting, ownerOf(cloud, packet.source)) : null,
    traffic: packetTraffic(packet),
    frame: Buffer.concat([linkHeader(record, packet), record.packet]).toString('base64'),
  };
}

function ownerOf(cloud: Cloud, address: string): string {
  const eni = Object.values(cloud.networkInterfaces).find(
    ({ privateIpAddresses, ipv6Addresses }) => privateIpAddresses.includes(address) || ipv6Addresses.includes(address),
  );
  return eni === undefined ? address : endpointName(cloud, { kind: 'interface', interfaceId: eni.id });
}

/** `tcp/443`, `icmpv6`, `icmp/3/4` for an error, `protocol 47`. */
function packetTraffic({ protocol, destinationPort, icmp }: Packet): string {
  const name = protocolText(protocol);
  if (icmp !== null && icmp.about !== null) return `${name}/${icmp.type}/${icmp.code}`;
  return hasPorts(name) ? `${name}/${destinationPort}` : name;
}

/** A packet that its place made itself came by no frame: then a header with empty addresses stands in. */
function linkHeader({ linkHeader: found }: LogRecord, { family }: Packet): Buffer {
  if (found.length === ETHERNET_HEADER) return found;
  const made = Buffer.alloc(ETHERNET_HEADER);
  made.writeUInt16BE(family === 'ipv4' ? 0x0800 : 0x86dd, 12);
  return made;
}
