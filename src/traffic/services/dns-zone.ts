/** What the resolver of a VPC knows: names to addresses and back. Pure. */
import { byId } from '../../cloud/by-id.js';
import { vpcsKnownByName } from '../../cloud/gateways/peering.js';
import type { NetworkInterface } from '../../cloud/interfaces/types.js';
import { interfacesOfVpc } from '../../cloud/lookup.js';
import { privateDnsName, publicDnsName } from '../../cloud/network/dns-names.js';
import type { Cloud } from '../../cloud/types.js';

/** Addresses of both families: the question says which are wanted. Null: there is no such name. */
export function addressesOf(cloud: Cloud, vpcId: string, name: string): readonly string[] | null {
  const known = zoneOf(cloud, vpcId);
  return known.addresses.get(name.toLowerCase()) ?? null;
}

/** The name of an address in the form `4.1.0.10.in-addr.arpa`; null when it has none. AWS has none for IPv6. */
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
 * Inside the VPC a name leads to private addresses, public DNS names too; whatever is elsewhere is known by its public
 * address only (DNS), unless a peering shares its names. The lab's own names stand beside AWS's: `db-1`, `db-1.shop.internal`.
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
    ...vpcsKnownByName(cloud, vpcId).flatMap((id) =>
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
