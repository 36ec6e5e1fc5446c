import { CloudError } from '../errors.js';
import { addressesOf } from '../groups/members.js';
import type { Family } from '../groups/types.js';
import { byId } from '../lookup.js';
import { parseAddress } from '../network/cidr.js';
import { hasPorts, isIcmp } from '../protocol.js';
import type { Cloud } from '../types.js';
import { type Endpoint, endpointName, resolveEndpoint } from './endpoint.js';
import { quote } from './quote.js';
import { parseTraffic } from './rule.js';

const PROBE = /^\s*(\S+)\s*->\s*(\S+)\s+(\S+)\s*$/;
const FORM = 'Write FROM -> TO WHAT, such as "office -> web-1 tcp/22" or "web-1 -> db-1 icmp".';

/** One question in words; `resolveProbe` looks them up in the cloud of that moment. */
export interface ProbeSpec {
  /** A machine, `web-1.eth1`, `web-1.public`, an id or an address. */
  readonly from: string;
  readonly to: string;
  /** `tcp`, `udp`, `icmp`, `icmpv6`, or another protocol number in decimal. */
  readonly protocol: string;
  /** Destination port of tcp and udp, else null. */
  readonly port: number | null;
  /** Type and code of icmp and icmpv6, else null. */
  readonly icmpType: number | null;
  readonly icmpCode: number | null;
  /** null: as the two ends suggest. */
  readonly family: Family | null;
}

/** A probe whose ends are known: what the sender of packets needs. */
export interface ProbeQuestion {
  readonly from: Endpoint;
  readonly to: Endpoint;
  /** The sender's own address on its interface; never the public one, which the gateway puts there. */
  readonly sourceAddress: string;
  readonly destinationAddress: string;
  readonly family: Family;
  readonly protocol: string;
  readonly port: number | null;
  readonly icmpType: number | null;
  readonly icmpCode: number | null;
}

/** Reads `office -> web-1 tcp/22`. Throws CloudError. */
export function parseProbe(text: string, family: Family | null = null): ProbeSpec {
  const [, from, to, what] = PROBE.exec(text) ?? [];
  if (from === undefined || to === undefined || what === undefined)
    throw invalid(`${quote(text)} is not a probe`, FORM);
  return makeProbe({ from, to, what, family });
}

/** The same from separate words, as the command line has them. */
export function makeProbe(words: { from: string; to: string; what: string; family?: Family | null }): ProbeSpec {
  const { from, to, what, family = null } = words;
  return { from, to, family, ...parseProbeTraffic(what) };
}

/** `office -> web-1 tcp/22` */
export function probeText(probe: ProbeSpec): string {
  return `${probe.from} -> ${probe.to} ${probeTrafficText(probe)}${probe.family === 'ipv6' ? ' over IPv6' : ''}`;
}

/** `tcp/22`, `icmp`, `icmp/13/0`, `47` */
export function probeTrafficText({
  protocol,
  port,
  icmpType,
  icmpCode,
}: Omit<ProbeSpec, 'from' | 'to' | 'family'>): string {
  if (port !== null) return `${protocol}/${port}`;
  if (icmpType === null || (icmpCode === 0 && icmpType === ECHO[protocol])) return protocol;
  return `${protocol}/${icmpType}/${icmpCode}`;
}

/**
 * Looks the two ends up and chooses the addresses: from the internet an instance is reached at its public IP if it has
 * one. Throws CloudError for an unknown end, and for an end without an address of the family.
 */
export function resolveProbe(cloud: Cloud, probe: ProbeSpec): ProbeQuestion {
  const from = resolveEndpoint(cloud, probe.from);
  const to = resolveEndpoint(cloud, probe.to);
  const family = chooseFamily(cloud, probe, from, to);
  const { protocol, port, icmpType, icmpCode } = probe;
  const sourceAddress = ownAddress(cloud, from, family);
  const destinationAddress = destination(cloud, from, to, family);
  return { from, to, sourceAddress, destinationAddress, family, protocol, port, icmpType, icmpCode };
}

