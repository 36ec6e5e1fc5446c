/** What `sglab explain` advises: the narrowest changes, in words that can be pasted. */
import { describe, expect, it } from 'vitest';
import { parseRule } from '../../../../src/cloud/text/rule.js';
import type { Cloud } from '../../../../src/cloud/types.js';
import { parseChange } from '../../../../src/scenario/parse-change.js';
import { checkRuledOut, isRuledOut } from '../../../../src/verify/explain/ruled-out.js';
import { fewest } from '../../../../src/verify/explain/smallest.js';
import type { Change } from '../../../../src/verify/explain/types.js';
import { advise, cloudOf, commandsOf } from './advise.js';

const INTERNET = {
  office: '198.51.100.10',
  stranger: { addresses: ['203.0.113.7', '2001:db8:f::7'], listen: 'tcp/443' },
};
const SHOP = {
  cidr: '10.0.0.0/16',
  ipv6Cidr: '2001:db8:1::/56',
  internetGateway: true,
  subnets: {
    public: { cidr: '10.0.1.0/24', ipv6Cidr: '2001:db8:1:1::/64', public: true },
    private: { cidr: '10.0.2.0/24' },
  },
};
const NOTHING = { ingress: [], egress: [] };

/** A closed shop with one web server and two applications; `parts` are added or replace what is there. */
function shop({ securityGroups = {}, instances = {}, publicSubnet = {}, subnets = {}, ...parts }: Parts = {}) {
  return cloudOf({
    vpcs: {
      shop: { ...SHOP, subnets: { ...SHOP.subnets, public: { ...SHOP.subnets.public, ...publicSubnet }, ...subnets } },
    },
    securityGroups: { web: NOTHING, app: NOTHING, ...securityGroups },
    instances: { ...web(), ...instances },
    internet: INTERNET,
    ...parts,
  });
}

interface Parts {
  readonly securityGroups?: object;
  readonly instances?: object;
  readonly publicSubnet?: object;
  readonly subnets?: object;
  readonly [key: string]: unknown;
}

/** The commands of what makes it pass; with the obstacle at the end where there is one. */
function commandsToPass(
  cloud: ReturnType<typeof cloudOf>,
  words: string,
  family: 'ipv4' | 'ipv6' | null = null,
): string[] {
  const { toPass } = advise(cloud, words, family);
  if (toPass === null) return [];
  return [...commandsOf(toPass), ...(toPass.obstacle === null ? [] : [`! ${toPass.obstacle}`])];
}

const ANY = { protocol: 'all', from: '0.0.0.0/0' };
const OUT = { protocol: 'all', to: '0.0.0.0/0' };
const openGroup = { web: { ingress: ANY, egress: OUT } };
const appIn = (subnet: string, securityGroups: string | string[] = 'app') => ({ subnet, securityGroups });
const appOut = { app: { ingress: [], egress: OUT } };

