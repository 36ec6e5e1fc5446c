import type {
  CreateManagedPrefixListRequest,
  CreateManagedPrefixListResult,
  DeleteManagedPrefixListRequest,
  DeleteManagedPrefixListResult,
  DescribeManagedPrefixListsRequest,
  DescribeManagedPrefixListsResult,
  DescribePrefixListsRequest,
  DescribePrefixListsResult,
  GetManagedPrefixListAssociationsRequest,
  GetManagedPrefixListAssociationsResult,
  GetManagedPrefixListEntriesRequest,
  GetManagedPrefixListEntriesResult,
  ModifyManagedPrefixListRequest,
  ModifyManagedPrefixListResult,
} from '@aws-sdk/client-ec2';
import { byId } from '../../cloud/by-id.js';
import {
  createPrefixList,
  deletePrefixList,
  type EntryInput,
  modifyPrefixList,
  usersOfPrefixList,
} from '../../cloud/groups/prefix-list.js';
import type { Family, PrefixList } from '../../cloud/groups/types.js';
import { getPrefixList } from '../../cloud/lookup.js';
import { createTags, tagsOf } from '../../cloud/tags.js';
import { printable } from '../../cloud/text/quote.js';
import type { Cloud } from '../../cloud/types.js';
import type { ActionContext } from '../action.js';
import { Ec2Error } from '../ec2-error.js';
import { filterItems } from '../filters.js';
import { pageOf } from '../pages.js';
import { specifiedTags } from '../tag-specifications.js';
import { prefixListItem, prefixListOwner } from '../views/prefix-list.js';

export const prefixListActions = {
  CreateManagedPrefixList,
  ModifyManagedPrefixList,
  DeleteManagedPrefixList,
  DescribeManagedPrefixLists,
  GetManagedPrefixListEntries,
  GetManagedPrefixListAssociations,
  DescribePrefixLists,
};

const LISTS_PAGE = { min: 1, max: 100 };
const ENTRIES_PAGE = { min: 1, max: 100 };
const ASSOCIATIONS_PAGE = { min: 5, max: 255 };
const AWS_LISTS_PAGE = { min: 1, max: 1000 };

async function CreateManagedPrefixList(
  { PrefixListName, MaxEntries, AddressFamily, Entries, TagSpecifications }: CreateManagedPrefixListRequest,
  context: ActionContext,
): Promise<CreateManagedPrefixListResult> {
  const tags = specifiedTags(TagSpecifications, 'prefix-list');
  const { cloud, prefixList } = await context.change((before) => {
    const made = createPrefixList(before, {
      name: PrefixListName ?? '',
      family: familyOf(AddressFamily ?? ''),
      maxEntries: MaxEntries ?? 0,
      entries: entriesOf(Entries),
    });
    return { ...made, cloud: createTags(made.cloud, [made.prefixList.id], tags) };
  });
  return { PrefixList: prefixListItem(cloud, prefixList) };
}

function familyOf(text: string): Family {
  if (/^ipv[46]$/i.test(text)) return text.endsWith('4') ? 'ipv4' : 'ipv6';
  const message = `Value (${printable(text)}) for parameter AddressFamily is invalid. Valid values are IPv4 and IPv6.`;
  throw new Ec2Error('InvalidParameterValue', message);
}

function entriesOf(entries: CreateManagedPrefixListRequest['Entries']): EntryInput[] {
  return (entries ?? []).map(({ Cidr, Description }) => ({ cidr: Cidr ?? '', description: Description ?? null }));
}

async function ModifyManagedPrefixList(
  request: ModifyManagedPrefixListRequest,
  context: ActionContext,
): Promise<ModifyManagedPrefixListResult> {
  const { PrefixListId = '', PrefixListName, MaxEntries, CurrentVersion, AddEntries, RemoveEntries } = request;
  const change = {
    add: entriesOf(AddEntries),
    remove: (RemoveEntries ?? []).map(({ Cidr }) => Cidr ?? ''),
    ...(PrefixListName === undefined ? {} : { name: PrefixListName }),
    ...(MaxEntries === undefined ? {} : { maxEntries: MaxEntries }),
    ...(CurrentVersion === undefined ? {} : { currentVersion: CurrentVersion }),
  };
  const { cloud } = await context.change((before) => ({ cloud: modifyPrefixList(before, PrefixListId, change) }));
  return { PrefixList: prefixListItem(cloud, byId(cloud.prefixLists, PrefixListId)) };
}

