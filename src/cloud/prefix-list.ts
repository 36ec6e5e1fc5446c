import { parsePeerCidr } from './block.js';
import { withEntry } from './by-id.js';
import { CloudError } from './errors.js';
import { makeId, nextSerial } from './ids.js';
import { getPrefixList } from './lookup.js';
import { checkName } from './names.js';
import type { Cloud, Family, PrefixList } from './types.js';

export interface PrefixListInput {
  readonly name: string;
  readonly family: Family;
  /** What a rule with this list counts against the quota, however few entries there are. */
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
  checkName('a prefix list', input.name);
  if (Object.values(cloud.prefixLists).some((list) => list.name === input.name)) {
    throw new CloudError(
      'InvalidParameterValue',
      `the prefix list ${input.name} exists already`,
      'Give it another name.',
    );
  }
  const { maxEntries } = input;
  if (!Number.isInteger(maxEntries) || maxEntries < 1 || maxEntries > cloud.quotas.prefixListEntries) {
    const hint = `A prefix list has a maximum of 1 to ${cloud.quotas.prefixListEntries} entries.`;
    throw new CloudError('InvalidParameterValue', `${maxEntries} is no valid maximum of entries`, hint);
  }
  const base = nextSerial(cloud);
  const empty: PrefixList = {
    id: makeId(base, 'pl'),
    name: input.name,
    family: input.family,
    managedByAws: false,
    maxEntries,
    version: 1,
    entries: [],
  };
  const prefixList = { ...empty, entries: addEntries(empty, [], input.entries) };
  return { cloud: { ...base, prefixLists: withEntry(base.prefixLists, prefixList) }, prefixList };
}

/**
 * Removes and adds entries in one step; the version goes up by one, and every rule that uses the list changes at once
 * (S32). Throws CloudError for an entry that exists already, does not exist, or is one too many.
 */
export function modifyPrefixList(
  cloud: Cloud,
  prefixListId: string,
  change: { readonly add?: readonly EntryInput[]; readonly remove?: readonly string[] },
): Cloud {
  const list = getPrefixList(cloud, prefixListId);
  if (list.managedByAws) throw invalidModification(`AWS manages the list ${list.name}.`, 'Make a list of your own.');
  const kept = removeEntries(list, change.remove ?? []);
  const entries = addEntries(list, kept, change.add ?? []);
  return { ...cloud, prefixLists: withEntry(cloud.prefixLists, { ...list, entries, version: list.version + 1 }) };
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

function invalidModification(message: string, hint: string): CloudError {
  return new CloudError('InvalidPrefixListModification', message, hint);
}
