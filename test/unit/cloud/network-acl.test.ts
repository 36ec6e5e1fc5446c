import { describe, expect, it } from 'vitest';
import { applyMutation } from '../../../src/changes/mutation.js';
import type { Mutation } from '../../../src/changes/verbs.js';
import { byId } from '../../../src/cloud/lookup.js';
import {
  associateNetworkAcl,
  changeNetworkAcl,
  createNetworkAcl,
  type EntryInput,
  entryText,
  networkAclOf,
} from '../../../src/cloud/network/network-acl.js';
import type { Cloud } from '../../../src/cloud/types.js';
import { errorOf, makeLab } from './shop.js';

function makeList() {
  const lab = makeLab();
  const made = createNetworkAcl(lab.cloud, { vpcId: lab.vpcId, name: 'strict' });
  return { ...lab, cloud: made.cloud, list: made.networkAcl };
}

const deny = (number: number, more: Partial<EntryInput> = {}): EntryInput => ({
  number,
  direction: 'ingress',
  action: 'deny',
  protocol: 'tcp',
  fromPort: 22,
  toPort: 22,
  cidr: '0.0.0.0/0',
  ...more,
});

const wordsOf = (cloud: Cloud, id: string) =>
  byId(cloud.networkAcls, id).entries.map((e) => `${e.number} ${entryText(e)}`);

describe('a network ACL', () => {
  it('of the VPC allows all of its families, in both directions', () => {
    const { cloud, vpcId, payVpcId } = makeLab();
    expect(wordsOf(cloud, byId(cloud.vpcs, vpcId).defaultNetworkAclId)).toEqual([
      '100 allow all traffic from 0.0.0.0/0',
      '101 allow all traffic from ::/0',
      '100 allow all traffic to 0.0.0.0/0',
      '101 allow all traffic to ::/0',
    ]);
    expect(wordsOf(cloud, byId(cloud.vpcs, payVpcId).defaultNetworkAclId)).toEqual([
      '100 allow all traffic from 0.0.0.0/0',
      '100 allow all traffic to 0.0.0.0/0',
    ]);
  });

  it("of one's own begins without entries (S97), and subnets share it", () => {
    const { cloud, list, publicSubnetId, paySubnetId } = makeList();
    expect(list.entries).toEqual([]);
    const subnet: Mutation = { type: 'subnet', name: 'public', networkAcl: 'strict' };
    const next = applyMutation(cloud, subnet);
    expect(networkAclOf(next, byId(next.subnets, publicSubnetId)).name).toBe('strict');
    const back = applyMutation(next, { ...subnet, networkAcl: 'default' });
    expect(back.subnets).toEqual(cloud.subnets);
    expect(errorOf(() => associateNetworkAcl(cloud, paySubnetId, list.id))).toBe(
      `InvalidParameterValue: Network ACL ${list.id} and subnet ${paySubnetId} belong to different networks`,
    );
  });
});

describe('entries', () => {
  it('are kept in the order of their numbers, and replaced by those of the same number and direction', () => {
    const { cloud, list } = makeList();
    const set = [deny(100), deny(90, { direction: 'egress' }), deny(80, { protocol: 'UDP', cidr: '10.9.9.9/8' })];
    const next = changeNetworkAcl(cloud, list.id, { set });
    expect(wordsOf(next, list.id)).toEqual([
      '80 deny udp/22 from 10.0.0.0/8',
      '90 deny tcp/22 to 0.0.0.0/0',
      '100 deny tcp/22 from 0.0.0.0/0',
    ]);
    const change = { set: [deny(100, { action: 'allow' })], remove: [{ direction: 'ingress', number: 80 } as const] };
    expect(wordsOf(changeNetworkAcl(next, list.id, change), list.id)).toEqual([
      '90 deny tcp/22 to 0.0.0.0/0',
      '100 allow tcp/22 from 0.0.0.0/0',
    ]);
  });

  it('have ports where the protocol has some, and none where it has not (S102)', () => {
    const { cloud, list } = makeList();
    const set = [
      deny(1, { protocol: '132' }),
      deny(2, { protocol: '-1' }),
      deny(3, { protocol: 'icmp', fromPort: 8, toPort: -1 }),
      deny(4, { protocol: '58', fromPort: 128, toPort: 0 }),
    ];
    expect(wordsOf(changeNetworkAcl(cloud, list.id, { set }), list.id)).toEqual([
      '1 deny 132 from 0.0.0.0/0',
      '2 deny all traffic from 0.0.0.0/0',
      '3 deny icmp/8/-1 from 0.0.0.0/0',
      '4 deny icmpv6/-1/-1 from 0.0.0.0/0',
    ]);
  });

  it.each([
    [deny(0), /^InvalidParameterValue: Value \(0\) for parameter ruleNumber is invalid/],
    [deny(32767), /^InvalidParameterValue: Value \(32767\) for parameter ruleNumber is invalid/],
    [deny(1, { fromPort: null }), /^InvalidParameterValue: Invalid value for portRange/],
    [deny(1, { cidr: 'web' }), /^InvalidParameterValue: CIDR block web is malformed/],
    [deny(1, { protocol: 'tpc' }), /^InvalidParameterValue: Invalid value 'tpc' for IP protocol/],
  ])('refuse %j', (entry, message) => {
    const { cloud, list } = makeList();
    expect(errorOf(() => changeNetworkAcl(cloud, list.id, { set: [entry] }))).toMatch(message);
  });

  it('refuse a number twice, one that is not there, and the 20th of a direction and family: `*` is one', () => {
    const { cloud, list } = makeList();
    expect(errorOf(() => changeNetworkAcl(cloud, list.id, { set: [deny(90), deny(90)] }))).toBe(
      'NetworkAclEntryAlreadyExists: The network acl entry identified by 90 already exists.',
    );
    expect(errorOf(() => changeNetworkAcl(cloud, list.id, { remove: [{ direction: 'egress', number: 7 }] }))).toMatch(
      /^InvalidNetworkAclEntry.NotFound/,
    );
    const most = Array.from({ length: 19 }, (_, i) => deny(i + 1));
    const ipv6 = most.map((each) => ({ ...each, number: each.number + 100, family: 'ipv6' as const, cidr: '::/0' }));
    const full = changeNetworkAcl(cloud, list.id, {
      set: [...most, ...ipv6, ...most.map((e) => ({ ...e, direction: 'egress' as const }))],
    });
    expect(errorOf(() => changeNetworkAcl(full, list.id, { set: [deny(21)] }))).toBe(
      'NetworkAclEntryLimitExceeded: The maximum number of network ACL entries has been reached.',
    );
    expect(errorOf(() => changeNetworkAcl(full, list.id, { set: [deny(19)] }))).toBe('no error');
  });
});