async function DeleteManagedPrefixList(
  { PrefixListId = '' }: DeleteManagedPrefixListRequest,
  context: ActionContext,
): Promise<DeleteManagedPrefixListResult> {
  const { item } = await context.change((before) => ({
    cloud: deletePrefixList(before, PrefixListId),
    item: prefixListItem(before, getPrefixList(before, PrefixListId)),
  }));
  return { PrefixList: { ...item, State: 'delete-complete' } };
}

function DescribeManagedPrefixLists(
  request: DescribeManagedPrefixListsRequest,
  { cloud }: ActionContext,
): DescribeManagedPrefixListsResult {
  const { items, NextToken } = pageOf(
    foundLists(cloud, request, () => true),
    request,
    ({ id }) => id,
    LISTS_PAGE,
  );
  return { PrefixLists: items.map((list) => prefixListItem(cloud, list)), NextToken };
}

/** Only the lists of AWS. */
function DescribePrefixLists(request: DescribePrefixListsRequest, { cloud }: ActionContext): DescribePrefixListsResult {
  const found = foundLists(cloud, request, ({ managedByAws }) => managedByAws);
  const { items, NextToken } = pageOf(found, request, ({ id }) => id, AWS_LISTS_PAGE);
  const PrefixLists = items.map(({ id, name, entries }) => ({
    PrefixListId: id,
    PrefixListName: name,
    Cidrs: entries.map(({ cidr }) => cidr),
  }));
  return { PrefixLists, NextToken };
}

function foundLists(
  cloud: Cloud,
  { PrefixListIds = [], Filters }: DescribeManagedPrefixListsRequest,
  isMeant: (list: PrefixList) => boolean,
): PrefixList[] {
  for (const id of PrefixListIds) getPrefixList(cloud, id);
  const wanted = Object.values(cloud.prefixLists).filter(
    (list) => isMeant(list) && (PrefixListIds.length === 0 || PrefixListIds.includes(list.id)),
  );
  const values = {
    'owner-id': (list: PrefixList) => [prefixListOwner(cloud, list)],
    'prefix-list-id': ({ id }: PrefixList) => [id],
    'prefix-list-name': ({ name }: PrefixList) => [name],
  };
  return filterItems(wanted, Filters, values, ({ id }) => tagsOf(cloud, id));
}

function GetManagedPrefixListEntries(
  request: GetManagedPrefixListEntriesRequest,
  { cloud }: ActionContext,
): GetManagedPrefixListEntriesResult {
  const list = getPrefixList(cloud, request.PrefixListId ?? '');
  const { TargetVersion = list.version } = request;
  if (TargetVersion !== list.version) {
    const text = `Version ${TargetVersion} of ${list.id} is not kept; its current version is ${list.version}.`;
    throw new Ec2Error('InvalidParameterValue', text);
  }
  const { items, NextToken } = pageOf(list.entries, request, ({ cidr }) => cidr, ENTRIES_PAGE);
  const Entries = items.map(({ cidr, description }) => ({ Cidr: cidr, Description: description ?? undefined }));
  return { Entries, NextToken };
}

function GetManagedPrefixListAssociations(
  request: GetManagedPrefixListAssociationsRequest,
  { cloud }: ActionContext,
): GetManagedPrefixListAssociationsResult {
  const { id } = getPrefixList(cloud, request.PrefixListId ?? '');
  const { items, NextToken } = pageOf(usersOfPrefixList(cloud, id), request, (user) => user, ASSOCIATIONS_PAGE);
  return {
    PrefixListAssociations: items.map((user) => ({ ResourceId: user, ResourceOwner: cloud.accountId })),
    NextToken,
  };
}
