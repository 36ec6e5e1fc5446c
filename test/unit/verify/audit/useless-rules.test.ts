import { describe, expect, it } from 'vitest';
import { cloudOf, findingNames, tcp, withRules } from './clouds.js';

describe('unused-group', () => {
  it('is a group that no interface has', () => {
    const groups = { web: { vpc: 'shop' }, old: { vpc: 'shop' } };
    const instances = { v: { subnet: 'public', securityGroups: 'web' } };
    expect(findingNames(cloudOf({ securityGroups: groups, instances }), 'unused-group')).toEqual(['old']);
  });
});

describe('redundant-rule', () => {
  const redundant = (...ingress: object[]) => findingNames(withRules(ingress), 'redundant-rule');

  it.each([
    ['a narrower block', tcp(443, '0.0.0.0/0'), tcp(443, '198.51.100.0/24'), 'tcp/443 from 198.51.100.0/24'],
    ['fewer ports', tcp('1-1024', '10.0.1.0/24'), tcp(22, '10.0.1.0/24'), 'tcp/22 from 10.0.1.0/24'],
    ['one protocol', { protocol: 'all', from: '10.0.1.0/24' }, tcp(22, '10.0.1.0/24'), 'tcp/22 from 10.0.1.0/24'],
    ['a group inside the block', tcp(22, '10.0.0.0/16'), tcp(22, 'web'), 'tcp/22 from web'],
    [
      'one type of ICMP',
      { protocol: 'icmp', from: '10.0.0.0/16' },
      { protocol: 'icmp', type: 8, from: '10.0.0.0/16' },
      'icmp/8/-1 from 10.0.0.0/16',
    ],
  ])('is %s', (_, wide, narrow, words) => {
    expect(redundant(wide, narrow)).toEqual([`web: ${words}`]);
    expect(redundant(narrow, wide)).toEqual([`web: ${words}`]);
  });

  it.each<[string, ...object[]]>([
    ['other ports', tcp(443, '0.0.0.0/0'), tcp(80, '0.0.0.0/0')],
    ['overlapping ports', tcp('80-90', '10.0.0.0/16'), tcp('85-95', '10.0.0.0/16')],
    ['another protocol', tcp(443, '0.0.0.0/0'), { protocol: 'udp', ports: 443, from: '0.0.0.0/0' }],
    ['the other family', tcp(443, '0.0.0.0/0'), tcp(443, '::/0')],
    ['a wider block with fewer ports', tcp(443, '0.0.0.0/0'), tcp('1-1024', '10.0.0.0/16')],
    ['the other direction', tcp(443, '0.0.0.0/0')],
  ])('is not %s', (_, ...rules) => {
    expect(redundant(...rules)).toEqual([]);
  });

  // Both groups have AWS's egress rules too, which are nobody's mistake.
  it('is the later of two equal rules in groups that every member has', () => {
    const rule = tcp(443, '0.0.0.0/0');
    const securityGroups = { a: { vpc: 'shop', ingress: rule }, b: { vpc: 'shop', ingress: rule } };
    const both = { subnet: 'public', securityGroups: ['a', 'b'] };
    const ofB = { subnet: 'public', securityGroups: ['b'] };
    const inCloud = (instances: object) => findingNames(cloudOf({ securityGroups, instances }), 'redundant-rule');
    expect(inCloud({ v: both })).toEqual(['b: tcp/443 from 0.0.0.0/0']);
    expect(inCloud({ v: both, w: ofB })).toEqual(['a: tcp/443 from 0.0.0.0/0']);
    expect(inCloud({ v: { ...both, securityGroups: ['a'] }, w: ofB })).toEqual([]);
  });
});