describe('a rule', () => {
  it.each([
    ['stranger -> web tcp/443', null, 'authorize web tcp/443 from 203.0.113.7/32'],
    ['stranger -> web udp/53', null, 'authorize web udp/53 from 203.0.113.7/32'],
    ['stranger -> web icmp', null, 'authorize web icmp/8/0 from 203.0.113.7/32'],
    ['stranger -> web 47', null, 'authorize web 47 from 203.0.113.7/32'],
    ['stranger -> web tcp/443', 'ipv6', 'authorize web tcp/443 from 2001:db8:f::7/128'],
    ['stranger -> web icmpv6', 'ipv6', 'authorize web icmpv6/128/0 from 2001:db8:f::7/128'],
  ] as const)('%s %s: %s', (words, family, command) => {
    expect(commandsToPass(shop(), words, family)).toEqual([command]);
  });

  it('at both ends, if both are closed; of a lone sender by its group', () => {
    const cloud = shop({ instances: { app: appIn('private') } });
    expect(commandsToPass(cloud, 'app -> web tcp/443')).toEqual([
      'authorize app tcp/443 to web',
      'authorize web tcp/443 from app',
    ]);
  });

  it('by the address, where others have the same group', () => {
    const instances = { app: { ...appIn('private'), privateIp: '10.0.2.10' }, other: appIn('private') };
    const cloud = shop({ securityGroups: appOut, instances });
    expect(commandsToPass(cloud, 'app -> web tcp/443')).toEqual(['authorize web tcp/443 from 10.0.2.10/32']);
  });

  it('in the group of the fewest interfaces, and says whom else it concerns', () => {
    const instances = { ...web(['web', 'admin']), app: appIn('private', 'web') };
    const { toPass } = advise(shop({ securityGroups: { admin: NOTHING }, instances }), 'stranger -> web tcp/443');
    expect(toPass?.changes).toMatchObject([{ mutation: { group: 'admin' }, alsoAffects: [] }]);
    const shared = advise(shop({ instances: { app: appIn('private', 'web') } }), 'stranger -> web tcp/443');
    expect(shared.toPass?.changes).toMatchObject([{ mutation: { group: 'web' }, alsoAffects: ['app.eth0'] }]);
  });

  it('in another group, where the first one is full; or AWS’s reason', () => {
    const full = { web: { ingress: { protocol: 'tcp', ports: [1, 2], from: '10.9.0.0/16' }, egress: [] } };
    const quotas = { rulesPerGroup: 2 };
    const one = shop({ quotas, securityGroups: full });
    expect(commandsToPass(one, 'stranger -> web tcp/443')).toEqual([
      expect.stringMatching(/^! "authorize web: tcp\/443 .*" would be refused: The maximum number of rules/),
    ]);
    const two = shop({ quotas, securityGroups: { ...full, zoo: NOTHING }, instances: web(['web', 'zoo']) });
    expect(commandsToPass(two, 'stranger -> web tcp/443')).toEqual(['authorize zoo tcp/443 from 203.0.113.7/32']);
  });

  it('names a group by its id where another VPC has one of that name', () => {
    const data = { cidr: '10.1.0.0/16', subnets: { elsewhere: { cidr: '10.1.1.0/24' } } };
    const cloud = cloudOf({
      vpcs: { shop: SHOP, data },
      securityGroups: { a: { vpc: 'shop', name: 'web', ...NOTHING }, b: { vpc: 'data', name: 'web', ...NOTHING } },
      instances: { web: { subnet: 'public', securityGroups: 'web', publicIp: true, listen: 'tcp/443' } },
      internet: INTERNET,
    });
    expect(commandsToPass(cloud, 'stranger -> web tcp/443')).toEqual([
      expect.stringMatching(/^authorize sg-[0-9a-f]{17} tcp\/443 from 203\.0\.113\.7\/32$/),
    ]);
  });
});

describe('an entry', () => {
  const strict = (
    inbound: object[],
    outbound: object[] = [{ rule: 100, action: 'allow', protocol: 'all', to: '0.0.0.0/0' }],
  ) => ({
    networkAcls: { strict: { inbound, outbound } },
    publicSubnet: { networkAcl: 'strict' },
    securityGroups: openGroup,
  });
  const deny = (rule: number) => ({ rule, action: 'deny', protocol: 'all', from: '0.0.0.0/0' });
  const allow = (rule: number) => ({ ...deny(rule), action: 'allow' });
  const entry = (rule: number) =>
    `change 'networkAcl: { name: strict, inbound: { rule: ${rule}, action: allow, protocol: tcp, ports: 443, from: 203.0.113.7/32 } }'`;

  it.each([
    ['before the one that denies', [deny(90), allow(100)], entry(89)],
    ['at the next free number before it', [{ ...deny(89), from: '10.0.0.0/8' }, deny(90)], entry(88)],
    ['behind the last, where none matches', [{ ...allow(100), from: '10.0.0.0/8' }], entry(110)],
    ['first, in an empty list', [], entry(10)],
    [
      'or the one that denies goes',
      [deny(1), allow(100)],
      "change 'networkAcl: { name: strict, remove: { inbound: 1 } }'",
    ],
  ])('%s', (_, inbound, command) => {
    expect(commandsToPass(shop(strict(inbound)), 'stranger -> web tcp/443')).toEqual([command]);
  });

  it('for answers to whatever port a client takes', () => {
    expect(commandsToPass(shop(strict([allow(100)], [])), 'stranger -> web tcp/443')).toEqual([
      "change 'networkAcl: { name: strict, outbound: { rule: 10, action: allow, protocol: tcp, ports: 1024-65535, to: 203.0.113.7/32 } }'",
    ]);
  });
});

