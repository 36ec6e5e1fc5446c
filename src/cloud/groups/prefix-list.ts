import { createHash } from 'node:crypto';
import { CloudError } from '../errors.js';
import { makeId, nextSerial } from '../ids.js';
import { getPrefixList, withEntry, withoutEntry } from '../lookup.js';
import { parsePeerCidr } from '../network/cidr.js';
import { checkPrefixListName } from '../text/names.js';
import type { Cloud } from '../types.js';
import { checkRuleQuota } from './rules.js';
import type { Family, PrefixList, SecurityGroup } from './types.js';

export interface PrefixListInput {
  readonly name: string;
  readonly family: Family;
  /** The weight of a rule with this list in the quota, however few entries there are. */
  readonly maxEntries: number;
  readonly entries: readonly EntryInput[];
}

export interface EntryInput {
  readonly cidr: string;
  readonly description?: string | null;
}

type Entries = PrefixList['entries'];

/** A customer-managed prefix list, version 1. */
export function createPrefixList(cloud: Cloud, input: PrefixListInput): { cloud: Cloud; prefixList: PrefixList } {
  checkListName(cloud, input.name);
  checkMaxEntries(cloud, input.maxEntries);
  const base = nextSerial(cloud);
  const empty: PrefixList = {
    id: makeId(base, 'pl'),
    name: input.name,
    family: input.family,
    managedByAws: false,
    maxEntries: input.maxEntries,
    version: 1,
    entries: [],
  };
  const prefixList = { ...empty, entries: addEntries(empty, [], input.entries) };
  return { cloud: { ...base, prefixLists: withEntry(base.prefixLists, prefixList) }, prefixList };
}

export interface PrefixListChange {
  readonly add?: readonly EntryInput[];
  /** Blocks. */
  readonly remove?: readonly string[];
  readonly name?: string;
  readonly maxEntries?: number;
  /** The version that the caller knows; left out: any. */
  readonly currentVersion?: number;
}

/**
 * Removes and adds entries in one step; the version goes up by one, and every rule that uses the list changes at once
 * (S32). Throws CloudError for an entry that exists already, does not exist, or is one too many, for another version than
 * the caller knows, and for a maximum that a group which uses the list has no room for (MPL).
 */
export function modifyPrefixList(cloud: Cloud, prefixListId: string, change: PrefixListChange): Cloud {
  const { add = [], remove = [], name, maxEntries, currentVersion } = change;
  const list = getOwnPrefixList(cloud, prefixListId);
  const changesEntries = add.length + remove.length > 0;
  if (currentVersion !== undefined && currentVersion !== list.version) throw otherVersion(list);
  if (maxEntries !== undefined && changesEntries) {
    const text =
      'You cannot modify the entries of a prefix list and modify the size of a prefix list at the same time.';
    throw new CloudError('InvalidParameterCombination', text);
  }
  if (name !== undefined && name !== list.name) checkListName(cloud, name);
  if (maxEntries !== undefined) checkMaxEntries(cloud, maxEntries);
  const sized = { ...list, name: name ?? list.name, maxEntries: maxEntries ?? list.maxEntries };
  const entries = addEntries(sized, removeEntries(list, remove), add);
  const changed = { ...sized, entries, version: changesEntries ? list.version + 1 : list.version };
  const after = { ...cloud, prefixLists: withEntry(cloud.prefixLists, changed) };
  for (const group of groupsUsing(after, list.id)) checkRuleQuota(after, group.rules);
  return after;
}

/** Throws CloudError for a list of AWS, and for one that a rule or a route uses. */
export function deletePrefixList(cloud: Cloud, prefixListId: string): Cloud {
  const list = getOwnPrefixList(cloud, prefixListId);
  const [user] = usersOfPrefixList(cloud, list.id);
  if (user === undefined) return { ...cloud, prefixLists: withoutEntry(cloud.prefixLists, list.id) };
  throw new CloudError(
    'DependencyViolation',
    `resource ${list.id} has a dependent object`,
    `${user} uses ${list.name}.`,
  );
}

/** Ids of the groups and route tables that name the list. */
export function usersOfPrefixList(cloud: Cloud, prefixListId: string): string[] {
  const tables = Object.values(cloud.routeTables).filter(({ routes }) =>
    routes.some(({ destination }) => destination.type === 'prefix-list' && destination.prefixListId === prefixListId),
  );
  return [...groupsUsing(cloud, prefixListId), ...tables].map(({ id }) => id);
}

