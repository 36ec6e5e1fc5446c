import { beforeEach, describe, expect, it } from 'vitest';
import type { Parameters } from './api-on-cloud.js';
import { A, db, inDefault, payApi, payVpcId, peered, prefixListId, RulesRig, TCP_22, web } from './rules-rig.js';

let api: RulesRig;

beforeEach(() => {
  api = new RulesRig();
});

describe('Authorize', () => {
  it('A5: two blocks, an IPv6 block and a group are 4 rules, and one heading', async () => {
    const bundle = {
      ...TCP_22,
      IpRanges: [A, { CidrIp: '198.51.100.7/25', Description: 'office' }],
      Ipv6Ranges: [{ CidrIpv6: '2001:DB8:0::/32' }],
      Groups: [{ GroupId: db, UserId: '123456789012' }],
    };
    const made = await api.authorize(web, bundle);
    const ids = new Set(made.map(({ securityGroupRuleId }: Record<string, string>) => securityGroupRuleId));
    expect([made.length, ids.size]).toEqual([4, 4]);
    expect(made[1]).toEqual({
      securityGroupRuleId: expect.stringMatching(/^sgr-[0-9a-f]{17}$/),
      groupId: web,
      groupOwnerId: '123456789012',
      isEgress: 'false',
      ipProtocol: 'tcp',
      fromPort: '22',
      toPort: '22',
      cidrIpv4: '198.51.100.0/25',
      description: 'office',
      tagSet: '',
      securityGroupRuleArn: expect.stringMatching(/^arn:aws:ec2:us-east-1:123456789012:security-group-rule\/sgr-/),
    });
    expect(made[3].referencedGroupInfo).toEqual({ groupId: db, userId: '123456789012' });
    expect((await api.groupOf(web)).ipPermissions).toEqual([
      {
        ipProtocol: 'tcp',
        fromPort: '22',
        toPort: '22',
        groups: [{ groupId: db, userId: '123456789012' }],
        ipRanges: [{ cidrIp: '192.0.2.0/24' }, { cidrIp: '198.51.100.0/25', description: 'office' }],
        ipv6Ranges: [{ cidrIpv6: '2001:db8::/32' }],
        prefixListIds: '',
      },
    ]);
    expect(await api.rulesOf(web)).toEqual(expect.arrayContaining([...made]));
  });

  it('A22: tags each of the rules; they can be found by the tag', async () => {
    const Tag = [{ Key: 'for', Value: 'test' }];
    await api.call('AuthorizeSecurityGroupEgress', {
      GroupId: db,
      IpPermissions: [{ ...TCP_22, IpRanges: [A, { CidrIp: '198.51.100.0/24' }] }],
      TagSpecification: [{ ResourceType: 'security-group-rule', Tag }],
    });
    const Filter = [{ Name: 'tag:for', Value: ['test'] }];
    expect((await api.call('DescribeSecurityGroupRules', { Filter })).securityGroupRuleSet).toMatchObject([
      { isEgress: 'true', tagSet: [{ key: 'for', value: 'test' }] },
      { isEgress: 'true', tagSet: [{ key: 'for', value: 'test' }] },
    ]);
  });

  it('takes the flat form of old clients, and names in the default VPC', async () => {
    const flat = { GroupName: 'default', IpProtocol: 'tcp', FromPort: 80, ToPort: 80, CidrIp: '192.0.2.0/24' };
    await api.call('AuthorizeSecurityGroupIngress', flat);
    expect((await api.groupOf(inDefault)).ipPermissions[1]).toMatchObject({
      fromPort: '80',
      ipRanges: [{ cidrIp: A.CidrIp }],
    });
    await api.call('CreateSecurityGroup', { GroupName: 'old', GroupDescription: 'd' });
    await api.call('AuthorizeSecurityGroupIngress', { GroupName: 'default', SourceSecurityGroupName: 'old' });
    expect((await api.groupOf(inDefault)).ipPermissions[0].groups).toHaveLength(2);
  });

  it('shows a reference to a group of a peered VPC with its peering', async () => {
    const [rule] = await api.authorize(web, { IpProtocol: -1, Groups: [{ GroupId: payApi }] });
    expect(rule).toMatchObject({
      fromPort: '-1',
      toPort: '-1',
      referencedGroupInfo: {
        groupId: payApi,
        vpcId: payVpcId,
        vpcPeeringConnectionId: peered.peering.id,
        peeringStatus: 'active',
      },
    });
  });

  const same = (more: Parameters) => [{ ...TCP_22, IpRanges: [{ ...A, ...more }] }];
  const bad = (permission: Parameters) => ({ IpPermissions: [{ ...TCP_22, IpRanges: [A], ...permission }] });
  const NO_PEER = 'MissingParameter: Missing source specification: include source security group or CIDR information';
  const TWIN =
    'InvalidPermission.Duplicate: the specified rule "peer: 192.0.2.0/24, TCP, from port: 22, to port: 22, ALLOW" already exists';
  it.each<[string, Parameters, string]>([
    ['A6', { IpPermissions: same({ CidrIp: '192.0.2.9/24' }) }, TWIN],
    ['A7', { IpPermissions: same({ Description: 'other' }) }, TWIN],
    [
      '1.5',
      bad({ FromPort: 1, IpRanges: [A, A] }),
      'InvalidParameterValue: The same permission must not appear multiple times',
    ],
    ['7.4', bad({ IpRanges: [] }), NO_PEER],
    ['7.4', bad({ IpRanges: [{ Description: 'x' }] }), NO_PEER],
    ['7.4', bad({ IpRanges: [{ CidrIp: '::/0' }] }), 'InvalidParameterValue: CIDR block ::/0 is malformed'],
    [
      '7.4',
      bad({ IpProtocol: 'all' }),
      "InvalidParameterValue: Invalid value 'all' for IP protocol. Unknown protocol.",
    ],
    [
      '7.4',
      { IpPermissions: [{ IpProtocol: 'tcp', IpRanges: [A] }] },
      'InvalidParameterValue: Invalid value for portRange. Must specify both from and to ports with TCP/UDP.',
    ],
    ['7.4', bad({ FromPort: -1 }), 'InvalidParameterValue: TCP/UDP (from) port (-1) out of range'],
    ['7.4', bad({ FromPort: 90, ToPort: 80 }), 'InvalidParameterValue: Invalid TCP/UDP port range (90:80)'],
    [
      '7.4',
      bad({ IpProtocol: 'icmp', FromPort: 3, ToPort: 65535 }),
      'InvalidParameterValue: ICMP code (65535) out of range',
    ],
    [
      '7.4',
      { IpPermissions: [{ IpRanges: [A] }] },
      "InvalidParameterValue: Invalid value 'null' for protocol. VPC security group rules must specify protocols explicitly.",
    ],
    [
      '7.4',
      bad({ IpRanges: [{ ...A, Description: 'ü' }] }),
      'InvalidParameterValue: Invalid rule description. Valid descriptions are strings less than 256 characters from the following set:  a-zA-Z0-9. _-:/()#,@[]+=&;{}!$*',
    ],
    [
      '7.4',
      bad({ IpRanges: [], Groups: [{ GroupId: inDefault }] }),
      'InvalidGroup.NotFound: You have specified two resources that belong to different networks.',
    ],
    [
      '7.4',
      bad({ IpRanges: [], Groups: [{ GroupId: db, UserId: '999999999999' }] }),
      `InvalidGroup.NotFound: The security group '${db}' does not exist`,
    ],
    ['7.4', {}, 'MissingParameter: The request must contain the parameter ipPermissions'],
    [
      '7.1',
      { ...bad({}), CidrIp: '192.0.2.0/24' },
      "InvalidParameterCombination: The parameter 'ipPermissions' may not be used in combination with 'cidrIp'",
    ],
    [
      'A15',
      bad({
        IpRanges: [1, 2, 3, 4, 5].map((n) => ({ CidrIp: `10.0.0.${n}/32` })),
        PrefixListIds: [{ PrefixListId: prefixListId }],
      }),
      'RulesPerSecurityGroupLimitExceeded: The maximum number of rules per security group has been reached.',
    ],
  ])('%s: %j is refused', async (_number, parameters, error) => {
    await api.authorize(web, { ...TCP_22, IpRanges: [A] });
    const before = api.cloud;
    expect(await api.refusal('AuthorizeSecurityGroupIngress', { GroupId: web, ...parameters })).toBe(error);
    expect(api.cloud).toBe(before);
  });

  it('A14: 60 rules of each family, in and out, and no 61st', async () => {
    const blocks = Array.from({ length: 60 }, (_, n) => n);
    const IpPermissions = [
      {
        ...TCP_22,
        IpRanges: blocks.map((n) => ({ CidrIp: `10.0.0.${n}/32` })),
        Ipv6Ranges: blocks.map((n) => ({ CidrIpv6: `2001:db8::${n}/128` })),
      },
    ];
    const all = [{ IpProtocol: -1, IpRanges: [{ CidrIp: '0.0.0.0/0' }], Ipv6Ranges: [{ CidrIpv6: '::/0' }] }];
    await api.call('RevokeSecurityGroupEgress', { GroupId: web, IpPermissions: all });
    await api.call('AuthorizeSecurityGroupIngress', { GroupId: web, IpPermissions });
    await api.call('AuthorizeSecurityGroupEgress', { GroupId: web, IpPermissions });
    expect(await api.rulesOf(web)).toHaveLength(240);
    expect(
      await api.refusal('AuthorizeSecurityGroupIngress', {
        GroupId: web,
        IpPermissions: [{ ...TCP_22, IpRanges: [A] }],
      }),
    ).toBe('RulesPerSecurityGroupLimitExceeded: The maximum number of rules per security group has been reached.');
  });
});
