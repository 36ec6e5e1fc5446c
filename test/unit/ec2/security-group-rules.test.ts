import { beforeEach, describe, expect, it } from 'vitest';
import { createPeering } from '../../../src/cloud/peering.js';
import { createVpc } from '../../../src/cloud/vpc.js';
import { makeShop } from '../cloud/shop.js';
import { ApiOnCloud, type Parameters } from './api-on-cloud.js';

const shop = makeShop();
const { vpcId, payVpcId, web, db, payApi, prefixListId } = shop;
const peered = createPeering(shop.cloud, {
  name: 'link',
  requesterVpcId: vpcId,
  accepterVpcId: payVpcId,
  status: 'active',
});
const withDefault = createVpc(peered.cloud, { name: 'default', cidrs: ['172.31.0.0/16'], isDefault: true });
const inDefault = withDefault.vpc.defaultGroupId;
const TCP_22 = { IpProtocol: 'tcp', FromPort: 22, ToPort: 22 };
const A = { CidrIp: '192.0.2.0/24' };
let api: ApiOnCloud;

beforeEach(() => {
  api = new ApiOnCloud(withDefault.cloud);
});

const authorize = async (GroupId: string, ...IpPermissions: Parameters[]) =>
  (await api.call('AuthorizeSecurityGroupIngress', { GroupId, IpPermissions })).securityGroupRuleSet;
const groupOf = async (id: string) =>
  (await api.call('DescribeSecurityGroups', { GroupId: [id] })).securityGroupInfo[0];
const rulesOf = async (id: string) => {
  const Filter = [{ Name: 'group-id', Value: [id] }];
  return [...(await api.call('DescribeSecurityGroupRules', { Filter })).securityGroupRuleSet];
};