describe('what is no rule', () => {
  it('a server', () => {
    const cloud = shop({ securityGroups: openGroup });
    expect(commandsToPass(cloud, 'stranger -> web tcp/80')).toEqual(["change 'listen: { on: web, ports: tcp/80 }'"]);
    expect(commandsToPass(cloud, 'stranger -> web 99')).toEqual(['change \'listen: { on: web, ports: "99" }\'']);
  });

  it('a route out, by the internet gateway for who has a public address, else by a NAT gateway', () => {
    const groups = { securityGroups: { ...openGroup, ...appOut } };
    const isolated = shop({ ...groups, publicSubnet: { public: false } });
    expect(commandsToPass(isolated, 'web -> stranger tcp/443', 'ipv4')).toEqual([
      "change 'routes: { table: shop.main, add: { to: 203.0.113.7/32, via: internetGateway } }'",
    ]);
    const natGateways = { nat: { subnet: 'public' } };
    expect(
      commandsToPass(shop({ ...groups, natGateways, instances: { app: appIn('private') } }), 'app -> stranger tcp/443'),
    ).toEqual(["change 'routes: { table: shop.main, add: { to: 203.0.113.7/32, via: nat } }'"]);
  });

  it('routes there and back between peered VPCs, and the acceptance', () => {
    const cloud = cloudOf({
      vpcs: {
        shop: { cidr: '10.0.0.0/16', subnets: { apps: { cidr: '10.0.1.0/24' } } },
        data: { cidr: '10.1.0.0/16', subnets: { databases: { cidr: '10.1.1.0/24' } } },
      },
      peerings: { link: { between: ['shop', 'data'], status: 'pending-acceptance' } },
      securityGroups: { app: { vpc: 'shop', egress: OUT }, db: { vpc: 'data', ingress: ANY } },
      instances: {
        app: { subnet: 'apps', securityGroups: 'app', privateIp: '10.0.1.10' },
        db: { subnet: 'databases', securityGroups: 'db', privateIp: '10.1.1.10', listen: 'tcp/5432' },
      },
    });
    expect(commandsToPass(cloud, 'app -> db tcp/5432')).toEqual([
      "change 'routes: { table: shop.main, add: { to: 10.1.1.10/32, via: link } }'",
      "change 'peering: { name: link, status: active }'",
      "change 'routes: { table: data.main, add: { to: 10.0.1.10/32, via: link } }'",
    ]);
  });

  it('the check of a machine in the middle', () => {
    const cloud = shop({
      subnets: { middle: { cidr: '10.0.3.0/24' } },
      publicSubnet: { public: false, routeTable: 'around' },
      securityGroups: { web: { ingress: ANY, egress: OUT }, app: { ingress: ANY, egress: OUT } },
      routeTables: { around: { routes: { to: '10.0.2.0/24', via: 'fw' } } },
      instances: { fw: appIn('middle'), app: { ...appIn('private'), listen: 'tcp/80' } },
    });
    expect(commandsToPass(cloud, 'web -> app tcp/80')).toEqual([
      "change 'sourceDestCheck: { instance: fw.eth0, enabled: false }'",
    ]);
  });

  it.each([
    [
      'stranger -> app tcp/80',
      /^! no route from there leads to 10\.0\.2\.\d+ of app\.eth0, which is private: it has no public address$/,
    ],
    ['app -> stranger tcp/443', /^! app has no public address/],
    ['stranger -> web icmp/9/0', /^! it arrives, and web\.eth0 has no answer to icmp\/9\/0/],
  ])('nothing helps %s', (words, reason) => {
    const subnets = { private: { cidr: '10.0.2.0/24', public: true } };
    const cloud = shop({
      subnets,
      securityGroups: { ...openGroup, ...appOut },
      instances: { app: appIn('private') },
    });
    expect(commandsToPass(cloud, words)).toEqual([expect.stringMatching(reason)]);
  });
});

