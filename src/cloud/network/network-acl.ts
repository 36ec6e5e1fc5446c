import { CloudError } from '../errors.js';
import type { Direction, Family } from '../groups/types.js';
import { makeId, nextSerial } from '../ids.js';
import { byId, getNetworkAcl, getSubnet, getVpc, named, withEntry } from '../lookup.js';
import { hasPorts, normaliseProtocol, normaliseRange, type PortRange } from '../protocol.js';
import { checkName } from '../text/names.js';
import { trafficText } from '../text/rule.js';
import type { Cloud } from '../types.js';
import { parsePeerCidr } from './cidr.js';
import type { NetworkAcl, NetworkAclEntry, Subnet, Vpc } from './types.js';

/** Per direction, IPv4 and IPv6 together (QUO). */
const MAX_ENTRIES = 20;
const MAX_PER_VPC = 200;

/** The list with which a VPC is born: everything passes (NACL). */
export const DEFAULT_ENTRIES = { ipv4: 100, ipv6: 101 } as const;

/** A network ACL without entries: it denies everything (NACL, S97). Throws CloudError for a name that is taken. */
export function createNetworkAcl(
  cloud: Cloud,
  input: {
    readonly vpcId: string;
    /** Left out: its id. */
    readonly name?: string;
  },
): { cloud: Cloud; networkAcl: NetworkAcl } {
  if (input.name !== undefined) checkName('a network ACL', input.name);
  const vpc = getVpc(cloud, input.vpcId);
  if (input.name !== undefined && named(cloud.networkAcls, input.name).length > 0) {
    throw new CloudError(
      'InvalidParameterValue',
      `the network ACL ${input.name} exists already`,
      'Give it another name.',
    );
  }
  if (Object.values(cloud.networkAcls).filter(({ vpcId }) => vpcId === vpc.id).length >= MAX_PER_VPC) {
    throw new CloudError('NetworkAclLimitExceeded', 'The maximum number of network ACLs has been reached.');
  }
  const base = nextSerial(cloud);
  const id = makeId(base, 'acl');
  const networkAcl: NetworkAcl = { id, name: input.name ?? id, vpcId: vpc.id, entries: [] };
  return { cloud: { ...base, networkAcls: withEntry(base.networkAcls, networkAcl) }, networkAcl };
}

/** 100 allows all IPv4 and, if the VPC has IPv6, 101 all IPv6, in both directions. */
export function makeDefaultNetworkAcl(vpc: Vpc): NetworkAcl {
  const all = (direction: Direction): NetworkAclEntry[] => {
    const allow = { direction, action: 'allow', protocol: '-1', fromPort: null, toPort: null } as const;
    return [
      { ...allow, number: DEFAULT_ENTRIES.ipv4, family: 'ipv4', cidr: '0.0.0.0/0' },
      ...(vpc.ipv6Cidr === null
        ? []
        : [{ ...allow, number: DEFAULT_ENTRIES.ipv6, family: 'ipv6', cidr: '::/0' } as const]),
    ];
  };
  const entries = [...all('ingress'), ...all('egress')];
  return { id: vpc.defaultNetworkAclId, name: `${vpc.name}.default`, vpcId: vpc.id, entries };
}

export interface EntryChange {
  readonly set?: readonly EntryInput[];
  /** Numbers. */
  readonly remove?: readonly { readonly direction: Direction; readonly number: number }[];
}

/**
 * Removes entries and sets others, replacing those of the same number, in one step (DeleteNetworkAclEntry,
 * CreateNetworkAclEntry, ReplaceNetworkAclEntry). Throws CloudError; nothing has changed then.
 */
export function changeNetworkAcl(cloud: Cloud, id: string, { set = [], remove = [] }: EntryChange): Cloud {
  const list = getNetworkAcl(cloud, id);
  let entries = list.entries;
  for (const { direction, number } of remove) {
    const found = entries.find((entry) => entry.direction === direction && entry.number === number);
    if (found === undefined) throw noSuchEntry(list, direction, number);
    entries = entries.filter((entry) => entry !== found);
  }
  const added = set.map(normaliseEntry);
  checkNumbers(added);
  const isReplaced = (old: NetworkAclEntry) => added.some((entry) => isSamePlace(entry, old));
  entries = [...entries.filter((old) => !isReplaced(old)), ...added].sort((a, b) => a.number - b.number);
  checkQuota(entries);
  return { ...cloud, networkAcls: withEntry(cloud.networkAcls, { ...list, entries }) };
}