describe('Authorize', () => {
  it('A5: two blocks, an IPv6 block and a group are 4 rules, and one heading', async () => {
    const bundle = {
      ...TCP_22,
      IpRanges: [A, { CidrIp: '198.51.100.7/25', Description: 'office' }],
      Ipv6Ranges: [{ CidrIpv6: '2001:DB8:0::/32' }],
      Groups: [{ GroupId: db, UserId: '123456789012' }],
    };
    const made = await authorize(web, bundle);
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
    expect((await groupOf(web)).ipPermissions).toEqual([
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
    expect(await rulesOf(web)).toEqual(expect.arrayContaining([...made]));
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
    expect((await groupOf(inDefault)).ipPermissions[1]).toMatchObject({
      fromPort: '80',
      ipRanges: [{ cidrIp: A.CidrIp }],
    });
    await api.call('CreateSecurityGroup', { GroupName: 'old', GroupDescription: 'd' });
    await api.call('AuthorizeSecurityGroupIngress', { GroupName: 'default', SourceSecurityGroupName: 'old' });
    expect((await groupOf(inDefault)).ipPermissions[0].groups).toHaveLength(2);
  });

  it('shows a reference to a group of a peered VPC with its peering', async () => {
    const [rule] = await authorize(web, { IpProtocol: -1, Groups: [{ GroupId: payApi }] });
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
    await authorize(web, { ...TCP_22, IpRanges: [A] });
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
    expect(await rulesOf(web)).toHaveLength(240);
    expect(
      await api.refusal('AuthorizeSecurityGroupIngress', {
        GroupId: web,
        IpPermissions: [{ ...TCP_22, IpRanges: [A] }],
      }),
    ).toBe('RulesPerSecurityGroupLimitExceeded: The maximum number of rules per security group has been reached.');
  });
});

describe('Revoke', () => {
  const B = { CidrIp: '198.51.100.0/24' };

  it('A8: `-1` with ports 0/0 is the rule that has none, as Terraform says it', async () => {
    const everything = { IpProtocol: -1, FromPort: 0, ToPort: 0, IpRanges: [{ CidrIp: '0.0.0.0/0' }] };
    const answer = await api.call('RevokeSecurityGroupEgress', { GroupId: payApi, IpPermissions: [everything] });
    expect(answer).toMatchObject({
      return: 'true',
      unknownIpPermissionSet: '',
      revokedSecurityGroupRuleSet: [
        { groupId: payApi, isEgress: 'true', ipProtocol: '-1', fromPort: '-1', toPort: '-1', cidrIpv4: '0.0.0.0/0' },
      ],
    });
    expect((await groupOf(payApi)).ipPermissionsEgress).toBe('');
  });

  it('A9: what does not exist fails the whole request; in a default VPC it is only said', async () => {
    const both = [{ ...TCP_22, IpRanges: [A, B] }];
    await authorize(web, { ...TCP_22, IpRanges: [A] });
    expect(await api.refusal('RevokeSecurityGroupIngress', { GroupId: web, IpPermissions: both })).toBe(
      'InvalidPermission.NotFound: The specified rule does not exist in this security group.',
    );
    expect((await groupOf(web)).ipPermissions[0].ipRanges).toHaveLength(1);
    await authorize(inDefault, { ...TCP_22, IpRanges: [A] });
    expect(await api.call('RevokeSecurityGroupIngress', { GroupId: inDefault, IpPermissions: both })).toMatchObject({
      return: 'true',
      unknownIpPermissionSet: [{ ipProtocol: 'tcp', fromPort: '22', ipRanges: [{ cidrIp: B.CidrIp }] }],
      revokedSecurityGroupRuleSet: [{ cidrIpv4: A.CidrIp }],
    });
  });

  it('A10: one block of a bundle leaves the others; A11: by id', async () => {
    const [, second] = await authorize(web, { ...TCP_22, IpRanges: [A, B] });
    await api.call('RevokeSecurityGroupIngress', { GroupId: web, IpPermissions: [{ ...TCP_22, IpRanges: [A] }] });
    expect((await groupOf(web)).ipPermissions[0].ipRanges).toEqual([{ cidrIp: B.CidrIp }]);
    await api.call('RevokeSecurityGroupIngress', { GroupId: web, SecurityGroupRuleId: [second.securityGroupRuleId] });
    expect((await groupOf(web)).ipPermissions).toBe('');
  });

  it.each<[Parameters, string]>([
    [
      { SecurityGroupRuleId: ['sgr-00000000'] },
      "InvalidSecurityGroupRuleId.NotFound: The security group rule ID 'sgr-00000000' does not exist",
    ],
    [
      { SecurityGroupRuleId: ['x'] },
      "InvalidSecurityGroupRuleId.Malformed: The security group rule ID 'x' is malformed",
    ],
    [{}, "MissingParameter: Either 'ipPermissions' or 'securityGroupRuleIds' should be provided."],
  ])('A11: %j is refused', async (parameters, error) => {
    expect(await api.refusal('RevokeSecurityGroupIngress', { GroupId: web, ...parameters })).toBe(error);
  });
});

describe('ModifySecurityGroupRules', () => {
  const modify = (SecurityGroupRuleId: string, SecurityGroupRule: Parameters, GroupId = web) => ({
    GroupId,
    SecurityGroupRule: [{ SecurityGroupRuleId, SecurityGroupRule }],
  });
  const TO = { ...TCP_22, CidrIpv4: '203.0.113.0/24' };

  it('A12: changes several rules, ingress and egress, which keep their ids', async () => {
    const [rule] = await authorize(web, { ...TCP_22, IpRanges: [A] });
    const egress = (await rulesOf(web)).find(({ isEgress, cidrIpv4 }) => isEgress === 'true' && cidrIpv4 !== undefined);
    await api.call('ModifySecurityGroupRules', {
      GroupId: web,
      SecurityGroupRule: [
        { SecurityGroupRuleId: rule.securityGroupRuleId, SecurityGroupRule: { ...TO, Description: 'new' } },
        {
          SecurityGroupRuleId: egress.securityGroupRuleId,
          SecurityGroupRule: { IpProtocol: -1, CidrIpv4: '10.0.0.0/8' },
        },
      ],
    });
    expect(await rulesOf(web)).toEqual(
      expect.arrayContaining([
        { ...rule, cidrIpv4: '203.0.113.0/24', description: 'new' },
        { ...egress, cidrIpv4: '10.0.0.0/8' },
      ]),
    );
  });

  it('two rules may change places', async () => {
    const [a, b] = await authorize(web, { ...TCP_22, IpRanges: [A, { CidrIp: '203.0.113.0/24' }] });
    await api.call('ModifySecurityGroupRules', {
      GroupId: web,
      SecurityGroupRule: [
        { SecurityGroupRuleId: a.securityGroupRuleId, SecurityGroupRule: { ...TCP_22, CidrIpv4: b.cidrIpv4 } },
        { SecurityGroupRuleId: b.securityGroupRuleId, SecurityGroupRule: { ...TCP_22, CidrIpv4: a.cidrIpv4 } },
      ],
    });
    expect((await rulesOf(web)).map(({ cidrIpv4 }) => cidrIpv4)).toContain(a.cidrIpv4);
  });

  it.each<[string, (id: string) => Parameters, string]>([
    [
      'A12',
      () => modify('sgr-00000000', TO),
      "InvalidSecurityGroupRuleId.NotFound: The security group rule ID 'sgr-00000000' does not exist",
    ],
    [
      'A12',
      (id) => modify(id, TCP_22),
      'MissingParameter: The request must contain exactly one of: cidrIp, cidrIpv6, prefixListId, or referencedGroupId',
    ],
    [
      'A12',
      (id) => modify(id, { ...TO, ReferencedGroupId: db }),
      'InvalidParameterCombination: Only one of cidrIp, cidrIpv6, prefixListId, or referencedGroupId can be specified',
    ],
    [
      'A12',
      (id) => modify(id, { CidrIpv4: '10.0.0.0/8' }),
      "InvalidParameterValue: Invalid value 'null' for protocol. VPC security group rules must specify protocols explicitly.",
    ],
    [
      'A12',
      (id) => modify(id, { IpProtocol: 'tcp', CidrIpv4: '10.0.0.0/8' }),
      'InvalidParameterValue: Invalid value for portRange. Must specify both from and to ports with TCP/UDP.',
    ],
    [
      'A12',
      (id) => modify(id, TO, 'sg-00000000'),
      "InvalidGroup.NotFound: The security group 'sg-00000000' does not exist",
    ],
    ['A12', (id) => modify(id, TO, 'web'), 'InvalidGroupId.Malformed: Invalid id: "web" (expecting "sg-...")'],
    [
      'A13',
      (id) => modify(id, { ...TCP_22, CidrIpv6: '::/0' }),
      "InvalidParameterValue: Invalid rule type for security group rule '{id}'. You may not specify CidrIpv6 for an existing IPv4 CIDR rule.",
    ],
    [
      '1.5',
      (id) => modify(id, { ...TCP_22, FromPort: 21, CidrIpv4: A.CidrIp }),
      'InvalidPermission.Duplicate: the specified rule "peer: 192.0.2.0/24, TCP, from port: 21, to port: 22, ALLOW" already exists',
    ],
  ])('%s: refuses (%#)', async (_number, parametersFor, error) => {
    const [rule] = await authorize(web, { ...TCP_22, IpRanges: [A] }, { ...TCP_22, FromPort: 21, IpRanges: [A] });
    const before = api.cloud;
    expect(await api.refusal('ModifySecurityGroupRules', parametersFor(rule.securityGroupRuleId))).toBe(
      error.replace('{id}', rule.securityGroupRuleId),
    );
    expect(api.cloud).toBe(before);
  });
});

describe('UpdateSecurityGroupRuleDescriptions', () => {
  it('describes by what the rules say or by id; what is left out is taken away', async () => {
    const [rule] = await authorize(web, { ...TCP_22, IpRanges: [A] });
    const described = async () => (await rulesOf(web)).find(({ isEgress }) => isEgress === 'false').description;
    const IpPermissions = [{ ...TCP_22, IpRanges: [{ ...A, Description: 'one' }] }];
    await api.call('UpdateSecurityGroupRuleDescriptionsIngress', { GroupId: web, IpPermissions });
    expect(await described()).toBe('one');
    const byId = { SecurityGroupRuleId: rule.securityGroupRuleId, Description: 'two' };
    await api.call('UpdateSecurityGroupRuleDescriptionsIngress', {
      GroupId: web,
      SecurityGroupRuleDescription: [byId],
    });
    expect(await described()).toBe('two');
    await api.call('UpdateSecurityGroupRuleDescriptionsIngress', {
      GroupId: web,
      IpPermissions: [{ ...TCP_22, IpRanges: [A] }],
    });
    expect(await described()).toBeUndefined();
  });

  it.each([
    ['-1', 'InvalidParameterValue: When protocol is ALL, you cannot specify from-port.'],
    ['50', 'InvalidParameterValue: When protocol is 50, you cannot specify from-port.'],
    ['udp', 'InvalidPermission.NotFound: The specified rule does not exist in this security group.'],
  ])('refuses ports of protocol %s, and what does not exist', async (IpProtocol, error) => {
    const IpPermissions = [{ IpProtocol, FromPort: 0, ToPort: 0, IpRanges: [{ CidrIp: '0.0.0.0/0' }] }];
    expect(await api.refusal('UpdateSecurityGroupRuleDescriptionsEgress', { GroupId: web, IpPermissions })).toBe(error);
  });
});

it('DescribeSecurityGroupRules: unknown ids are an error, an unknown group has no rules, a malformed one is an error', async () => {
  expect(await api.refusal('DescribeSecurityGroupRules', { SecurityGroupRuleId: ['sgr-00000000'] })).toMatch(
    /^InvalidSecurityGroupRuleId.NotFound: /,
  );
  expect(await rulesOf('sg-00000000')).toEqual([]);
  const Filter = [{ Name: 'group-id', Value: ['foobar'] }];
  expect(await api.refusal('DescribeSecurityGroupRules', { Filter })).toBe(
    "InvalidGroupId.Malformed: The security group ID 'foobar' is malformed",
  );
});
