/** Entries of a network ACL as the form has them, and what a saved form asks of the EC2 API. */
import type { Direction } from '../../../cloud/groups/types.js';
import { networkAclOf, normaliseEntry } from '../../../cloud/network/network-acl.js';
import type { NetworkAcl, NetworkAclEntry, Subnet } from '../../../cloud/network/types.js';
import { hasPorts, isIcmp, protocolNumber } from '../../../cloud/protocol.js';
import type { Cloud } from '../../../cloud/types.js';
import type { Ec2Request } from '../../../controller/console/protocol.js';
import type { Item, Row } from '../../editing/rows.js';
import { type Ec2Input, ec2Request } from '../../live/call.js';
import { readTraffic, wordsOf } from '../groups/rule-form.js';
import { CUSTOM_TCP, type Traffic, trafficOf, trafficOfType } from '../groups/rule-types.js';

export interface EntryValue {
  readonly number: string;
  readonly traffic: Traffic;
  readonly cidr: string;
  readonly action: 'allow' | 'deny';
}

export interface ReadEntry {
  readonly row: Row<EntryValue>;
  readonly entry: NetworkAclEntry | null;
  readonly problem: { readonly field: 'number' | 'ports' | 'cidr'; readonly text: string } | null;
}

export function subnetsOfAcl(cloud: Cloud, { id }: NetworkAcl): readonly Subnet[] {
  return Object.values(cloud.subnets).filter((subnet) => networkAclOf(cloud, subnet).id === id);
}

function entriesOf({ entries }: NetworkAcl, direction: Direction): readonly NetworkAclEntry[] {
  return entries.filter((entry) => entry.direction === direction);
}

/** An entry is the one of its number: another number is another entry. */
export function entryItems(acl: NetworkAcl, direction: Direction): Item<EntryValue>[] {
  return entriesOf(acl, direction).map((entry) => ({
    id: String(entry.number),
    value: { number: String(entry.number), traffic: trafficOf(entry), cidr: entry.cidr, action: entry.action },
  }));
}

/** After the last one, with room between, as AWS numbers its own. */
export function newEntry(rows: readonly Row<EntryValue>[]): EntryValue {
  const last = Math.max(0, ...rows.map(({ value }) => Number(value.number) || 0));
  const number = String(Math.min(Math.floor(last / 100) * 100 + 100, 32_766));
  return { number, traffic: trafficOfType(CUSTOM_TCP), cidr: '', action: 'allow' };
}

export function readEntries(direction: Direction, rows: readonly Row<EntryValue>[]): ReadEntry[] {
  const numbers = rows.map(({ value }) => value.number.trim());
  return rows.map((row, at) => {
    if (numbers.indexOf(row.value.number.trim()) < at) {
      const text = `The network acl entry identified by ${row.value.number} already exists.`;
      return { row, entry: null, problem: { field: 'number', text } };
    }
    return readEntry(direction, row);
  });
}

function readEntry(direction: Direction, row: Row<EntryValue>): ReadEntry {
  const { number, traffic, cidr, action } = row.value;
  const everything = { protocol: '-1', fromPort: null, toPort: null, cidr: '0.0.0.0/0' };
  const asked = { number: Number(number), direction, action };
  let field: 'number' | 'ports' | 'cidr' = 'number';
  try {
    normaliseEntry({ ...everything, ...asked });
    field = 'ports';
    const ports = readTraffic(traffic);
    normaliseEntry({ ...everything, ...asked, ...ports });
    field = 'cidr';
    return { row, entry: normaliseEntry({ ...asked, ...ports, cidr: cidr.trim() }), problem: null };
  } catch (error) {
    return { row, entry: null, problem: { field, text: wordsOf(error) } };
  }
}

export interface EntryChanges {
  readonly create: readonly NetworkAclEntry[];
  readonly replace: readonly NetworkAclEntry[];
  readonly remove: readonly NetworkAclEntry[];
}

export function entryChanges(acl: NetworkAcl, direction: Direction, wanted: readonly NetworkAclEntry[]): EntryChanges {
  const present = new Map(entriesOf(acl, direction).map((entry) => [entry.number, entry]));
  const kept = new Set(wanted.map(({ number }) => number));
  const isOther = (entry: NetworkAclEntry) => {
    const now = present.get(entry.number);
    return now !== undefined && JSON.stringify(bodyOf(now)) !== JSON.stringify(bodyOf(entry));
  };
  return {
    create: wanted.filter(({ number }) => !present.has(number)),
    replace: wanted.filter(isOther),
    remove: [...present.values()].filter(({ number }) => !kept.has(number)),
  };
}

function bodyOf({ action, protocol, fromPort, toPort, cidr }: NetworkAclEntry) {
  return [action, protocol, fromPort, toPort, cidr];
}

/**
 * What opens comes before what closes: new entries that allow, changed ones, new ones that deny, and those that go. Each request
 * is a change of its own, as in AWS. @param isFull the list has no room for new entries beside the old ones
 */
export function entryRequests(aclId: string, { create, replace, remove }: EntryChanges, isFull: boolean): Ec2Request[] {
  const ask = (action: string, entries: readonly NetworkAclEntry[], body: (entry: NetworkAclEntry) => Ec2Input) =>
    entries.map((entry) =>
      ec2Request(action, {
        NetworkAclId: aclId,
        RuleNumber: entry.number,
        Egress: entry.direction === 'egress',
        ...body(entry),
      }),
    );
  const allows = create.filter(({ action }) => action === 'allow');
  const denies = create.filter(({ action }) => action === 'deny');
  const opening = ask('CreateNetworkAclEntry', allows, entryPart);
  const changing = [
    ...ask('ReplaceNetworkAclEntry', replace, entryPart),
    ...ask('CreateNetworkAclEntry', denies, entryPart),
  ];
  const closing = ask('DeleteNetworkAclEntry', remove, () => ({}));
  return isFull ? [...closing, ...opening, ...changing] : [...opening, ...changing, ...closing];
}

function entryPart({ action, protocol, fromPort, toPort, family, cidr }: NetworkAclEntry): Ec2Input {
  const ports = { From: fromPort ?? undefined, To: toPort ?? undefined };
  const icmp = { Type: fromPort ?? undefined, Code: toPort ?? undefined };
  return {
    RuleAction: action,
    Protocol: protocol === '-1' ? '-1' : protocolNumber(protocol),
    ...(family === 'ipv4' ? { CidrBlock: cidr } : { Ipv6CidrBlock: cidr }),
    ...(hasPorts(protocol) ? { PortRange: ports } : {}),
    ...(isIcmp(protocol) ? { Icmp: icmp } : {}),
  };
}