const ECHO: Readonly<Record<string, number>> = { icmp: 8, icmpv6: 128 };
const FAMILY_OF_ICMP: Readonly<Record<string, Family>> = { icmp: 'ipv4', icmpv6: 'ipv6' };

function parseProbeTraffic(what: string): Omit<ProbeSpec, 'from' | 'to' | 'family'> {
  const { protocol, fromPort, toPort } = parseTraffic(what);
  if (isIcmp(protocol)) {
    const icmpType = fromPort === null || fromPort === -1 ? (ECHO[protocol] ?? 0) : fromPort;
    const icmpCode = toPort === null || toPort === -1 ? 0 : toPort;
    if (!isByte(icmpType) || !isByte(icmpCode)) throw invalid(`${quote(what)}: type and code are 0 to 255`, FORM);
    return { protocol, port: null, icmpType, icmpCode };
  }
  const none = { icmpType: null, icmpCode: null };
  if (!hasPorts(protocol)) {
    if (protocol === '-1')
      throw invalid(`${quote(what)}: a probe is of one protocol`, 'Write tcp/443, udp/53, icmp or a number.');
    return { protocol, port: null, ...none };
  }
  if (fromPort === null || fromPort !== toPort)
    throw invalid(`${quote(what)}: a probe is of one port`, 'Write tcp/443.');
  if (fromPort < 0 || fromPort > 65535) throw invalid(`${quote(what)}: ports are 0 to 65535`, FORM);
  return { protocol, port: fromPort, ...none };
}

function isByte(value: number): boolean {
  return value >= 0 && value <= 255;
}

function chooseFamily(cloud: Cloud, probe: ProbeSpec, from: Endpoint, to: Endpoint): Family {
  const given = [to, from].flatMap(({ address }) => (address === undefined ? [] : parseAddress(address).family));
  const demands = [FAMILY_OF_ICMP[probe.protocol], probe.family, ...given].filter((family) => family != null);
  const [first, ...others] = demands;
  if (first === undefined) return hasFamily(cloud, from, 'ipv4') && hasFamily(cloud, to, 'ipv4') ? 'ipv4' : 'ipv6';
  if (others.every((family) => family === first)) return first;
  throw invalid(
    `${quote(probeText(probe))} mixes IPv4 and IPv6`,
    'icmp is IPv4, icmpv6 is IPv6; addresses must match.',
  );
}

function hasFamily(cloud: Cloud, end: Endpoint, family: Family): boolean {
  return addressesOfEnd(cloud, end, family).length > 0;
}

function destination(cloud: Cloud, from: Endpoint, to: Endpoint, family: Family): string {
  if (to.address !== undefined) return to.address;
  const publicIp = to.kind === 'interface' ? byId(cloud.networkInterfaces, to.interfaceId).publicIp : null;
  if (from.kind === 'external' && family === 'ipv4' && publicIp !== null) return publicIp;
  return ownAddress(cloud, to, family);
}

function ownAddress(cloud: Cloud, end: Endpoint, family: Family): string {
  const own = addressesOfEnd(cloud, end, family);
  const [first] = own;
  if (first === undefined) {
    const name = family === 'ipv4' ? 'IPv4' : 'IPv6';
    throw invalid(`${endpointName(cloud, end)} has no ${name} address`, `Give it one, or probe over the other family.`);
  }
  return end.address !== undefined && own.includes(end.address) ? end.address : first;
}

function addressesOfEnd(cloud: Cloud, end: Endpoint, family: Family): readonly string[] {
  if (end.kind === 'interface') return addressesOf(byId(cloud.networkInterfaces, end.interfaceId), family);
  return byId(cloud.externalHosts, end.name).addresses.filter((address) => parseAddress(address).family === family);
}

function invalid(message: string, hint: string): CloudError {
  return new CloudError('InvalidParameterValue', message, hint);
}
