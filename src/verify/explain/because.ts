/** Gives the reason for each hop of the model, as a sentence. */

import { traitsOfInterface } from '../../cloud/instances/kinds.js';
import { byId, findById, interfaceName } from '../../cloud/lookup.js';
import type { RouteTarget } from '../../cloud/network/types.js';
import { probeTrafficText } from '../../cloud/text/probe.js';
import { ruleText } from '../../cloud/text/rule.js';
import type { Cloud } from '../../cloud/types.js';
import type { CardVerdict } from '../../oracle/card.js';
import type { ModelHop } from '../../oracle/journey.js';
import { decide } from '../../oracle/routing.js';
import { aclEntry, dropReason, type PassReason } from '../../verdict/reason.js';
import { dropReasonText, passReasonText } from '../../verdict/sentence.js';
import type { Leg } from '../../verdict/types.js';
import { findRule } from './rules.js';
import type { ExplainContext } from './types.js';

/** @returns an empty text if there is no reason to give */
export function because({ cloud, from, question }: ExplainContext, leg: Leg, hop: ModelHop): string {
  if (hop.verdict === 'pass') {
    const reason = passReason(cloud, hop);
    return reason === null ? '' : passReasonText(reason);
  }
  const reply = hop.packet.icmp?.about ? 'the ICMP error' : 'the reply';
  const cause = hop.card?.because === 'allowance' ? 'allowance' : hop.cause;
  // Behind a balancer the request is for another port than the client's.
  const port = question.port === null ? null : hop.packet.destinationPort;
  return dropReasonText(
    dropReason(cloud, { ...hop, cause }, from),
    leg === 'request' ? probeTrafficText({ ...question, port }) : reply,
  );
}

function passReason(cloud: Cloud, hop: ModelHop): PassReason | null {
  switch (hop.stage) {
    case 'sg-egress':
    case 'sg-ingress':
      return hop.card === null ? null : cardReason(cloud, hop, hop.card);
    case 'source-dest-check':
      return checkReason(cloud, hop);
    case 'nacl-inbound':
    case 'nacl-outbound': {
      const entry = aclEntry(cloud, hop.rule);
      return entry === null ? null : { type: 'allowed', ...entry };
    }
    case 'route':
      return routeReason(cloud, hop);
    default:
      return null;
  }
}

function cardReason(
  cloud: Cloud,
  { interface: id, stage }: ModelHop,
  { because: why, ruleIds }: CardVerdict,
): PassReason {
  switch (why) {
    case 'rule':
      return { type: 'admitted', rules: ruleIds.length };
    case 'tracked':
      return { type: 'tracked', admittedBy: ruleTexts(cloud, ruleIds) };
    case 'exempt':
      return { type: 'exempt' };
    default: {
      const eni = byId(cloud.networkInterfaces, id ?? '');
      if (eni.groupIds.length === 0) return { type: 'no-groups' };
      const direction = stage === 'sg-egress' ? 'egress' : 'ingress';
      return { type: 'not-filtered', direction, access: traitsOfInterface(cloud, eni)[direction] };
    }
  }
}

/** A rule that has been revoked since has no text any more. */
function ruleTexts(cloud: Cloud, ruleIds: readonly string[]): string[] {
  const found = ruleIds.flatMap((id) => findRule(cloud, id) ?? []);
  return found.map(({ group, rule }) => `"${group.name}: ${ruleText(cloud, rule)}"`);
}

function checkReason(cloud: Cloud, { interface: id, packet }: ModelHop): PassReason {
  const eni = byId(cloud.networkInterfaces, id ?? '');
  const own = [...eni.privateIpAddresses, ...eni.ipv6Addresses];
  if (own.includes(packet.source)) return { type: 'own-source', address: packet.source };
  if (own.includes(packet.destination)) return { type: 'own-destination', address: packet.destination };
  return { type: 'check-off', interface: interfaceName(cloud, eni.id) };
}

function routeReason(cloud: Cloud, { subnetId, packet, through }: ModelHop): PassReason | null {
  if (through !== null) return { type: 'answers-through', interface: interfaceName(cloud, through) };
  const { target, destination } = decide(cloud, subnetId ?? '', packet.destination);
  if (target === null || destination === null) return null;
  const block = destination.type === 'cidr' ? destination.cidr : byId(cloud.prefixLists, destination.prefixListId).name;
  return { type: 'routed', destination: packet.destination, block, target: targetText(cloud, target) };
}

function targetText(cloud: Cloud, target: RouteTarget): string {
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
