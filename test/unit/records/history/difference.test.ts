import { describe, expect, it } from 'vitest';
import { applyMutation } from '../../../../src/changes/mutation.js';
import type { Mutation } from '../../../../src/changes/verbs.js';
import { createPeering } from '../../../../src/cloud/gateways/peering.js';
import { createPrefixList, modifyPrefixList } from '../../../../src/cloud/groups/prefix-list.js';
import { changeNetworkAcl } from '../../../../src/cloud/network/network-acl.js';
import { changeRoutes } from '../../../../src/cloud/network/routes.js';
import { parseRule } from '../../../../src/cloud/text/rule.js';
import { cloudDifference } from '../../../../src/records/history/difference.js';
import { makeShop } from '../../cloud/shop.js';

const { cloud } = makeShop();
const group = (name: string) => Object.values(cloud.securityGroups).find((each) => each.name === name)?.id ?? '';
const authorize: Mutation = { type: 'authorize', group: 'web', rules: [parseRule('tcp/22 from db')] };
const opened = applyMutation(cloud, authorize);

describe('the difference of two states', () => {
  it('is nothing where they are the same, whatever was counted', () => {
    expect(cloudDifference(cloud, { ...cloud, serial: cloud.serial + 1 })).toEqual([]);
  });

  it('has only the elements of a list that differ', () => {
    expect(cloudDifference(cloud, opened)).toEqual([
      {
        kind: 'securityGroups',
        id: group('web'),
        before: {},
        after: { rules: [expect.objectContaining({ id: expect.stringMatching(/^sgr-/), fromPort: 22 })] },
        words: ['+ security group web: tcp/22 from db'],
      },
    ]);
    expect(cloudDifference(opened, cloud)).toMatchObject([
      { before: { rules: [{ fromPort: 22 }] }, after: {}, words: ['- security group web: tcp/22 from db'] },
    ]);
  });

  it('has what was made and what is gone as a whole', () => {
    const { [group('db')]: gone, ...securityGroups } = cloud.securityGroups;
    const without = { ...cloud, securityGroups };
    expect(cloudDifference(cloud, without)).toMatchObject([
      { before: gone, after: null, words: ['- security group db'] },
    ]);
    const [made] = cloudDifference(without, cloud);
    expect(made).toMatchObject({ before: null, after: gone });
    expect(made?.words).toEqual([
      '+ security group db',
      ...(gone?.rules ?? []).map(() => expect.stringMatching(/^\+ {3}/)),
    ]);
  });

  it('names what ids mean', () => {
    const machine = { name: 'web-9', subnet: 'public', groups: ['web'], privateIp: null, publicIp: false, listen: [] };
    const launched = applyMutation(cloud, { type: 'launch', machine });
    const attached = applyMutation(launched, { type: 'attach', instance: 'web-9', group: 'db' });
    expect(cloudDifference(launched, attached).map(({ words }) => words)).toEqual([
      [`+ interface web-9.eth0: group ids ${group('db')} (db)`],
    ]);
  });

  it('tells entries of a network ACL as people write them', () => {
    const [list] = Object.values(cloud.networkAcls);
    const deny = {
      number: 90,
      direction: 'ingress',
      action: 'deny',
      protocol: 'tcp',
      fromPort: 22,
      toPort: 22,
      cidr: '203.0.113.0/24',
    } as const;
    const changed = changeNetworkAcl(cloud, list?.id ?? '', { set: [deny], remove: [] });
    expect(cloudDifference(cloud, changed)[0]?.words).toEqual([
      `+ network ACL ${list?.name}: inbound 90 deny tcp/22 from 203.0.113.0/24`,
    ]);
  });

  it('tells routes as people write them', () => {
    const [shop, pay] = Object.values(cloud.vpcs);
    const { cloud: peered, peering } = createPeering(cloud, {
      requesterVpcId: shop?.id ?? '',
      accepterVpcId: pay?.id ?? '',
      status: 'active',
    });
    const target = { type: 'peering', peeringId: peering.id } as const;
    const routed = changeRoutes(peered, pay?.mainRouteTableId ?? '', { add: [{ destination: '10.0.0.0/16', target }] });
    expect(cloudDifference(peered, routed)[0]?.words).toEqual([
      `+ route table pay.main: 10.0.0.0/16 via peering ${peering.id}`,
    ]);
  });

  it('tells entries of prefix lists by their blocks', () => {
    const entries = [{ cidr: '198.51.100.0/24', description: 'Head office' }];
    const { cloud: listed, prefixList } = createPrefixList(cloud, {
      name: 'offices',
      family: 'ipv4',
      maxEntries: 3,
      entries,
    });
    expect(cloudDifference(cloud, listed)[0]?.words).toEqual([
      '+ prefix list offices',
      '+   entry 198.51.100.0/24 "Head office"',
    ]);
    const changed = modifyPrefixList(listed, prefixList.id, {
      add: [{ cidr: '192.0.2.0/24' }],
      remove: ['198.51.100.0/24'],
    });
    expect(cloudDifference(listed, changed)[0]?.words).toEqual([
      '- prefix list offices: version 1',
      '- prefix list offices: entry 198.51.100.0/24 "Head office"',
      '+ prefix list offices: version 2',
      '+ prefix list offices: entry 192.0.2.0/24',
    ]);
  });

  it('to no state is all there is', () => {
    const kinds = new Set(cloudDifference(null, cloud).map(({ kind }) => kind));
    expect([...kinds]).toEqual(expect.arrayContaining(['vpcs', 'subnets', 'securityGroups', 'name']));
  });
});
