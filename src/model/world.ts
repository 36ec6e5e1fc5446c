/** The cloud with its memory: packets go through it one by one, rules change, time passes. */
import { byId, findById } from '../cloud/by-id.js';
import { cidrContains, parseAddress, parseCidr } from '../cloud/cidr.js';
import { kindOfInterface, traitsOf } from '../cloud/kinds.js';
import { vpcIdOfInterface } from '../cloud/lookup.js';
import type {
  Cloud,
  Direction,
  NetworkInterface,
  Peering,
  RouteTarget,
  Subnet,
  TransitGateway,
  Vpc,
} from '../cloud/types.js';
import { vpcBlocks } from '../cloud/vpc-blocks.js';
import { Card, type CardVerdict } from './card.js';
import type { Carrier } from './dialogue.js';
import type { Hop, Journey, Place } from './journey.js';
import { judgeByAcl } from './network-acl.js';
import { ICMP, type ModelPacket, TCP, UDP } from './packet.js';
import { decide, interfaceAt, ownsAddress } from './routing.js';
import { flowKey, reverseKey } from './tracking.js';

/** A packet under way inside a VPC. */
interface Travel {
  readonly packet: ModelPacket;
  readonly hops: Hop[];
  /** It was forwarded by an interface that it does not belong to: references to groups do not match it (3.2). */
  readonly forwarded: boolean;
  /** How many machines may still forward it. */
  readonly ttl: number;
}

const TTL = 64;

export class World implements Carrier {
  #cloud: Cloud;
  #now = 0;
  readonly #cards = new Map<string, Card>();
  /** Flows that went out by an egress-only gateway. */
  readonly #outward = new Set<string>();
  /** Who inside a translated flow belongs to, by translator and the flow of its answers. */
  readonly #translated = new Map<string, string>();

  constructor(cloud: Cloud) {
    this.#cloud = cloud;
  }

  get cloud(): Cloud {
    return this.#cloud;
  }

  /** Model time in seconds. */
  get now(): number {
    return this.#now;
  }

  /** Rules, groups, lists, routes: in force at once; what interfaces remember stays (4.4). */
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

  send(packet: ModelPacket, from: Place): Journey {
    const travel: Travel = { packet, hops: [], forwarded: false, ttl: TTL };
    if (from.kind === 'external') return this.#internet(travel);
    return this.#leave(byId(this.#cloud.networkInterfaces, from.interfaceId), travel);
  }

  /** From an instance through its card into the VPC. */
  #leave(eni: NetworkInterface, travel: Travel): Journey {
    const { packet } = travel;
    if (this.#isOwn(eni, packet.destination)) return arrivedAt(eni, travel);
    const at = { interfaceId: eni.id };
    if (eni.sourceDestCheck && !ownsAddress(eni, packet.source)) return dropped(travel, 'source-dest-check', at);
    const card = this.#judge(eni, 'egress', travel);
    if (card.verdict === 'drop') return dropped(travel, 'sg-egress', { ...at, card });
    passes(travel, 'sg-egress', { ...at, card });
    passes(travel, 'source-dest-check', at);
    const forwarded = travel.forwarded || !ownsAddress(eni, packet.source);
    return this.#route(eni.subnetId, { ...travel, forwarded });
  }

