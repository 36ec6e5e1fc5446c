/** Every finding that an audit can make. Ids are a contract with programs: none is renamed, removed or used again. */

/** The most severe one first. */
export const SEVERITIES = ['critical', 'high', 'medium', 'low'] as const;
export type Severity = (typeof SEVERITIES)[number];

export interface FindingType {
  /** `SGA001` */
  readonly id: string;
  readonly title: string;
  readonly severity: Severity;
}

export const CATALOGUE = {
  'all-from-anywhere': { id: 'SGA001', title: 'All traffic is open to the world', severity: 'critical' },
  'ssh-open': { id: 'SGA002', title: 'SSH is open to the world', severity: 'high' },
  'rdp-open': { id: 'SGA003', title: 'RDP is open to the world', severity: 'high' },
  'database-open': { id: 'SGA004', title: 'A database port is open to the world', severity: 'high' },
  'admin-open': { id: 'SGA005', title: 'A port of administration is open to the world', severity: 'high' },
  'broad-range': { id: 'SGA006', title: 'A rule admits a broad range of ports', severity: 'medium' },
  'ephemeral-range': { id: 'SGA007', title: 'A rule admits the ephemeral ports', severity: 'medium' },
  'icmp-redirect': { id: 'SGA008', title: 'ICMP redirects are let in', severity: 'medium' },
  'unused-group': { id: 'SGA009', title: 'A group is not used', severity: 'low' },
  'redundant-rule': { id: 'SGA010', title: 'A wider rule makes a rule redundant', severity: 'low' },
  'block-nowhere': { id: 'SGA011', title: 'No machine can be in the block of a rule', severity: 'low' },
  'group-without-members': { id: 'SGA012', title: 'A rule refers to a group without members', severity: 'low' },
  'empty-prefix-list': { id: 'SGA013', title: 'A rule refers to an empty prefix list', severity: 'low' },
  'stale-reference': { id: 'SGA014', title: 'A rule refers to a group that is out of reach', severity: 'medium' },
  'database-egress': { id: 'SGA015', title: 'A database may connect to the whole world', severity: 'medium' },
  'default-group-used': { id: 'SGA016', title: 'An interface has the default group', severity: 'medium' },
  'default-group-rules': { id: 'SGA017', title: 'The default group has rules', severity: 'low' },
  'network-acl-denies': { id: 'SGA018', title: 'A network ACL makes a rule pointless', severity: 'low' },
} as const satisfies Readonly<Record<string, FindingType>>;

export type FindingKind = keyof typeof CATALOGUE;

export function typeOf(kind: FindingKind): FindingType {
  return CATALOGUE[kind];
}
