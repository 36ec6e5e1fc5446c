/** What a card or router said about one packet, as it crosses the controller's socket: for captures that explain themselves. */

import { interfaceName } from '../cloud/lookup.js';
import { endpointName } from '../cloud/text/endpoint.js';
import type { Cloud } from '../cloud/types.js';
import { namespacePrefix } from '../kernel/lab-names.js';
import type { LogRecord } from '../kernel/nflog.js';
import type { Stage } from '../verdict/types.js';
import { whyDropped } from './explain.js';
import { type Packet, PROTOCOL } from './packet.js';
import { rulesByIndex } from './rules-by-index.js';
import { readSighting, type Sighting } from './sighting.js';

export interface PacketReport {
  /** Microseconds since 1970. */
  readonly time: number;
  /** Who judged: `web-1.eth0 card`, `shop.vpc`. */
  readonly place: string;
  /** The network interface whose card it is; null for a router. */
  readonly interfaceId: string | null;
  readonly verdict: 'pass' | 'drop';
  readonly stage: Stage;
  /** Id of the rule that let it pass; null where none did. */
  readonly rule: string | null;
  /** Why it was dropped; empty where it passed. */
  readonly reason: string;
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
  const { interfaceId, verdict, stage, ruleIndex } = sighting;
  return {
    time: record.time ?? Date.now() * 1000,
    place:
      interfaceId === null
        ? place.namespace.slice(namespacePrefix(cloud.name).length)
        : `${interfaceName(cloud, interfaceId)} card`,
    interfaceId,
    verdict,
    stage,
    rule: rulesByIndex(cloud).get(ruleIndex) ?? null,
    reason: verdict === 'drop' ? reasonOf(cloud, sighting) : '',
    frame: Buffer.concat([linkHeader(record, sighting.packet), record.packet]).toString('base64'),
  };
}

function reasonOf(cloud: Cloud, sighting: Sighting): string {
  const { packet } = sighting;
  const from = ownerOf(cloud, packet.source);
  return whyDropped(
    cloud,
    { from, question: { destinationAddress: packet.destination } },
    sighting,
    trafficWords(packet),
  );
}

function ownerOf(cloud: Cloud, address: string): string {
  const eni = Object.values(cloud.networkInterfaces).find(
    ({ privateIpAddresses, ipv6Addresses }) => privateIpAddresses.includes(address) || ipv6Addresses.includes(address),
  );
  return eni === undefined ? address : endpointName(cloud, { kind: 'interface', interfaceId: eni.id });
}

/** `tcp/443`, `icmp`, `protocol 47`. */
function trafficWords({ protocol, destinationPort }: Packet): string {
  const name = Object.entries(PROTOCOL).find(([, number]) => number === protocol)?.[0];
  if (name === undefined) return `protocol ${protocol}`;
  return protocol === PROTOCOL.tcp || protocol === PROTOCOL.udp ? `${name}/${destinationPort}` : name;
}

/** A packet that its place made itself came by no frame: then one with empty addresses. */
function linkHeader({ linkHeader: found }: LogRecord, { family }: Packet): Buffer {
  if (found.length === ETHERNET_HEADER) return found;
  const made = Buffer.alloc(ETHERNET_HEADER);
  made.writeUInt16BE(family === 'ipv4' ? 0x0800 : 0x86dd, 12);
  return made;
}
