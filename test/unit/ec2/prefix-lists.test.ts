import { beforeEach, describe, expect, it } from 'vitest';
import { authorize } from '../../../src/cloud/groups/rules.js';
import { makeShop } from '../cloud/shop.js';
import { ApiOnCloud, type Parameters } from './api-on-cloud.js';

const shop = makeShop();
const { web, prefixListId: partners } = shop;
const uses = { direction: 'ingress', protocol: '-1', peer: { type: 'prefix-list', prefixListId: partners } } as const;
const { cloud } = authorize(shop.cloud, web, [uses]);
const s3 = Object.values(cloud.prefixLists).find(({ name }) => name.endsWith('.s3'));
const OWN = { PrefixListName: 'All my VPCs', AddressFamily: 'IPv6', MaxEntries: 2 };
let api: ApiOnCloud;

beforeEach(() => {
  api = new ApiOnCloud(cloud);
});

const modify = (parameters: Parameters) =>
  api.call('ModifyManagedPrefixList', { PrefixListId: partners, ...parameters });

describe('a managed prefix list', () => {
  it('is made with entries and tags, and deleted', async () => {
    const { prefixList } = await api.call('CreateManagedPrefixList', {
      ...OWN,
      Entry: [{ Cidr: '2001:DB8::/32', Description: 'lab' }],
      TagSpecification: [{ ResourceType: 'prefix-list', Tag: [{ Key: 'a', Value: 'b' }] }],
    });
    expect(prefixList).toEqual({
      prefixListId: expect.stringMatching(/^pl-[0-9a-f]{17}$/),
      addressFamily: 'IPv6',
      state: 'create-complete',
      prefixListArn: `arn:aws:ec2:us-east-1:123456789012:prefix-list/${prefixList.prefixListId}`,
      prefixListName: 'All my VPCs',
      maxEntries: '2',
      version: '1',
      tagSet: [{ key: 'a', value: 'b' }],
      ownerId: '123456789012',
    });
    const ofIt = { PrefixListId: prefixList.prefixListId };
    const entries = [{ cidr: '2001:db8::/32', description: 'lab' }];
    expect((await api.call('GetManagedPrefixListEntries', ofIt)).entrySet).toEqual(entries);
    expect((await api.call('DeleteManagedPrefixList', ofIt)).prefixList.state).toBe('delete-complete');
    expect(await api.refusal('GetManagedPrefixListEntries', ofIt)).toBe(
      `InvalidPrefixListID.NotFound: The prefix list ID '${prefixList.prefixListId}' does not exist`,
    );
  });

  it('changes its entries by versions, and its name and size without', async () => {
    const entries = { CurrentVersion: 1, AddEntry: [{ Cidr: '192.0.2.1/24' }], RemoveEntry: [{ Cidr: '10.1.0.0/16' }] };
    expect((await modify(entries)).prefixList).toMatchObject({ state: 'modify-complete', version: '2' });
    expect(api.cloud.prefixLists[partners]?.entries).toEqual([{ cidr: '192.0.2.0/24', description: null }]);
    const sized = (await modify({ CurrentVersion: 2, MaxEntries: 60, PrefixListName: 'friends' })).prefixList;
    expect(sized).toMatchObject({ version: '2', maxEntries: '60', prefixListName: 'friends' });
  });

  it('says what uses it', async () => {
    const { prefixListAssociationSet } = await api.call('GetManagedPrefixListAssociations', { PrefixListId: partners });
    expect(prefixListAssociationSet).toEqual([{ resourceId: web, resourceOwner: '123456789012' }]);
  });

  it('is found among those of AWS', async () => {
    const names = async (...Filter: Parameters[]) =>
      [...(await api.call('DescribeManagedPrefixLists', { Filter })).prefixListSet].map(
        ({ prefixListName }) => prefixListName,
      );
    expect(await names()).toHaveLength(4);
    expect(await names({ Name: 'owner-id', Value: ['AWS'] })).toHaveLength(3);
    expect(await names({ Name: 'prefix-list-name', Value: ['part*'] })).toEqual(['partners']);
    const ofAws = await api.call('DescribePrefixLists', { PrefixListId: [s3?.id ?? ''] });
    expect(ofAws.prefixListSet).toMatchObject([{ prefixListName: 'com.amazonaws.us-east-1.s3' }]);
    expect(ofAws.prefixListSet[0].cidrSet.length).toBeGreaterThan(1);
  });

  it.each<[string, Parameters, string]>([
    [
      'ModifyManagedPrefixList',
      { CurrentVersion: 7, AddEntry: [{ Cidr: '192.0.2.0/24' }] },
      'PrefixListVersionMismatch: The prefix list has the incorrect version number.',
    ],
    [
      'ModifyManagedPrefixList',
      { MaxEntries: 60, AddEntry: [{ Cidr: '192.0.2.0/24' }] },
      'InvalidParameterCombination: You cannot modify the entries of a prefix list and modify the size of a prefix list at the same time.',
    ],
    [
      'ModifyManagedPrefixList',
      { MaxEntries: 61 },
      'RulesPerSecurityGroupLimitExceeded: The maximum number of rules per security group has been reached.',
    ],
    [
      'ModifyManagedPrefixList',
      { AddEntry: [{ Cidr: '10.1.0.0/16' }] },
      'InvalidPrefixListModification: An entry with the CIDR (10.1.0.0/16) already exists.',
    ],
    [
      'ModifyManagedPrefixList',
      { AddEntry: [{ Cidr: '::/0' }] },
      'InvalidParameterValue: CIDR block ::/0 is malformed',
    ],
    ['DeleteManagedPrefixList', {}, `DependencyViolation: resource ${partners} has a dependent object`],
    [
      'DeleteManagedPrefixList',
      { PrefixListId: s3?.id ?? '' },
      'InvalidPrefixListModification: AWS manages the list com.amazonaws.us-east-1.s3.',
    ],
    [
      'GetManagedPrefixListEntries',
      { TargetVersion: 9 },
      `InvalidParameterValue: Version 9 of ${partners} is not kept; its current version is 1.`,
    ],
  ])('%s with %j is refused', async (action, parameters, error) => {
    expect(await api.refusal(action, { PrefixListId: partners, ...parameters })).toBe(error);
    expect(api.cloud).toBe(cloud);
  });

  it.each([
    [{ PrefixListName: 'com.amazonaws.mine' }, /^InvalidParameterValue: "com.amazonaws.mine" cannot be the name/],
    [{ MaxEntries: 0 }, /^InvalidParameterValue: 0 is not a valid maximum/],
    [{ AddressFamily: 'ipx' }, /^InvalidParameterValue: Value \(ipx\) for parameter AddressFamily is invalid/],
    [{ Entry: [1, 2, 3].map((n) => ({ Cidr: `2001:db8::${n}/128` })) }, /^PrefixListMaxEntriesExceeded: /],
  ])('is not made with %j', async (parameters, error) => {
    expect(await api.refusal('CreateManagedPrefixList', { ...OWN, ...parameters })).toMatch(error);
  });
});
