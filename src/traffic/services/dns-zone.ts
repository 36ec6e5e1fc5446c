/** The resolver of a VPC: it maps names to addresses and back. Pure. */

import type { Socket } from 'node:net';
import {
  type Answer,
  decode,
  encode,
  type Packet,
  type Question,
  RECURSION_AVAILABLE,
  RECURSION_DESIRED,
} from 'dns-packet';
import { resolvableVpcs } from '../../cloud/gateways/peering.js';
import type { NetworkInterface } from '../../cloud/interfaces/types.js';
import { byId, interfacesOfVpc } from '../../cloud/lookup.js';
import { privateDnsName, publicDnsName } from '../../cloud/network/dns-names.js';
import type { Cloud } from '../../cloud/types.js';

/** The addresses of both families, from which the question's type selects; null if the name does not exist. */
export function addressesOf(cloud: Cloud, vpcId: string, name: string): readonly string[] | null {
  const known = zoneOf(cloud, vpcId);
  return known.addresses.get(name.toLowerCase()) ?? null;
}

/** The name of an address in the form `4.1.0.10.in-addr.arpa`; null if it has none. AWS has none for IPv6. */
export function nameOf(cloud: Cloud, vpcId: string, reverse: string): string | null {
  const address = /^((?:\d{1,3}\.){4})in-addr\.arpa$/i.exec(reverse)?.[1]?.split('.').slice(0, 4).reverse().join('.');
  return (address !== undefined && zoneOf(cloud, vpcId).names.get(address)) || null;
}

interface Zone {
  readonly addresses: ReadonlyMap<string, readonly string[]>;
  readonly names: ReadonlyMap<string, string>;
}

const remembered = new WeakMap<Cloud, Map<string, Zone>>();

function zoneOf(cloud: Cloud, vpcId: string): Zone {
  const zones = remembered.get(cloud) ?? new Map<string, Zone>();
  remembered.set(cloud, zones);
  const zone = zones.get(vpcId) ?? makeZone(cloud, vpcId);
  zones.set(vpcId, zone);
  return zone;
}

/**
 * Builds the zone of a VPC. Inside it a name has private addresses, even a public DNS name; resources elsewhere have
 * their public address only (DNS), unless a peering shares its names. The zone has the lab's own names beside AWS's:
 * `db-1`, `db-1.shop.internal`.
 */
function makeZone(cloud: Cloud, vpcId: string): Zone {
  const inside = interfacesOfVpc(cloud, vpcId);
  const isInside = new Set(inside.map(({ id }) => id));
  const outside = Object.values(cloud.networkInterfaces).filter(({ id }) => !isInside.has(id));
  const publicOf = (eni: NetworkInterface): string[] => (eni.publicIp === null ? [] : [eni.publicIp]);
  const addresses: [string, readonly string[]][] = [
    ...Object.values(cloud.externalHosts).map((host): [string, readonly string[]] => [host.name, host.addresses]),
    ...outside.flatMap((eni) =>
      publicOf(eni).flatMap((ip): [string, string[]][] => [
        [publicDnsName(cloud, ip), [ip]],
        ...(eni.deviceIndex === 0 ? [[byId(cloud.instances, eni.instanceId).name, [ip]] as [string, string[]]] : []),
      ]),
    ),
    ...resolvableVpcs(cloud, vpcId).flatMap((id) =>
      interfacesOfVpc(cloud, id).flatMap((eni) => namesInside(cloud, id, eni)),
    ),
    ...inside.flatMap((eni) => namesInside(cloud, vpcId, eni)),
  ];
  return {
    addresses: new Map(addresses),
    names: new Map([
      ...outside.flatMap((eni) => publicOf(eni).map((ip) => [ip, publicDnsName(cloud, ip)] as const)),
      ...inside.flatMap((eni) => [
        ...eni.privateIpAddresses.map((ip) => [ip, privateDnsName(cloud, ip)] as const),
        ...publicOf(eni).map((ip) => [ip, publicDnsName(cloud, ip)] as const),
      ]),
    ]),
  };
}

function namesInside(cloud: Cloud, vpcId: string, eni: NetworkInterface): [string, readonly string[]][] {
  const { name } = byId(cloud.instances, eni.instanceId);
  const [primary] = eni.privateIpAddresses;
  if (primary === undefined) return [];
  const own = [primary, ...eni.ipv6Addresses.slice(0, 1)];
  const ownNames = eni.deviceIndex === 0 ? [name, `${name}.${byId(cloud.vpcs, vpcId).name}.internal`] : [];
  return [
    ...eni.privateIpAddresses.map((ip): [string, string[]] => [privateDnsName(cloud, ip), [ip]]),
    ...(eni.publicIp === null ? [] : [[publicDnsName(cloud, eni.publicIp), [primary]] as [string, string[]]]),
    ...ownNames.map((each): [string, string[]] => [each, own]),
  ];
}

const TTL = 60;
const NXDOMAIN = 3;

/** The resolver's answer to a DNS message (RFC 1035); null if it is no question. */
export function answerDns(cloud: Cloud, vpcId: string, message: Buffer): Buffer | null {
  const query = parse(message);
  if (query === null || query.type !== 'query' || query.questions === undefined) return null;
  const found = query.questions.map((question) => answersFor(cloud, vpcId, question));
  const isUnknown = found.includes(null);
  const desired = (query.flags ?? 0) & RECURSION_DESIRED;
  return encode({
    id: query.id ?? 0,
    type: 'response',
    flags: RECURSION_AVAILABLE | desired | (isUnknown ? NXDOMAIN : 0),
    questions: query.questions,
    answers: found.flatMap((answers) => answers ?? []),
  });
}

function parse(message: Buffer): Packet | null {
  try {
    return decode(message);
  } catch {
    return null; // not a DNS message
  }
}

/** Empty if the name exists and has no record of that type; null if it does not exist. */
function answersFor(cloud: Cloud, vpcId: string, { name, type }: Question): Answer[] | null {
  const pointer = nameOf(cloud, vpcId, name);
  if (pointer !== null) return type === 'PTR' ? [{ type, name, ttl: TTL, data: pointer }] : [];
  const addresses = addressesOf(cloud, vpcId, name);
  if (addresses === null) return null;
  if (type !== 'A' && type !== 'AAAA') return [];
  return addresses
    .filter((address) => address.includes(':') === (type === 'AAAA'))
    .map((data) => ({ type, name, ttl: TTL, data }));
}

/** Answers DNS messages on a TCP connection: each follows its length in two bytes (RFC 1035 4.2.2). */
export function serveDnsStream(socket: Socket, answer: (message: Buffer) => Buffer | null): void {
  let pending = Buffer.alloc(0);
  socket.on('error', () => {}); // a disconnected client needs no answer
  socket.on('data', (data) => {
    pending = Buffer.concat([pending, data]);
    while (pending.length >= 2 && pending.length >= 2 + pending.readUInt16BE()) {
      const end = 2 + pending.readUInt16BE();
      const reply = answer(pending.subarray(2, end));
      pending = pending.subarray(end);
      if (reply === null) {
        socket.destroy();
        return;
      }
      const length = Buffer.alloc(2);
      length.writeUInt16BE(reply.length);
      socket.write(Buffer.concat([length, reply]));
    }
  });
}
