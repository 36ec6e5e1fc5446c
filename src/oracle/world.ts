/** The cloud with its memory: packets go through it one by one, rules change, time passes. */

import type { GatewayEndpoint, Peering, TransitGateway } from '../cloud/gateways/types.js';
import type { Direction } from '../cloud/groups/types.js';
import type { NetworkInterface } from '../cloud/interfaces/types.js';
import { byId } from '../cloud/lookup.js';
import type { Vpc } from '../cloud/network/types.js';
import { hasGateway } from '../cloud/network/vpc-blocks.js';
import type { Cloud } from '../cloud/types.js';
import { type Behaviour, ORDINARY } from './behaviour.js';
import { Card, type CardVerdict } from './card.js';
import type { Carrier } from './dialogue.js';
import {
  cannotComeIn,
  claimsService,
  isFromNowhere,
  isOnTheLink,
  isUnroutable,
  passesEndpoint,
  refusedInward,
  refusedOutward,
} from './edges.js';
import { Forwarders } from './forwarders.js';
import { arrivedAt, dropped, type Journey, type PacketEnd, passes, type Travel } from './journey.js';
import { judgeByAcl } from './network-acl.js';
import { type ModelPacket, tooBigError } from './packet.js';
import {
  type Decision,
  decide,
  interfaceAt,
  isInside,
  isOwn,
  ownsAddress,
  publiclyAt,
  staysWithin,
} from './routing.js';
import { EgressOnlyFlows, readdressed, Translations } from './translations.js';
import { viewOf } from './view.js';

const TTL = 64;

/** Bytes (MTU). */
export const VPC_MTU = 9001;
const INTERNET_MTU = 1500;

export class World implements Carrier {
  #cloud: Cloud;
  #now = 0;
  readonly behaviour: Behaviour;
  readonly #forwarders: Forwarders;
  readonly #cards = new Map<string, Card>();
  readonly #egressOnlyFlows = new EgressOnlyFlows();
  readonly #translations = new Translations();

  constructor(cloud: Cloud, behaviour: Behaviour = ORDINARY) {
    this.#cloud = cloud;
    this.behaviour = behaviour;
    this.#forwarders = new Forwarders(behaviour);
  }

  get cloud(): Cloud {
    return this.#cloud;
  }

  /** Model time in seconds. */
  get now(): number {
    return this.#now;
  }

