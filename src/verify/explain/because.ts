/** One sentence for each stage: why it decided as it did. */
import { byId, findById } from '../../cloud/by-id.js';
import { traitsOfInterface } from '../../cloud/instances/kinds.js';
import { interfaceName } from '../../cloud/lookup.js';
import type { RouteTarget } from '../../cloud/network/types.js';
import { readEntryId } from '../../cloud/text/network-acl-words.js';
import { type ProbeQuestion, probeTrafficWords } from '../../cloud/text/probe.js';
import { ruleWords } from '../../cloud/text/rule-text.js';
import type { Cloud } from '../../cloud/types.js';
import { whyDropped } from '../../observe/explain.js';
import type { CardVerdict } from '../../oracle/card.js';
import type { Hop } from '../../oracle/journey.js';
import { decide } from '../../oracle/routing.js';
import type { Leg } from '../../verdict/types.js';
import { findRule } from './rules.js';

/** @param from the sender of the request, in words */
export function because(cloud: Cloud, from: string, question: ProbeQuestion, leg: Leg, hop: Hop): string {
  if (hop.verdict !== 'pass') {
    const what =
      leg === 'request' ? probeTrafficWords(question) : hop.packet.icmp?.about ? 'the ICMP error' : 'the reply';
    const cause = hop.card?.because === 'allowance' ? 'allowance' : hop.cause;
    return whyDropped(cloud, { from, question }, { ...hop, cause }, what);
  }
  switch (hop.stage) {
    case 'sg-egress':
    case 'sg-ingress':
      return hop.card === null ? '' : admitted(cloud, hop, hop.card);
    case 'source-dest-check':
      return checked(cloud, hop);
    case 'nacl-inbound':
    case 'nacl-outbound':
      return allowedByAcl(cloud, hop);
    case 'route':
      return routed(cloud, hop);
    case 'listener':
      return '';
  }
}

function admitted(cloud: Cloud, { interfaceId, stage }: Hop, card: CardVerdict): string {
  switch (card.because) {
    case 'rule':
      return card.ruleIds.length === 1 ? 'one rule admits it' : `${card.ruleIds.length} rules admit it`;
    case 'tracked':
      return `part of the connection that ${admitters(cloud, card)} admitted: no rule is asked`;
    case 'exempt':
      return "traffic with AWS's own services is not filtered";
    default: {
      const eni = byId(cloud.networkInterfaces, interfaceId ?? '');
      if (eni.groupIds.length === 0) return 'it has no security group, so nothing is filtered';
      const direction = stage === 'sg-egress' ? 'egress' : 'ingress';
      return `its ${direction} is ${traitsOfInterface(cloud, eni)[direction]}: no rule is asked`;
    }
  }
}

/** A rule that has been revoked since has no words any more. */
function admitters(cloud: Cloud, { ruleIds }: CardVerdict): string {
  const found = ruleIds.flatMap((id) => findRule(cloud, id) ?? []);
  const words = found.map(({ group, rule }) => `"${group.name}: ${ruleWords(cloud, rule)}"`);
  return words.length === 0 ? 'this card' : words.join(' and ');
}

function checked(cloud: Cloud, { interfaceId, packet }: Hop): string {
  const eni = byId(cloud.networkInterfaces, interfaceId ?? '');
  const own = [...eni.privateIpAddresses, ...eni.ipv6Addresses];
  if (own.includes(packet.source)) return `source ${packet.source} is its own`;
  if (own.includes(packet.destination)) return `destination ${packet.destination} is its own`;
  return `the check of ${interfaceName(cloud, eni.id)} is off`;
}

function allowedByAcl(cloud: Cloud, { cause }: Hop): string {
  const read = cause === null ? null : readEntryId(cloud, cause);
  return read === null ? '' : `entry ${read.number} of ${read.list.name} allows it`;
}

function routed(cloud: Cloud, { subnetId, packet }: Hop): string {
  const { target, destination } = decide(cloud, subnetId ?? '', packet.destination);
  if (target === null || destination === null) return '';
  const block = destination.type === 'cidr' ? destination.cidr : byId(cloud.prefixLists, destination.prefixListId).name;
  return `${packet.destination} is in ${block}: ${targetWords(cloud, target)}`;
}

function targetWords(cloud: Cloud, target: RouteTarget): string {
  switch (target.type) {
    case 'interface':
      return `via ${interfaceName(cloud, target.interfaceId)}`;
    case 'peering':
      return `via peering ${findById(cloud.peerings, target.peeringId)?.name ?? target.peeringId}`;
    case 'transit-gateway':
      return `via transit gateway ${byId(cloud.transitGateways, target.transitGatewayId).name}`;
    case 'gateway-endpoint':
      return `via gateway endpoint ${byId(cloud.gatewayEndpoints, target.endpointId).name}`;
    case 'local':
      return 'local';
    default:
      return `via the ${target.type}`;
  }
}