describe('rules to nowhere', () => {
  it.each(['192.168.7.0/24', '10.0.99.0/24', 'fd00::/8'])('a block that nobody can be in: %s', (block) => {
    expect(findingNames(withRules([tcp(443, block)]), 'block-nowhere')).toEqual([`web: tcp/443 from ${block}`]);
  });

  it.each(['198.51.100.0/24', '10.0.2.0/24', '10.0.0.0/16', '10.0.0.0/8', '0.0.0.0/0', '8.8.8.8/32'])(
    'not one that somebody can be in: %s',
    (block) => {
      expect(findingNames(withRules([tcp(443, block)]), 'block-nowhere')).toEqual([]);
    },
  );

  it('not one that a host is in', () => {
    const cloud = withRules([tcp(443, '192.168.7.0/24')], { internet: { branch: '192.168.7.9' } });
    expect(findingNames(cloud, 'block-nowhere')).toEqual([]);
  });

  it('not one behind an appliance that a route names', () => {
    const routes = [{ to: '192.168.0.0/16', via: 'v' }];
    const cloud = withRules([tcp(443, '192.168.7.0/24')], {
      routeTables: { vpn: { vpc: 'shop', routes } },
      instances: { v: { subnet: 'public', securityGroups: 'web', sourceDestCheck: false } },
    });
    expect(findingNames(cloud, 'block-nowhere')).toEqual([]);
  });

  it('a group without members', () => {
    const groups = (instances: object) =>
      cloudOf({ securityGroups: { web: { vpc: 'shop', ingress: tcp(22, 'ops') }, ops: { vpc: 'shop' } }, instances });
    const v = { subnet: 'public', securityGroups: 'web' };
    expect(findingNames(groups({ v }), 'group-without-members')).toEqual(['web: tcp/22 from ops']);
    expect(findingNames(groups({ v, o: { ...v, securityGroups: 'ops' } }), 'group-without-members')).toEqual([]);
  });

  it('an empty prefix list', () => {
    const withEntries = (entries: string[]) =>
      withRules([tcp(22, 'list')], { prefixLists: { list: { family: 'ipv4', entries } } });
    expect(findingNames(withEntries([]), 'empty-prefix-list')).toEqual(['web: tcp/22 from list']);
    expect(findingNames(withEntries(['198.51.100.0/24']), 'empty-prefix-list')).toEqual([]);
  });

  it.each([
    ['deleted', ['web: tcp/22 from far']],
    ['pending-acceptance', ['web: tcp/22 from far']],
    ['active', []],
  ])('a group over a peering that is %s', (status, expected) => {
    const cloud = cloudOf({
      vpcs: {
        shop: { cidr: '10.0.0.0/16', subnets: { s: { cidr: '10.0.1.0/24' } } },
        data: { cidr: '10.1.0.0/16', subnets: { d: { cidr: '10.1.1.0/24' } } },
      },
      peerings: { p: { between: ['shop', 'data'], status } },
      securityGroups: { web: { vpc: 'shop', ingress: tcp(22, 'far') }, far: { vpc: 'data' } },
      instances: { v: { subnet: 's', securityGroups: 'web' }, f: { subnet: 'd', securityGroups: 'far' } },
    });
    expect(findingNames(cloud, 'stale-reference')).toEqual(expected);
  });
});

describe('the default group', () => {
  const cloud = (group: object, securityGroups: string) =>
    cloudOf({
      securityGroups: { default: { vpc: 'shop', ...group }, web: { vpc: 'shop' } },
      instances: { v: { subnet: 'public', securityGroups } },
    });
  const closed = { ingress: [], egress: [] };

  it('is in use', () => {
    expect(findingNames(cloud(closed, 'default'), 'default-group-used')).toEqual(['default']);
    expect(findingNames(cloud(closed, 'web'), 'default-group-used')).toEqual([]);
  });

  it('has rules', () => {
    expect(findingNames(cloud({}, 'web'), 'default-group-rules')).toEqual(['default']);
    expect(findingNames(cloud(closed, 'web'), 'default-group-rules')).toEqual([]);
  });
});

describe('network-acl-denies', () => {
  const behind = (inbound: object[], outbound: object[], from = '0.0.0.0/0') => {
    const subnets = { public: { cidr: '10.0.1.0/24', public: true, networkAcl: 'list' } };
    return findingNames(
      withRules([tcp(443, from)], {
        vpcs: { shop: { cidr: '10.0.0.0/16', internetGateway: true, subnets } },
        networkAcls: { list: { vpc: 'shop', inbound, outbound } },
      }),
      'network-acl-denies',
    );
  };
  const allowIn = { rule: 100, action: 'allow', protocol: 'all', from: '0.0.0.0/0' };
  const allowOut = { rule: 100, action: 'allow', protocol: 'all', to: '0.0.0.0/0' };
  const deny = (ports: string, from = '0.0.0.0/0') => ({ rule: 90, action: 'deny', protocol: 'tcp', ports, from });

  it('is a rule of which nothing gets in, or whose answers do not get out', () => {
    expect(behind([deny('443'), allowIn], [allowOut])).toEqual(['web: tcp/443 from 0.0.0.0/0']);
    expect(behind([], [allowOut])).toHaveLength(1);
    expect(behind([allowIn], [{ ...allowOut, protocol: 'tcp', ports: '443' }])).toHaveLength(1);
  });

  it('is not a rule of which something gets in, or that neighbours in the subnet use', () => {
    expect(behind([allowIn], [allowOut])).toEqual([]);
    expect(behind([deny('443', '10.0.0.0/8'), allowIn], [allowOut])).toEqual([]);
    expect(behind([{ ...allowIn, rule: 80 }, deny('443')], [allowOut])).toEqual([]);
    expect(behind([deny('443'), allowIn], [allowOut], '10.0.1.0/24')).toEqual([]);
  });
});