  /** An instance reaches each of its own addresses without leaving (S114). */
  #isOwn(eni: NetworkInterface, destination: string): boolean {
    const { interfaceIds } = byId(this.#cloud.instances, eni.instanceId);
    return interfaceIds.some((id) => ownsAddress(byId(this.#cloud.networkInterfaces, id), destination));
  }

  /** What leaves a subnet goes where its route table says. */
  #route(subnetId: string, travel: Travel): Journey {
    const subnet = byId(this.#cloud.subnets, subnetId);
    const { vpcId } = subnet;
    const { target, state } = decide(this.#cloud, subnetId, travel.packet.destination);
    if (!this.#staysWithin(subnet, target, travel.packet)) {
      const { allowed, entry } = judgeByAcl(this.#cloud, subnet, 'egress', travel.packet);
      if (!allowed) return dropped(travel, 'nacl-outbound', { subnetId, cause: entry });
      passes(travel, 'nacl-outbound', { subnetId, cause: entry });
    }
    if (target === null) return dropped(travel, 'route', { subnetId, cause: 'no-route' });
    if (state === 'blackhole') return dropped(travel, 'route', { subnetId, cause: 'blackhole' });
    passes(travel, 'route', { subnetId });
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
        return this.#internet(this.#translate(byId(this.#cloud.gatewayEndpoints, target.endpointId), travel));
    }
  }

  /** Between attached VPCs, whatever the source (S54). */
  #transit({ attachments }: TransitGateway, vpcId: string, travel: Travel): Journey {
    const attached = attachments.map((each) => each.vpcId);
    const to = attached.find((id) => id !== vpcId && this.#isInside(id, travel.packet.destination));
    if (to === undefined || !attached.includes(vpcId)) return dropped(travel, 'route', { cause: 'no-route' });
    return this.#local(to, null, travel);
  }

  /** Out from inside, with the translator's address; its answer will be recognised by it. */
  #translate({ id, publicIp }: { readonly id: string; readonly publicIp: string }, travel: Travel): Travel {
    const packet = { ...travel.packet, source: publicIp };
    this.#translated.set(`${id} ${reverseKey(packet)}`, travel.packet.source);
    return { ...travel, packet };
  }

  /** The packet as it was meant for the inside; null for what nobody inside asked for. */
  #translatedBack(id: string, packet: ModelPacket): ModelPacket | null {
    const about = packet.icmp?.about ?? null;
    const key = about === null ? flowKey(packet) : reverseKey(about);
    const destination = this.#translated.get(`${id} ${key}`);
    return destination === undefined ? null : readdressed(packet, destination);
  }

  /** TCP, UDP and ICMP, begun inside (S108, S110). */
  #natGateway(eni: NetworkInterface, travel: Travel): Journey {
    const { packet } = travel;
    const [own = ''] = eni.privateIpAddresses;
    if (packet.destination === own) {
      const back = this.#translatedBack(eni.id, packet);
      if (back === null) return dropped(travel, 'route', { cause: 'not-begun-inside' });
      return this.#leave(eni, { ...travel, packet: back });
    }
    if (![TCP, UDP, ICMP].includes(packet.protocol)) return dropped(travel, 'route', { cause: 'untranslatable' });
    return this.#leave(eni, this.#translate({ id: eni.id, publicIp: own }, travel));
  }

  /** Between the two VPCs' own addresses, and no further: neither to a third VPC nor to the other's gateways (S104, S105). */
  #peering(peering: Peering, vpcId: string, travel: Travel): Journey {
    if (peering.status !== 'active') return dropped(travel, 'route', { cause: 'peering-not-active' });
    const peerId = vpcId === peering.requesterVpcId ? peering.accepterVpcId : peering.requesterVpcId;
    const isBetween = this.#isInside(vpcId, travel.packet.source) && this.#isInside(peerId, travel.packet.destination);
    if (!isBetween) return dropped(travel, 'route', { cause: 'not-transitive' });
    return this.#local(peerId, null, travel);
  }

  #isInside(vpcId: string, address: string): boolean {
    return vpcBlocks(byId(this.#cloud.vpcs, vpcId)).some((block) =>
      cidrContains(parseCidr(block), parseAddress(address)),
    );
  }

