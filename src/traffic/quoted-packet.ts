/** The packet that an ICMP error quotes. */

import type { Family } from '../cloud/groups/types.js';
import { byId } from '../cloud/lookup.js';
import { PROTOCOL, protocolNumber } from '../cloud/protocol.js';
import type { Endpoint } from '../cloud/text/endpoint.js';
import type { ProbeQuestion } from '../cloud/text/probe.js';
import type { Cloud } from '../cloud/types.js';
import { SglabError } from '../errors.js';
import type { FlowPorts } from './client.js';
import type { OpenFlow } from './flows.js';

export interface QuotedPacket {
  readonly protocol: number;
  readonly source: string;
  readonly destination: string;
  readonly ports: FlowPorts;
}

/** Builds a datagram that was never sent, from the receiver of the error to its sender. */
export function fabricatedPacket({ sourceAddress, destinationAddress }: ProbeQuestion, ports: FlowPorts): QuotedPacket {
  return { protocol: PROTOCOL.udp, source: destinationAddress, destination: sourceAddress, ports };
}

/**
 * Builds the packet of a flow that the receiver of the error sent, with the addresses that it has at the sender of the
 * error: outside the VPC those that the internet gateway gives it.
 * @throws SglabError if the receiver is no end of the flow
 */
export function packetOfFlow(cloud: Cloud, flow: OpenFlow, { from, to }: ProbeQuestion): QuotedPacket {
  const { question, ports, serverAddress } = flow;
  const { sourceAddress, destinationAddress, family } = question;
  const protocol = protocolNumber(question.protocol);
  const isOutside = from.kind === 'external';
  const leavesVpc = question.from.kind === 'external' || question.to.kind === 'external';
  const translated = publicAddress(cloud, question.from, family) ?? sourceAddress;
  if (isSameEnd(to, question.from)) {
    return { protocol, source: isOutside ? translated : sourceAddress, destination: destinationAddress, ports };
  }
  if (isSameEnd(to, question.to)) {
    return {
      protocol,
      source: isOutside ? destinationAddress : serverAddress,
      destination: leavesVpc ? translated : sourceAddress,
      ports: { source: ports.destination, destination: ports.source },
    };
  }
  throw new SglabError('InvalidPacket', `an error about the flow ${flow.name} goes to ${flow.from} or ${flow.to}`);
}

function publicAddress(cloud: Cloud, end: Endpoint, family: Family): string | null {
  return end.kind === 'external' || family === 'ipv6' ? null : byId(cloud.networkInterfaces, end.interfaceId).publicIp;
}

function isSameEnd(a: Endpoint, b: Endpoint): boolean {
  if (a.kind === 'external' || b.kind === 'external') return a.kind === b.kind && nameOf(a) === nameOf(b);
  return a.interfaceId === b.interfaceId;
}

const nameOf = (end: Endpoint) => (end.kind === 'external' ? end.name : end.interfaceId);