  /** Changed rules, groups, lists and routes are in force at once; the interfaces' memory stays (4.4). */
  change(cloud: Cloud): void {
    for (const id of this.#cards.keys()) if (cloud.networkInterfaces[id] === undefined) this.#cards.delete(id);
    this.#cloud = cloud;
  }

  advance(seconds: number): void {
    this.#now += seconds;
  }

  /** Seconds after which each thing that is remembered now will be forgotten. */
  secondsLeft(): number[] {
    return [...this.#cards.values()].flatMap((card) =>
      card.entries(this.#now).map(({ expires }) => expires - this.#now),
    );
  }

  card(interfaceId: string): Card {
    const known = this.#cards.get(interfaceId) ?? new Card();
    this.#cards.set(interfaceId, known);
    return known;
  }

  /** @param size in bytes, where the packet may be too big for a link */
  send(packet: ModelPacket, from: PacketEnd, size = 0): Journey {
    const travel: Travel = { packet, hops: [], forwardedBy: null, size, ttl: TTL };
    if (from.kind === 'external') return this.#internet(travel);
    const eni = byId(this.#cloud.networkInterfaces, from.interfaceId);
    return this.#leave(this.#exitOf(eni), { ...travel, packet: this.#forwarders.sent(this.#cloud, eni, packet) });
  }

  #exitOf({ id }: NetworkInterface): NetworkInterface {
    return byId(this.#cloud.networkInterfaces, this.behaviour.exits.get(id) ?? id);
  }

  /** A packet leaves an instance through its card into the VPC. */
  #leave(eni: NetworkInterface, travel: Travel): Journey {
    const { packet } = travel;
    if (isOwn(this.#cloud, eni, packet.destination)) return arrivedAt(eni, travel);
    const at = { interface: eni.id };
    if (eni.sourceDestCheck && !ownsAddress(eni, packet.source)) return dropped(travel, 'source-dest-check', at);
    const card = this.#judge(eni, 'egress', travel);
    if (card.verdict === 'drop') return dropped(travel, 'sg-egress', { ...at, card });
    passes(travel, 'sg-egress', { ...at, card });
    passes(travel, 'source-dest-check', at);
    const isForwarded = !ownsAddress(eni, packet.source);
    if (isForwarded) this.#forwarders.awaitAnswer(this.#cloud, eni, packet);
    return this.#route(eni.subnetId, { ...travel, forwardedBy: isForwarded ? eni : null });
  }

  /** A packet that leaves a subnet goes where the route table says. */
  #route(subnetId: string, travel: Travel): Journey {
    const subnet = byId(this.#cloud.subnets, subnetId);
    const { vpcId } = subnet;
    if (claimsService(this.#cloud, vpcId, travel.packet)) return dropped(travel, 'route', { cause: 'spoofed' });
    if (isOnTheLink(travel.packet.destination)) return dropped(travel, 'route', { cause: 'no-route' });
    const through = this.#forwarders.answersTo(vpcId, travel.packet);
    const { target, state } = this.#routeOf(subnetId, travel.packet, through);
    if (!staysWithin(this.#cloud, subnet, target, travel.packet.destination)) {
      const { allowed, entry } = judgeByAcl(this.#cloud, subnet, 'egress', travel.packet);
      if (!allowed) return dropped(travel, 'nacl-outbound', { subnetId, rule: entry });
      passes(travel, 'nacl-outbound', { subnetId, rule: entry });
    }
    if (target === null) return dropped(travel, 'route', { subnetId, cause: 'no-route' });
    if (state === 'blackhole') return dropped(travel, 'route', { subnetId, cause: 'blackhole' });
    passes(travel, 'route', { subnetId, through });
    switch (target.type) {
      case 'local':
        return this.#local(vpcId, subnetId, travel);
      case 'interface':
        return this.#enter(byId(this.#cloud.networkInterfaces, target.interfaceId), subnetId, travel);
      case 'internet-gateway':
        return this.#internetGateway(byId(this.#cloud.vpcs, vpcId), travel);
      case 'egress-only-internet-gateway':
        return this.#outOnly(byId(this.#cloud.vpcs, vpcId), travel);
      case 'peering':
        return this.#peering(byId(this.#cloud.peerings, target.peeringId), vpcId, travel);
      case 'transit-gateway':
        return this.#transit(byId(this.#cloud.transitGateways, target.transitGatewayId), vpcId, travel);
      case 'gateway-endpoint':
        return this.#endpoint(byId(this.#cloud.gatewayEndpoints, target.endpointId), travel);
    }
  }

  #routeOf(subnetId: string, { destination }: ModelPacket, through: string | null): Pick<Decision, 'target' | 'state'> {
    if (through === null) return decide(this.#cloud, subnetId, destination);
    return { target: { type: 'interface', interfaceId: through }, state: 'active' };
  }

  /** A transit gateway carries between attached VPCs, whatever the source (S54). */
  #transit({ attachments }: TransitGateway, vpcId: string, travel: Travel): Journey {
    const attached = attachments.map((each) => each.vpcId);
    if (isFromNowhere(this.#cloud, attached, travel.packet)) return dropped(travel, 'route', { cause: 'spoofed' });
    const to = attached.find((id) => id !== vpcId && isInside(this.#cloud, id, travel.packet.destination));
    if (to === undefined || !attached.includes(vpcId)) return dropped(travel, 'route', { cause: 'no-route' });
    return this.#local(to, null, travel);
  }

  /** A gateway endpoint leads to the service, which sees an address of AWS's own (GWE). */
  #endpoint(endpoint: GatewayEndpoint, travel: Travel): Journey {
    if (!passesEndpoint(travel.packet)) return dropped(travel, 'route', { cause: 'endpoint-protocol' });
    if (!isInside(this.#cloud, endpoint.vpcId, travel.packet.source)) {
      return dropped(travel, 'route', { cause: 'spoofed' });
    }
    const packet = this.#translations.out(endpoint, travel.packet);
    if (packet === null) return dropped(travel, 'route', { cause: 'not-begun-inside' });
    return this.#outward(endpoint.vpcId, travel, packet);
  }

  /** A peering carries between the two VPCs' own addresses: neither to a third VPC nor to the other's gateways (S104, S105). */
  #peering(peering: Peering, vpcId: string, travel: Travel): Journey {
    if (peering.status !== 'active') return dropped(travel, 'route', { cause: 'peering-not-active' });
    const peerId = vpcId === peering.requesterVpcId ? peering.accepterVpcId : peering.requesterVpcId;
    const { source, destination } = travel.packet;
    if (!isInside(this.#cloud, vpcId, source) && isInside(this.#cloud, peerId, source)) {
      return dropped(travel, 'route', { cause: 'spoofed' });
    }
    const isBetween = isInside(this.#cloud, vpcId, source) && isInside(this.#cloud, peerId, destination);
    if (!isBetween) return dropped(travel, 'route', { cause: 'not-transitive' });
    return this.#local(peerId, null, travel);
  }

  /** An egress-only gateway lets IPv6 out, and only the answers back in (S109). */
  #outOnly(vpc: Vpc, travel: Travel): Journey {
    if (travel.packet.family === 'ipv4') return dropped(travel, 'route', { cause: 'no-route' });
    const cause = refusedOutward(this.#cloud, vpc.id, travel.packet);
    if (cause !== null) return dropped(travel, 'route', { cause });
    this.#egressOnlyFlows.recordOutbound(vpc.id, travel.packet);
    return this.#outward(vpc.id, travel, travel.packet);
  }

  /** @param fromSubnetId null for what a gateway brings in */
  #local(vpcId: string, fromSubnetId: string | null, travel: Travel): Journey {
    if (fromSubnetId === null && cannotComeIn(this.#cloud, vpcId, travel.packet)) {
      return dropped(travel, 'route', { cause: 'spoofed' });
    }
    const eni = interfaceAt(this.#cloud, vpcId, travel.packet.destination);
    if (eni === null) return dropped(travel, 'route', { cause: 'no-interface' });
    return this.#enter(eni, fromSubnetId, travel);
  }

  /** Through the card of an interface into its instance, or, if it is nobody's there, through that instance. */
  #enter(eni: NetworkInterface, fromSubnetId: string | null, travel: Travel): Journey {
    const { packet } = travel;
    if (fromSubnetId !== eni.subnetId) {
      const subnet = byId(this.#cloud.subnets, eni.subnetId);
      const { allowed, entry } = judgeByAcl(this.#cloud, subnet, 'ingress', packet);
      const at = { subnetId: subnet.id, rule: entry };
      if (!allowed) return dropped(travel, 'nacl-inbound', at);
      passes(travel, 'nacl-inbound', at);
    }
    const at = { interface: eni.id };
    const isItsOwn = ownsAddress(eni, packet.destination);
    if (eni.sourceDestCheck && !isItsOwn) return dropped(travel, 'source-dest-check', at);
    passes(travel, 'source-dest-check', at);
    const card = this.#judge(eni, 'ingress', travel);
    if (card.verdict === 'drop') return dropped(travel, 'sg-ingress', { ...at, card });
    passes(travel, 'sg-ingress', { ...at, card });
    const onward = this.#forwarders.forward(this.#cloud, eni, packet);
    if (typeof onward === 'string') return dropped(travel, 'route', { cause: onward });
    if (onward === null && isItsOwn) return arrivedAt(eni, travel);
    if (travel.ttl === 0) return dropped(travel, 'route', { cause: 'no-route' });
    return this.#leave(this.#exitOf(eni), { ...travel, packet: onward ?? packet, ttl: travel.ttl - 1 });
  }

  /** Out of the VPC: a public address takes the place of the private one (S106, S107); IPv6 stays as it is. */
  #internetGateway(vpc: Vpc, travel: Travel): Journey {
    const { packet } = travel;
    const cause = refusedOutward(this.#cloud, vpc.id, packet);
    if (cause !== null) return dropped(travel, 'route', { cause });
    if (packet.family === 'ipv6') return this.#outward(vpc.id, travel, packet);
    const sender = interfaceAt(this.#cloud, vpc.id, packet.source);
    if (sender === null || sender.publicIp === null || sender.privateIpAddresses[0] !== packet.source) {
      return dropped(travel, 'route', { cause: 'no-public-address' });
    }
    return this.#outward(vpc.id, travel, { ...packet, source: sender.publicIp });
  }

  /** The links to the internet carry less than those inside; the error about the packet is judged as any other (S82). */
  #outward(vpcId: string, travel: Travel, packet: ModelPacket): Journey {
    if (travel.size <= INTERNET_MTU) return this.#internet({ ...travel, packet });
    const about = { hops: [], forwardedBy: null, size: 0, ttl: TTL, packet: tooBigError(travel.packet) };
    return { hops: travel.hops, arrival: null, tooBig: { mtu: INTERNET_MTU, error: this.#local(vpcId, null, about) } };
  }

  #internet(travel: Travel): Journey {
    const { packet, hops } = travel;
    if (isUnroutable(packet)) return dropped(travel, 'route', { cause: 'spoofed' });
    const host = Object.values(this.#cloud.externalHosts).find(({ addresses }) =>
      addresses.includes(packet.destination),
    );
    if (host !== undefined) return { hops, arrival: { place: { kind: 'external', name: host.name }, packet } };
    return this.#intoEndpoint(travel) ?? this.#intoVpc(travel) ?? dropped(travel, 'route', { cause: 'no-route' });
  }

  #intoEndpoint(travel: Travel): Journey | null {
    const endpoint = Object.values(this.#cloud.gatewayEndpoints).find(
      ({ publicIp }) => publicIp === travel.packet.destination,
    );
    if (endpoint === undefined) return null;
    const back = this.#translations.back(endpoint.id, travel.packet);
    if (back === null) return dropped(travel, 'route', { cause: 'not-begun-inside' });
    return this.#local(endpoint.vpcId, null, { ...travel, packet: back });
  }

  #intoVpc(travel: Travel): Journey | null {
    const { packet } = travel;
    for (const vpc of Object.values(this.#cloud.vpcs).filter(hasGateway)) {
      const eni = publiclyAt(this.#cloud, vpc, packet);
      if (eni === null) continue;
      const cause = refusedInward(this.#cloud, vpc.id, packet);
      if (cause !== null) return dropped(travel, 'route', { cause });
      const [primary = ''] = eni.privateIpAddresses;
      const { target } = decide(this.#cloud, eni.subnetId, packet.source);
      if (target?.type === 'egress-only-internet-gateway' && !this.#egressOnlyFlows.isAnswered(vpc.id, packet)) {
        return dropped(travel, 'route', { cause: 'egress-only' });
      }
      const inside = packet.family === 'ipv4' ? readdressed(packet, primary) : packet;
      return this.#local(vpc.id, null, { ...travel, packet: inside, forwardedBy: null });
    }
    return null;
  }

  #judge(eni: NetworkInterface, direction: Direction, travel: Travel): CardVerdict {
    const view = viewOf(this.#cloud, eni, direction, travel);
    return this.card(eni.id).judge(this.#cloud, eni, { ...view, now: this.#now });
  }
}
