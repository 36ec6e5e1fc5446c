/** The types of rules that AWS's console offers: names for a protocol and its ports. */
import type { Protocol } from '../../../cloud/groups/types.js';
import { isIcmp } from '../../../cloud/protocol.js';

export interface RuleType {
  readonly name: string;
  /** null: it is written beside it. */
  readonly protocol: Protocol | null;
  /** A port, or `All`; null: they are written beside it. */
  readonly ports: string | null;
}

const ALL = 'All';

export const CUSTOM_TCP: RuleType = { name: 'Custom TCP', protocol: 'tcp', ports: null };
const CUSTOM_UDP: RuleType = { name: 'Custom UDP', protocol: 'udp', ports: null };
const CUSTOM_ICMP: RuleType = { name: 'Custom ICMP - IPv4', protocol: 'icmp', ports: null };
const CUSTOM_ICMPV6: RuleType = { name: 'Custom ICMP - IPv6', protocol: 'icmpv6', ports: null };
const CUSTOM_PROTOCOL: RuleType = { name: 'Custom protocol', protocol: null, ports: ALL };

const service = (name: string, port: number, protocol: Protocol = 'tcp'): RuleType => ({
  name,
  protocol,
  ports: String(port),
});

/** In AWS's order. */
export const RULE_TYPES: readonly RuleType[] = [
  CUSTOM_TCP,
  CUSTOM_UDP,
  CUSTOM_ICMP,
  CUSTOM_ICMPV6,
  CUSTOM_PROTOCOL,
  { name: 'All TCP', protocol: 'tcp', ports: ALL },
  { name: 'All UDP', protocol: 'udp', ports: ALL },
  { name: 'All ICMP - IPv4', protocol: 'icmp', ports: ALL },
  { name: 'All ICMP - IPv6', protocol: 'icmpv6', ports: ALL },
  { name: 'All traffic', protocol: '-1', ports: ALL },
  service('SSH', 22),
  service('SMTP', 25),
  service('DNS (UDP)', 53, 'udp'),
  service('DNS (TCP)', 53),
  service('HTTP', 80),
  service('POP3', 110),
  service('IMAP', 143),
  service('LDAP', 389),
  service('HTTPS', 443),
  service('SMB', 445),
  service('SMTPS', 465),
  service('IMAPS', 993),
  service('POP3S', 995),
  service('MSSQL', 1433),
  service('Oracle-RDS', 1521),
  service('NFS', 2049),
  service('MYSQL/Aurora', 3306),
  service('RDP', 3389),
  service('Redshift', 5439),
  service('PostgreSQL', 5432),
  service('WinRM-HTTP', 5985),
  service('WinRM-HTTPS', 5986),
];

/** A rule's protocol and ports as the form has them. */
export interface Traffic {
  readonly type: string;
  /** AWS's number or name, `-1` for all. */
  readonly protocol: Protocol;
  /** `443`, `8000-8080`, `All`; of ICMP type and code: `8`, `3/4`. */
  readonly ports: string;
}

export function ruleType(name: string): RuleType {
  return RULE_TYPES.find((type) => type.name === name) ?? CUSTOM_TCP;
}

/** The traffic after another type was chosen: what the new type leaves open begins empty. */
export function trafficOfType({ name, protocol, ports }: RuleType): Traffic {
  return { type: name, protocol: protocol ?? '', ports: ports ?? '' };
}

interface Ports {
  readonly protocol: Protocol;
  readonly fromPort: number | null;
  readonly toPort: number | null;
}

/** The traffic of a rule that stands in the lab, by the first type that says just this. */
export function trafficOf(rule: Ports): Traffic {
  const { protocol } = rule;
  const ports = portsText(rule);
  const type = RULE_TYPES.find((each) => each.protocol === protocol && each.ports === ports) ?? customType(protocol);
  return { type: type.name, protocol, ports };
}

function customType(protocol: Protocol): RuleType {
  const customs = [CUSTOM_TCP, CUSTOM_UDP, CUSTOM_ICMP, CUSTOM_ICMPV6];
  return customs.find((each) => each.protocol === protocol) ?? CUSTOM_PROTOCOL;
}

/** As AWS's tables have it. */
export function portsText({ protocol, fromPort, toPort }: Ports): string {
  if (fromPort === null || toPort === null) return ALL;
  if (isIcmp(protocol)) {
    if (fromPort === -1) return ALL;
    return toPort === -1 ? String(fromPort) : `${fromPort}/${toPort}`;
  }
  if (fromPort === 0 && toPort === 65_535) return ALL;
  return fromPort === toPort ? String(fromPort) : `${fromPort}-${toPort}`;
}

/** `TCP`, `ICMPv6`, `47`, `All`. */
export function protocolLabel(protocol: Protocol): string {
  if (protocol === '-1') return ALL;
  return protocol === 'icmpv6' ? 'ICMPv6' : protocol.toUpperCase();
}
