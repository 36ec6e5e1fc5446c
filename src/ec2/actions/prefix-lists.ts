import type { ManagedPrefixList, PrefixList as PrefixListItem } from '@aws-sdk/client-ec2';
import {
  createPrefixList,
  deletePrefixList,
  type EntryInput,
  modifyPrefixList,
  usersOfPrefixList,
} from '../../cloud/groups/prefix-list.js';
import type { Family, PrefixList } from '../../cloud/groups/types.js';
import { byId, getPrefixList } from '../../cloud/lookup.js';
import { createTags } from '../../cloud/tags.js';
import { printable } from '../../cloud/text/quote.js';
import type { Cloud } from '../../cloud/types.js';
import type { ActionContext, Input, Output } from '../action.js';
import { type Description, describeItems } from '../describe.js';
import { Ec2Error } from '../ec2-error.js';
import { pageOf } from '../pages.js';
import { specifiedTags } from '../requests/tags.js';
import { arn, tagList } from '../views/common.js';

export const prefixListActions = {
  CreateManagedPrefixList,
  ModifyManagedPrefixList,
  DeleteManagedPrefixList,
  DescribeManagedPrefixLists,
  GetManagedPrefixListEntries,
  GetManagedPrefixListAssociations,
  DescribePrefixLists,
};

const ENTRIES_PAGE = { min: 1, max: 100 };
const ASSOCIATIONS_PAGE = { min: 5, max: 255 };

async function CreateManagedPrefixList(
  { PrefixListName, MaxEntries, AddressFamily, Entries, TagSpecifications }: Input<'CreateManagedPrefixList'>,
  context: ActionContext,
): Promise<Output<'CreateManagedPrefixList'>> {
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

function entriesOf(entries: Input<'CreateManagedPrefixList'>['Entries']): EntryInput[] {
  return (entries ?? []).map(({ Cidr, Description }) => ({ cidr: Cidr ?? '', description: Description ?? null }));
}

async function ModifyManagedPrefixList(
  request: Input<'ModifyManagedPrefixList'>,
  context: ActionContext,
): Promise<Output<'ModifyManagedPrefixList'>> {
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
  { PrefixListId = '' }: Input<'DeleteManagedPrefixList'>,
  context: ActionContext,
): Promise<Output<'DeleteManagedPrefixList'>> {
  const { item } = await context.change((before) => ({
    cloud: deletePrefixList(before, PrefixListId),
    item: prefixListItem(before, getPrefixList(before, PrefixListId)),
  }));
  return { PrefixList: { ...item, State: 'delete-complete' } };
}

const LISTS: Description<PrefixList, ManagedPrefixList> = {
  structure: 'ManagedPrefixList',
  idOf: ({ id }) => id,
  itemOf: prefixListItem,
  notFound: getPrefixList,
  filters: ['owner-id', 'prefix-list-id', 'prefix-list-name'],
  limits: { min: 1, max: 100 },
};

function DescribeManagedPrefixLists(
  { PrefixListIds: ids, ...request }: Input<'DescribeManagedPrefixLists'>,
  { cloud }: ActionContext,
): Output<'DescribeManagedPrefixLists'> {
  const { items, NextToken } = describeItems(cloud, Object.values(cloud.prefixLists), { ids, ...request }, LISTS);
  return { PrefixLists: items, NextToken };
}

const AWS_LISTS: Description<PrefixList, PrefixListItem> = {
  structure: 'PrefixList',
  idOf: ({ id }) => id,
  itemOf: (_cloud, { id, name, entries }) => ({
    PrefixListId: id,
    PrefixListName: name,
    Cidrs: entries.map(({ cidr }) => cidr),
  }),
  notFound: getPrefixList,
  filters: ['prefix-list-id', 'prefix-list-name'],
  values: { 'owner-id': (cloud, list) => [prefixListOwner(cloud, list)] },
  limits: { min: 1, max: 1000 },
};

/** EC2 shows only the lists of AWS here. */
function DescribePrefixLists(
  { PrefixListIds: ids, ...request }: Input<'DescribePrefixLists'>,
  { cloud }: ActionContext,
): Output<'DescribePrefixLists'> {
  const all = Object.values(cloud.prefixLists).filter(({ managedByAws }) => managedByAws);
  const { items, NextToken } = describeItems(cloud, all, { ids, ...request }, AWS_LISTS);
  return { PrefixLists: items, NextToken };
}

function GetManagedPrefixListEntries(
  request: Input<'GetManagedPrefixListEntries'>,
  { cloud }: ActionContext,
): Output<'GetManagedPrefixListEntries'> {
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
  request: Input<'GetManagedPrefixListAssociations'>,
  { cloud }: ActionContext,
): Output<'GetManagedPrefixListAssociations'> {
  const { id } = getPrefixList(cloud, request.PrefixListId ?? '');
  const { items, NextToken } = pageOf(usersOfPrefixList(cloud, id), request, (user) => user, ASSOCIATIONS_PAGE);
  return {
    PrefixListAssociations: items.map((user) => ({ ResourceId: user, ResourceOwner: cloud.accountId })),
    NextToken,
  };
}

/** AWS shows neither size nor version of its own lists. */
export function prefixListItem(cloud: Cloud, list: PrefixList): ManagedPrefixList {
  const { id, name, family, managedByAws, maxEntries, version } = list;
  return {
    PrefixListId: id,
    AddressFamily: family === 'ipv4' ? 'IPv4' : 'IPv6',
    // A change is in force when it is answered, so that no list is ever in progress.
    State: version === 1 ? 'create-complete' : 'modify-complete',
    PrefixListArn: managedByAws ? `arn:aws:ec2:${cloud.region}:aws:prefix-list/${id}` : arn(cloud, `prefix-list/${id}`),
    PrefixListName: name,
    MaxEntries: managedByAws ? undefined : maxEntries,
    Version: managedByAws ? undefined : version,
    Tags: tagList(cloud, id),
    OwnerId: prefixListOwner(cloud, list),
  };
}

export function prefixListOwner(cloud: Cloud, { managedByAws }: PrefixList): string {
  return managedByAws ? 'AWS' : cloud.accountId;
}
