import type { ManagedPrefixList } from '@aws-sdk/client-ec2';
import type { PrefixList } from '../../cloud/groups/types.js';
import type { Cloud } from '../../cloud/types.js';
import { arn, tagList } from './common.js';

/** A list of AWS has no size and no version that anybody sees. */
export function prefixListItem(cloud: Cloud, list: PrefixList): ManagedPrefixList {
  const { id, name, family, managedByAws, maxEntries, version } = list;
  return {
    PrefixListId: id,
    AddressFamily: family === 'ipv4' ? 'IPv4' : 'IPv6',
    // Changes are in force when they are answered, so no list is ever in progress.
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
