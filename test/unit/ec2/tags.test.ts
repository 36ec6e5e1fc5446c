import { beforeEach, describe, expect, it } from 'vitest';
import { withNameTags } from '../../../src/cloud/tags.js';
import { makeShop } from '../cloud/shop.js';
import { ApiOnCloud } from './api-on-cloud.js';

const shop = makeShop();
let api: ApiOnCloud;

beforeEach(() => {
  api = new ApiOnCloud(shop.cloud);
});

const tags = (...pairs: [string, string][]) => pairs.map(([Key, Value]) => ({ Key, Value }));

async function describeTags(...filters: [string, ...string[]][]) {
  const Filter = filters.map(([Name, ...Value]) => ({ Name, Value }));
  const { tagSet } = await api.call('DescribeTags', { Filter });
  return tagSet === '' ? [] : tagSet.map((tag: Record<string, string>) => Object.values(tag).join(' '));
}

describe('tags', () => {
  beforeEach(() =>
    api.call('CreateTags', { ResourceId: [shop.web, shop.vpcId], Tag: tags(['env', 'test'], ['owner', 'me']) }),
  );

  it('are added to several resources at once, and overwritten by key', async () => {
    await api.call('CreateTags', { ResourceId: [shop.web], Tag: tags(['env', 'prod']) });
    expect(await describeTags(['resource-id', shop.web])).toEqual([
      `env ${shop.web} security-group prod`,
      `owner ${shop.web} security-group me`,
    ]);
  });

  it('are found by key, value, type and tag', async () => {
    const web = `env ${shop.web} security-group test`;
    const vpc = `env ${shop.vpcId} vpc test`;
    expect(await describeTags(['key', 'e*'])).toEqual([web, vpc]);
    expect(await describeTags(['resource-type', 'vpc'], ['value', 'test', 'other'])).toEqual([vpc]);
    expect(await describeTags(['tag:env', 'test'])).toEqual([web, vpc]);
    expect(await describeTags(['tag:owner', 'test'])).toEqual([]);
  });

  it('come in pages that together are all of them', async () => {
    const Tag = tags(...['a', 'b', 'c', 'd'].map((key): [string, string] => [key, key]));
    await api.call('CreateTags', { ResourceId: [shop.db], Tag });
    const first = await api.call('DescribeTags', { MaxResults: 5 });
    const second = await api.call('DescribeTags', { MaxResults: 5, NextToken: first.nextToken });
    expect([first.tagSet.length, second.tagSet.length, second.nextToken]).toEqual([5, 3, undefined]);
  });

  it.each([
    ['by key', [{ Key: 'env' }], ['owner']],
    ['by key and value', [{ Key: 'env', Value: 'test' }], ['owner']],
    ['not with another value', [{ Key: 'env', Value: '' }], ['env', 'owner']],
    ['all, when none is named', [], []],
  ])('are removed %s', async (_how, Tag, left) => {
    await api.call('DeleteTags', { ResourceId: [shop.web], Tag });
    expect(Object.keys(api.cloud.tags[shop.web] ?? {})).toEqual(left);
  });

  it('go with what they were on', async () => {
    const spare = await api.call('CreateSecurityGroup', {
      GroupName: 'spare',
      GroupDescription: 'spare',
      VpcId: shop.vpcId,
      TagSpecification: [{ ResourceType: 'security-group', Tag: tags(['a', 'b']) }],
    });
    expect(api.cloud.tags[spare.groupId]).toEqual({ a: 'b' });
    await api.call('DeleteSecurityGroup', { GroupId: spare.groupId });
    expect(Object.keys(api.cloud.tags)).toEqual([shop.web, shop.vpcId]);
  });

  it.each([
    ['sg-0123456789abcdef0', "InvalidGroup.NotFound: The security group 'sg-0123456789abcdef0' does not exist"],
    ['i-0123456789abcdef0', "InvalidInstanceID.NotFound: The instance ID 'i-0123456789abcdef0' does not exist"],
    ['constructor-1', "InvalidID: The ID 'constructor-1' is not valid"],
    ['', "InvalidID: The ID '' is not valid"],
  ])('of %j are refused, and nothing is tagged', async (id, refusal) => {
    const before = api.cloud;
    expect(await api.refusal('CreateTags', { ResourceId: [shop.db, id], Tag: tags(['a', 'b']) })).toBe(refusal);
    expect(await api.refusal('DeleteTags', { ResourceId: [shop.web, id] })).toBe(refusal);
    expect(api.cloud).toBe(before);
  });
});

it('gives what a file names its name as tag, except where AWS has a name of its own', () => {
  const { tags: named } = withNameTags(shop.cloud);
  expect(named[shop.vpcId]).toEqual({ Name: 'shop' });
  expect(named[shop.publicSubnetId]).toEqual({ Name: 'public' });
  expect(named[shop.web]).toBeUndefined();
});
