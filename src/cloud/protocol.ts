import { CloudError } from './errors.js';
import type { Protocol } from './groups/types.js';
import { printable } from './text/quote.js';
import { suggestMatch } from './text/suggest.js';

/** The four protocols that AWS knows by name; their numbers come back as names (1.2, uncertain). */
export const PROTOCOL = { icmp: 1, tcp: 6, udp: 17, icmpv6: 58 } as const;

const NUMBER_OF_NAME: Readonly<Record<string, number>> = PROTOCOL;
const NAME_OF_NUMBER = new Map(Object.entries(PROTOCOL).map(([name, number]) => [String(number), name]));

const MAX_PROTOCOL = 255;
const MAX_PORT = 65535;
const MAX_ICMP = 255;
const ALL = -1;

export interface PortRange {
  /** First port or ICMP type (-1: all); null where the protocol has neither. */
  readonly fromPort: number | null;
  /** Last port or ICMP code (-1: all). */
  readonly toPort: number | null;
}

/** `TCP`, `6` -> `tcp`; `47` stays; `-1` is everything. Throws AWS's error for anything else, `all` included. */
export function normaliseProtocol(text: string): Protocol {
  const name = text.toLowerCase();
  if (name === '-1' || Object.hasOwn(PROTOCOL, name)) return name;
  if (/^(0|[1-9]\d{0,2})$/.test(name) && Number(name) <= MAX_PROTOCOL) return NAME_OF_NUMBER.get(name) ?? name;
  throw new CloudError(
    'InvalidParameterValue',
    `Invalid value '${printable(text)}' for IP protocol. Unknown protocol.`,
    suggestMatch(name, Object.keys(PROTOCOL)) ??
      'Use tcp, udp, icmp, icmpv6, a protocol number from 0 to 255, or -1 for everything.',
  );
}

/** The IP protocol number of a normalised protocol other than `-1`. */
export function protocolNumber(protocol: Protocol): number {
  return NUMBER_OF_NAME[protocol] ?? Number(protocol);
}

/** `tcp` for 6, `47` for 47. */
export function protocolName(number: number): Protocol {
  return NAME_OF_NUMBER.get(String(number)) ?? String(number);
}

export function hasPorts(protocol: Protocol): boolean {
  return protocol === 'tcp' || protocol === 'udp';
}

export function isIcmp(protocol: Protocol): boolean {
  return protocol === 'icmp' || protocol === 'icmpv6';
}

/**
 * The range in the form in which it is stored: null where the protocol has none, whatever was asked for
 * (MODEL IpPermission.FromPort), so that `-1` with ports 0/0 is the same rule as `-1` (A8).
 */
export function normaliseRange(protocol: Protocol, fromPort: number | null, toPort: number | null): PortRange {
  if (hasPorts(protocol)) return portRange(fromPort, toPort);
  if (!isIcmp(protocol)) return { fromPort: null, toPort: null };
  if (protocol === 'icmpv6' && fromPort === null && toPort === null) return { fromPort: ALL, toPort: ALL };
  return icmpRange(fromPort, toPort);
}

function portRange(fromPort: number | null, toPort: number | null): PortRange {
  if (fromPort === null || toPort === null) {
    throw invalid(
      'Invalid value for portRange. Must specify both from and to ports with TCP/UDP.',
      'All ports: 0 to 65535.',
    );
  }
  checkPort('from', fromPort);
  checkPort('to', toPort);
  if (fromPort > toPort) {
    throw invalid(
      `Invalid TCP/UDP port range (${fromPort}:${toPort})`,
      `Write the smaller one first: ${toPort}-${fromPort}.`,
    );
  }
  return { fromPort, toPort };
}

function checkPort(which: 'from' | 'to', port: number): void {
  if (isWithin(port, 0, MAX_PORT)) return;
  throw invalid(`TCP/UDP (${which}) port (${port}) out of range`, `Ports are 0 to ${MAX_PORT}.`);
}

function icmpRange(type: number | null, code: number | null): PortRange {
  if (type === null || code === null) {
    throw invalid(
      "Invalid value 'Must specify both from and to ports with ICMP.' for portRange.",
      'Every type and code: -1, -1.',
    );
  }
  if (!isWithin(type, ALL, MAX_ICMP))
    throw invalid(`ICMP type (${type}) out of range`, 'Types are 0 to 255; -1 is all.');
  if (!isWithin(code, ALL, MAX_ICMP))
    throw invalid(`ICMP code (${code}) out of range`, 'Codes are 0 to 255; -1 is all.');
  if (type === ALL && code !== ALL) {
    throw invalid(`ICMP code (${code}) out of range`, 'Every type (-1) has every code: write -1 for the code too.');
  }
  return { fromPort: type, toPort: code };
}

function isWithin(value: number, low: number, high: number): boolean {
  return Number.isInteger(value) && low <= value && value <= high;
}

function invalid(message: string, hint: string): CloudError {
  return new CloudError('InvalidParameterValue', message, hint);
}

const ICMP_ERRORS: ReadonlySet<number> = new Set([3, 4, 5, 11, 12]);

/** Whether a message is one about another packet (RFC 792; ICMPv6 keeps types below 128 for them, RFC 4443). */
export function isIcmpError({
  protocol,
  icmpType,
}: {
  readonly protocol: Protocol;
  readonly icmpType: number | null;
}): boolean {
  if (icmpType === null) return false;
  return protocol === 'icmpv6' ? icmpType < 128 : protocol === 'icmp' && ICMP_ERRORS.has(icmpType);
}