describe('what passes is stopped by removing', () => {
  const stops = (cloud: ReturnType<typeof cloudOf>, words: string) => advise(cloud, words).toStop.map(commandsOf);

  it('every rule that matches, in every group, the fewest first', () => {
    const from = (ports: number | string, source: string) => ({ protocol: 'tcp', ports, from: source });
    const securityGroups = {
      web: { ingress: [from(443, '10.0.0.0/8'), from('400-500', 'app'), from(80, '0.0.0.0/0')], egress: [] },
      zoo: { ingress: { protocol: 'all', from: '0.0.0.0/0' }, egress: [] },
      ...appOut,
    };
    const instances = { ...web(['web', 'zoo']), app: appIn('private') };
    expect(stops(shop({ securityGroups, instances }), 'app -> web tcp/443').slice(0, 2)).toEqual([
      ['revoke app all to 0.0.0.0/0'],
      ['revoke web tcp/443 from 10.0.0.0/8', 'revoke web tcp/400-500 from app', 'revoke zoo all from 0.0.0.0/0'],
    ]);
  });

  it('every entry that would allow it one after the other, after the rules', () => {
    const inbound = [100, 200].map((rule) => ({ rule, action: 'allow', protocol: 'all', from: '0.0.0.0/0' }));
    const outbound = { rule: 100, action: 'allow', protocol: 'all', to: '0.0.0.0/0' };
    const cloud = shop({
      networkAcls: { strict: { inbound, outbound } },
      publicSubnet: { networkAcl: 'strict' },
      securityGroups: openGroup,
    });
    const remove = (what: string) => `change 'networkAcl: { name: strict, remove: { ${what} } }'`;
    expect(stops(cloud, 'stranger -> web tcp/443')).toEqual([
      ['revoke web all from 0.0.0.0/0'],
      [remove('outbound: 100')],
      [remove('inbound: 100'), remove('inbound: 200')],
    ]);
  });

  it('nothing where nothing is asked: between a machine and itself', () => {
    expect(advise(shop(), 'web -> web tcp/443')).toEqual({ toPass: null, toStop: [] });
  });
});

function web(securityGroups: string | string[] = 'web') {
  return { web: { subnet: 'public', securityGroups, publicIp: true, listen: ['tcp/443', 'udp/53', '47'] } };
}

describe('what is ruled out', () => {
  it.each([
    ['authorize web', true],
    ['authorize', true],
    ['authorize web tcp/22', true],
    ['authorize web tcp/23', false],
    ['authorize app', false],
    ['revoke web', false],
  ])('by "%s" is told by the words that a change begins with: %s', (text, expected) => {
    const rule = { type: 'authorize', group: 'web', rules: [parseRule('tcp/22 from ::/0')] } as const;
    expect(isRuledOut(rule, ['listen', text])).toBe(expected);
  });

  it('may be a step', () => {
    const step = parseChange('routes: { table: to-shop, add: { to: 10.0.0.0/16, via: peer } }');
    expect(isRuledOut(step, ['routes'])).toBe(true);
    expect(isRuledOut(step, ['routes: { table: to-shop }'])).toBe(true);
    expect(isRuledOut(step, ['routes: { table: to-data }'])).toBe(false);
    expect(() => checkRuledOut('route')).toThrow('"route" is no change of a lab');
  });

  it('is not proposed, and said to be so where nothing else helps', () => {
    const { toPass } = advise(shop(), 'office -> web tcp/443', null, ['authorize web']);
    expect(toPass).toMatchObject({
      obstacle: expect.stringMatching(/^"authorize web: .*" is ruled out here$/),
      changes: [],
    });
    const open = shop({ securityGroups: { web: { ingress: { protocol: 'tcp', ports: 443, from: '0.0.0.0/0' } } } });
    expect(advise(open, 'office -> web tcp/443').toStop).not.toEqual([]);
    expect(advise(open, 'office -> web tcp/443', null, ['revoke', 'networkAcl']).toStop).toEqual([]);
  });
});

it('the fewest changes are those that turn it alone', () => {
  const cloud = shop();
  const rule = (group: string): Change => {
    const mutation = { type: 'authorize', group, rules: [parseRule('tcp/443 from 198.51.100.10/32')] } as const;
    return { stage: 'sg-ingress', leg: 'request', where: '', mutation, words: '', alsoAffects: [] };
  };
  const isTurned = (after: Cloud) =>
    Object.values(after.securityGroups).some(({ name, rules }) => name === 'web' && rules.length > 0);
  expect(fewest(cloud, [rule('app'), rule('web')], isTurned)).toEqual([rule('web')]);
  // A change that cannot be made twice is left out where one does.
  const many = [...Array.from({ length: 9 }, () => rule('app')), rule('web')];
  expect(fewest(cloud, many, isTurned).map(({ mutation }) => mutation)).toContainEqual(rule('web').mutation);
});