/** Gives a subnet another network ACL; null is the VPC's default one (ReplaceNetworkAclAssociation). Throws CloudError. */
export function associateNetworkAcl(cloud: Cloud, subnetId: string, networkAclId: string | null): Cloud {
  const subnet = { ...getSubnet(cloud, subnetId), networkAclId };
  if (networkAclId !== null && getNetworkAcl(cloud, networkAclId).vpcId !== subnet.vpcId) {
    throw new CloudError(
      'InvalidParameterValue',
      `Network ACL ${networkAclId} and subnet ${subnetId} belong to different networks`,
      'Use a network ACL of the same VPC.',
    );
  }
  return { ...cloud, subnets: withEntry(cloud.subnets, subnet) };
}

/** The list that stands at a subnet's boundary. */
export function networkAclOf(cloud: Cloud, subnet: Subnet): NetworkAcl {
  return byId(cloud.networkAcls, subnet.networkAclId ?? byId(cloud.vpcs, subnet.vpcId).defaultNetworkAclId);
}

function isSamePlace(a: NetworkAclEntry, b: NetworkAclEntry): boolean {
  return a.direction === b.direction && a.number === b.number;
}

function checkNumbers(added: readonly NetworkAclEntry[]): void {
  const twice = added.find((entry, at) => added.slice(0, at).some((earlier) => isSamePlace(earlier, entry)));
  if (twice === undefined) return;
  throw new CloudError(
    'NetworkAclEntryAlreadyExists',
    `The network acl entry identified by ${twice.number} already exists.`,
    'Each number stands once in a direction.',
  );
}

/** Each direction and family is counted for itself, with the entry `*` that every list ends with (S126). */
function checkQuota(entries: readonly NetworkAclEntry[]): void {
  const counts = (['ingress', 'egress'] as const).flatMap((direction) =>
    (['ipv4', 'ipv6'] as const).map(
      (family) => entries.filter((each) => each.direction === direction && each.family === family).length + 1,
    ),
  );
  if (counts.every((count) => count <= MAX_ENTRIES)) return;
  throw new CloudError(
    'NetworkAclEntryLimitExceeded',
    'The maximum number of network ACL entries has been reached.',
    `A network ACL has at most ${MAX_ENTRIES} entries of a family in each direction, the entry * included; this makes ${Math.max(...counts)}.`,
  );
}

function noSuchEntry(list: NetworkAcl, direction: Direction, number: number): CloudError {
  const numbers = list.entries.filter((entry) => entry.direction === direction).map((entry) => entry.number);
  return new CloudError(
    'InvalidNetworkAclEntry.NotFound',
    `The network acl entry identified by ${number} does not exist`,
    numbers.length === 0 ? `${list.name} has none in this direction.` : `${list.name} has ${numbers.join(', ')}.`,
  );
}

/** 32767 is the `*` entry, which nobody can write (MODEL). */
const NUMBERS = { first: 1, last: 32766 } as const;

/** An entry as it is asked for: plain JSON, anything that CreateNetworkAclEntry takes. */
export interface EntryInput {
  readonly number: number;
  readonly direction: Direction;
  readonly action: 'allow' | 'deny';
  /** A name in any case, a number, or `-1`. */
  readonly protocol: string;
  /** First port or ICMP type; needed for tcp, udp and icmp, ignored where the protocol has neither (S102). */
  readonly fromPort: number | null;
  readonly toPort: number | null;
  readonly cidr: string;
}

/** Checks an entry and puts it in the form in which it is stored. Throws CloudError. */
export function normaliseEntry(input: EntryInput): NetworkAclEntry {
  const { number, direction, action } = input;
  if (!Number.isInteger(number) || number < NUMBERS.first || number > NUMBERS.last) {
    throw new CloudError(
      'InvalidParameterValue',
      `Value (${number}) for parameter ruleNumber is invalid. The rule number must be between ${NUMBERS.first} and ${NUMBERS.last}.`,
      'Leave gaps between the numbers, so that entries can be put between others.',
    );
  }
  const protocol = normaliseProtocol(input.protocol);
  const { family, text: cidr } = parsePeerCidr(input.cidr);
  return { number, direction, action, protocol, ...rangeOf(protocol, family, input), family, cidr };
}

/** `deny tcp/22 from 0.0.0.0/0` */
export function entryText(entry: EntryInput): string {
  const preposition = entry.direction === 'ingress' ? 'from' : 'to';
  return `${entry.action} ${trafficText(entry)} ${preposition} ${entry.cidr}`;
}

/** ICMPv6 with an IPv4 block means every type (MODEL); protocols other than TCP, UDP and ICMP have no ports (S102). */
function rangeOf(protocol: string, family: Family, { fromPort, toPort }: EntryInput): PortRange {
  if (protocol === 'icmpv6' && family === 'ipv4') return normaliseRange(protocol, -1, -1);
  return hasPorts(protocol) || protocol === 'icmp' || protocol === 'icmpv6'
    ? normaliseRange(protocol, fromPort, toPort)
    : normaliseRange(protocol, null, null);
}