function groupsUsing(cloud: Cloud, prefixListId: string): SecurityGroup[] {
  return Object.values(cloud.securityGroups).filter(({ rules }) =>
    rules.some(({ peer }) => peer.type === 'prefix-list' && peer.prefixListId === prefixListId),
  );
}

function getOwnPrefixList(cloud: Cloud, id: string): PrefixList {
  const list = getPrefixList(cloud, id);
  if (list.managedByAws) throw invalidModification(`AWS manages the list ${list.name}.`, 'Make a list of your own.');
  return list;
}

function checkListName(cloud: Cloud, name: string): void {
  checkPrefixListName(name);
  if (!Object.values(cloud.prefixLists).some((list) => list.name === name)) return;
  throw new CloudError('InvalidParameterValue', `the prefix list ${name} exists already`, 'Give it another name.');
}

function checkMaxEntries(cloud: Cloud, maxEntries: number): void {
  if (Number.isInteger(maxEntries) && maxEntries >= 1 && maxEntries <= cloud.quotas.prefixListEntries) return;
  const hint = `A prefix list has a maximum of 1 to ${cloud.quotas.prefixListEntries} entries.`;
  throw new CloudError('InvalidParameterValue', `${maxEntries} is not a valid maximum number of entries`, hint);
}

function removeEntries(list: PrefixList, blocks: readonly string[]): Entries {
  const gone = new Set(blocks.map((text) => parsePeerCidr(text, list.family).text));
  for (const cidr of gone) {
    if (list.entries.some((entry) => entry.cidr === cidr)) continue;
    throw invalidModification(
      `An entry with the CIDR (${cidr}) does not exist.`,
      `The list ${list.name} is unchanged.`,
    );
  }
  return list.entries.filter((entry) => !gone.has(entry.cidr));
}

function addEntries(list: PrefixList, existing: Entries, added: readonly EntryInput[]): Entries {
  const entries = [...existing];
  for (const { cidr, description = null } of added) {
    const { text } = parsePeerCidr(cidr, list.family);
    if (entries.some((entry) => entry.cidr === text)) {
      throw invalidModification(`An entry with the CIDR (${text}) already exists.`, 'Leave it out.');
    }
    entries.push({ cidr: text, description });
  }
  if (entries.length > list.maxEntries) {
    throw new CloudError(
      'PrefixListMaxEntriesExceeded',
      `The prefix list ${list.name} has room for ${list.maxEntries} entries; this makes ${entries.length}.`,
      'Raise its maxEntries; each rule that uses the list counts that number.',
    );
  }
  return entries;
}

function otherVersion({ version }: PrefixList): CloudError {
  return new CloudError(
    'PrefixListVersionMismatch',
    'The prefix list has the incorrect version number.',
    `It is ${version} now.`,
  );
}

function invalidModification(message: string, hint: string): CloudError {
  return new CloudError('InvalidPrefixListModification', message, hint);
}

/** A list that AWS keeps in a Region; its name is `com.amazonaws.REGION.SERVICE`. */
interface ManagedList {
  readonly service: string;
  /** `global` instead of the Region. */
  readonly isGlobal: boolean;
  /** The weight of a rule that names the list in the quota, however many entries there are (MPL). */
  readonly weight: number;
  /** A part of the blocks that the service has: AWS changes them all the time. */
  readonly blocks: readonly string[];
}

const LISTS: readonly ManagedList[] = [
  {
    service: 's3',
    isGlobal: false,
    weight: 1,
    blocks: ['52.216.0.0/15', '54.231.0.0/16', '3.5.0.0/19', '16.182.0.0/16', '18.34.0.0/19'],
  },
  { service: 'dynamodb', isGlobal: false, weight: 1, blocks: ['52.94.0.0/22', '52.119.224.0/20', '3.218.180.0/22'] },
  { service: 'cloudfront.origin-facing', isGlobal: true, weight: 55, blocks: ['130.176.0.0/17', '15.158.0.0/16'] },
];

/** Ids have 8 digits, as those of AWS's own lists do; the same in every lab of a Region. */
export function managedPrefixLists(region: string): Record<string, PrefixList> {
  const lists = LISTS.map(({ service, isGlobal, weight, blocks }): PrefixList => {
    const name = `com.amazonaws.${isGlobal ? 'global' : region}.${service}`;
    return {
      id: `pl-${createHash('sha256').update(name).digest('hex').slice(0, 8)}`,
      name,
      family: 'ipv4',
      managedByAws: true,
      maxEntries: weight,
      version: 1,
      entries: blocks.map((cidr) => ({ cidr, description: null })),
    };
  });
  return Object.fromEntries(lists.map((list) => [list.id, list]));
}