  /** IPv6 out, and only the answers back in (S109). */
  #outOnly(vpc: Vpc, travel: Travel): Journey {
    if (travel.packet.family === 'ipv4') return dropped(travel, 'route', { cause: 'no-route' });
    const key = flowKey(travel.packet);
    if (key !== null) this.#outward.add(`${vpc.id} ${key}`);
    return this.#internet(travel);
  }

  /** Is it an answer to what went out by the egress-only gateway, or the answer's error? */
  #isAnswered(vpc: Vpc, packet: ModelPacket): boolean {
    const key = packet.icmp?.about == null ? reverseKey(packet) : flowKey(packet.icmp.about);
    return key !== null && this.#outward.has(`${vpc.id} ${key}`);
  }

  /** Inside a subnet no network ACL is asked (S95). */
  #staysWithin({ id, vpcId }: Subnet, target: RouteTarget | null, { destination }: ModelPacket): boolean {
    const eni =
      target?.type === 'interface'
        ? (findById(this.#cloud.networkInterfaces, target.interfaceId) ?? null)
        : target?.type === 'local'
          ? interfaceAt(this.#cloud, vpcId, destination)
          : null;
    return eni?.subnetId === id;
  }

  #local(vpcId: string, fromSubnetId: string | null, travel: Travel): Journey {
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
      const at = { subnetId: subnet.id, cause: entry };
      if (!allowed) return dropped(travel, 'nacl-inbound', at);
      passes(travel, 'nacl-inbound', at);
    }
    const at = { interfaceId: eni.id };
    const isOwn = ownsAddress(eni, packet.destination);
    if (eni.sourceDestCheck && !isOwn) return dropped(travel, 'source-dest-check', at);
    passes(travel, 'source-dest-check', at);
    const card = this.#judge(eni, 'ingress', travel);
    if (card.verdict === 'drop') return dropped(travel, 'sg-ingress', { ...at, card });
    passes(travel, 'sg-ingress', { ...at, card });
    if (byId(this.#cloud.instances, eni.instanceId).kind === 'nat-gateway') return this.#natGateway(eni, travel);
    if (isOwn) return arrivedAt(eni, travel);
    if (travel.ttl === 0) return dropped(travel, 'route', { cause: 'no-route' });
    return this.#leave(eni, { ...travel, ttl: travel.ttl - 1 });
  }

  /** Out of the VPC: a public address takes the place of the private one (S106, S107); IPv6 stays as it is. */
  #internetGateway(vpc: Vpc, travel: Travel): Journey {
    const { packet } = travel;
    if (packet.family === 'ipv6') return this.#internet(travel);
    const sender = interfaceAt(this.#cloud, vpc.id, packet.source);
    if (sender === null || sender.publicIp === null || sender.privateIpAddresses[0] !== packet.source) {
      return dropped(travel, 'route', { cause: 'no-public-address' });
    }
    return this.#internet({ ...travel, packet: { ...packet, source: sender.publicIp } });
  }

  #internet(travel: Travel): Journey {
    const { packet, hops } = travel;
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
    const back = this.#translatedBack(endpoint.id, travel.packet);
    if (back === null) return dropped(travel, 'route', { cause: 'not-begun-inside' });
    return this.#local(endpoint.vpcId, null, { ...travel, packet: back });
  }

  #intoVpc(travel: Travel): Journey | null {
    const { packet } = travel;
    for (const vpc of Object.values(this.#cloud.vpcs).filter(hasEdge)) {
      const eni = this.#publiclyAt(vpc, packet);
      if (eni === null) continue;
      const [primary = ''] = eni.privateIpAddresses;
      const { target } = decide(this.#cloud, eni.subnetId, packet.source);
      if (target?.type === 'egress-only-internet-gateway' && !this.#isAnswered(vpc, packet)) {
        return dropped(travel, 'route', { cause: 'egress-only' });
      }
      const inside = packet.family === 'ipv4' ? readdressed(packet, primary) : packet;
      return this.#local(vpc.id, null, { ...travel, packet: inside, forwarded: false });
    }
    return null;
  }

  #publiclyAt(vpc: Vpc, { family, destination }: ModelPacket): NetworkInterface | null {
    if (family === 'ipv6') return interfaceAt(this.#cloud, vpc.id, destination);
    const found = Object.values(this.#cloud.networkInterfaces).find(
      ({ publicIp, subnetId }) => publicIp === destination && byId(this.#cloud.subnets, subnetId).vpcId === vpc.id,
    );
    return found ?? null;
  }

  #judge(eni: NetworkInterface, direction: Direction, { packet, forwarded }: Travel): CardVerdict {
    const address = direction === 'ingress' ? packet.source : packet.destination;
    const groupIds = forwarded && direction === 'ingress' ? new Set<string>() : this.#groupsAt(eni, address, direction);
    const peer = interfaceAt(this.#cloud, vpcIdOfInterface(this.#cloud, eni), address);
    return this.card(eni.id).judge(this.#cloud, eni, {
      direction,
      packet,
      peer: { address, groupIds },
      alwaysTracked:
        (direction === 'egress' && this.#leavesByGateway(eni, packet.destination)) ||
        [eni, peer].some((end) => end !== null && traitsOf(kindOfInterface(this.#cloud, end)).alwaysTracked),
      now: this.#now,
    });
  }

  /** NAT gateways, egress-only gateways and DynamoDB's endpoints: what leaves by them is tracked (4.3). */
  #leavesByGateway({ subnetId }: NetworkInterface, destination: string): boolean {
    const { target } = decide(this.#cloud, subnetId, destination);
    switch (target?.type) {
      case 'egress-only-internet-gateway':
        return true;
      case 'interface': {
        const eni = findById(this.#cloud.networkInterfaces, target.interfaceId);
        return eni !== undefined && byId(this.#cloud.instances, eni.instanceId).kind === 'nat-gateway';
      }
      case 'gateway-endpoint': {
        const { prefixListId } = byId(this.#cloud.gatewayEndpoints, target.endpointId);
        return byId(this.#cloud.prefixLists, prefixListId).name.endsWith('.dynamodb');
      }
      default:
        return false;
    }
  }

  /** The groups of the interface that has the private address now (3.1): public addresses are no one's. */
  #groupsAt(eni: NetworkInterface, address: string, direction: Direction): ReadonlySet<string> {
    const vpcId = vpcIdOfInterface(this.#cloud, eni);
    const reachable = Object.keys(this.#cloud.vpcs).filter((other) => mayRefer(this.#cloud, direction, vpcId, other));
    return new Set(reachable.flatMap((id) => interfaceAt(this.#cloud, id, address)?.groupIds ?? []));
  }
}

/** Whether groups of the other VPC are meant by rules of this one now (3.3). */
function mayRefer(cloud: Cloud, direction: Direction, vpcId: string, other: string): boolean {
  if (vpcId === other) return true;
  const isPeered = Object.values(cloud.peerings).some(
    ({ status, requesterVpcId, accepterVpcId }) =>
      status === 'active' &&
      [requesterVpcId, accepterVpcId].includes(vpcId) &&
      [requesterVpcId, accepterVpcId].includes(other),
  );
  const isShared = Object.values(cloud.transitGateways).some(({ securityGroupReferencing, attachments }) => {
    const refers = (id: string) => attachments.some((each) => each.vpcId === id && each.securityGroupReferencing);
    return securityGroupReferencing && refers(vpcId) && refers(other);
  });
  return isPeered || (isShared && direction === 'ingress');
}

function hasEdge({ internetGateway, egressOnlyInternetGateway }: Vpc): boolean {
  return internetGateway || egressOnlyInternetGateway;
}

/** With another destination; an ICMP error then is about a packet from there. */
function readdressed(packet: ModelPacket, destination: string): ModelPacket {
  const about = packet.icmp?.about ?? null;
  if (packet.icmp === null || about === null) return { ...packet, destination };
  return { ...packet, destination, icmp: { ...packet.icmp, about: { ...about, source: destination } } };
}

function arrivedAt(eni: NetworkInterface, { packet, hops }: Travel): Journey {
  return { hops, arrival: { place: { kind: 'interface', interfaceId: eni.id }, packet } };
}

/** What a hop says beside its stage and verdict. */
type HopDetails = Partial<Pick<Hop, 'interfaceId' | 'subnetId' | 'card' | 'cause'>>;

function passes({ hops, packet }: Travel, stage: Hop['stage'], details: HopDetails): void {
  hops.push(hopOf('pass', stage, packet, details));
}

function dropped({ hops, packet }: Travel, stage: Hop['stage'], details: HopDetails): Journey {
  return { hops: [...hops, hopOf('drop', stage, packet, details)], arrival: null };
}

function hopOf(verdict: Hop['verdict'], stage: Hop['stage'], packet: ModelPacket, details: HopDetails): Hop {
  return { stage, verdict, interfaceId: null, subnetId: null, card: null, cause: null, packet, ...details };
}
