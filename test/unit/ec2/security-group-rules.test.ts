import { beforeEach, describe, expect, it } from 'vitest';
import type { Parameters } from './api-on-cloud.js';
import { A, db, inDefault, payApi, RulesRig, TCP_22, web } from './rules-rig.js';

let api: RulesRig;

beforeEach(() => {
  api = new RulesRig();
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
    expect((await api.groupOf(payApi)).ipPermissionsEgress).toBe('');
  });

  it('A9: what does not exist fails the whole request; in a default VPC it is only said', async () => {
    const both = [{ ...TCP_22, IpRanges: [A, B] }];
    await api.authorize(web, { ...TCP_22, IpRanges: [A] });
    expect(await api.refusal('RevokeSecurityGroupIngress', { GroupId: web, IpPermissions: both })).toBe(
      'InvalidPermission.NotFound: The specified rule does not exist in this security group.',
    );
    expect((await api.groupOf(web)).ipPermissions[0].ipRanges).toHaveLength(1);
    await api.authorize(inDefault, { ...TCP_22, IpRanges: [A] });
    expect(await api.call('RevokeSecurityGroupIngress', { GroupId: inDefault, IpPermissions: both })).toMatchObject({
      return: 'true',
      unknownIpPermissionSet: [{ ipProtocol: 'tcp', fromPort: '22', ipRanges: [{ cidrIp: B.CidrIp }] }],
      revokedSecurityGroupRuleSet: [{ cidrIpv4: A.CidrIp }],
    });
  });

  it('A10: one block of a bundle leaves the others; A11: by id', async () => {
    const [, second] = await api.authorize(web, { ...TCP_22, IpRanges: [A, B] });
    await api.call('RevokeSecurityGroupIngress', { GroupId: web, IpPermissions: [{ ...TCP_22, IpRanges: [A] }] });
    expect((await api.groupOf(web)).ipPermissions[0].ipRanges).toEqual([{ cidrIp: B.CidrIp }]);
    await api.call('RevokeSecurityGroupIngress', { GroupId: web, SecurityGroupRuleId: [second.securityGroupRuleId] });
    expect((await api.groupOf(web)).ipPermissions).toBe('');
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
    const [rule] = await api.authorize(web, { ...TCP_22, IpRanges: [A] });
    const egress = (await api.rulesOf(web)).find(
      ({ isEgress, cidrIpv4 }) => isEgress === 'true' && cidrIpv4 !== undefined,
    );
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
    expect(await api.rulesOf(web)).toEqual(
      expect.arrayContaining([
        { ...rule, cidrIpv4: '203.0.113.0/24', description: 'new' },
        { ...egress, cidrIpv4: '10.0.0.0/8' },
      ]),
    );
  });

  it('two rules may change places', async () => {
    const [a, b] = await api.authorize(web, { ...TCP_22, IpRanges: [A, { CidrIp: '203.0.113.0/24' }] });
    await api.call('ModifySecurityGroupRules', {
      GroupId: web,
      SecurityGroupRule: [
        { SecurityGroupRuleId: a.securityGroupRuleId, SecurityGroupRule: { ...TCP_22, CidrIpv4: b.cidrIpv4 } },
        { SecurityGroupRuleId: b.securityGroupRuleId, SecurityGroupRule: { ...TCP_22, CidrIpv4: a.cidrIpv4 } },
      ],
    });
    expect((await api.rulesOf(web)).map(({ cidrIpv4 }) => cidrIpv4)).toContain(a.cidrIpv4);
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
    const [rule] = await api.authorize(web, { ...TCP_22, IpRanges: [A] }, { ...TCP_22, FromPort: 21, IpRanges: [A] });
    const before = api.cloud;
    expect(await api.refusal('ModifySecurityGroupRules', parametersFor(rule.securityGroupRuleId))).toBe(
      error.replace('{id}', rule.securityGroupRuleId),
    );
    expect(api.cloud).toBe(before);
  });
});

describe('UpdateSecurityGroupRuleDescriptions', () => {
  it('describes by what the rules say or by id; what is left out is taken away', async () => {
    const [rule] = await api.authorize(web, { ...TCP_22, IpRanges: [A] });
    const described = async () => (await api.rulesOf(web)).find(({ isEgress }) => isEgress === 'false').description;
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
  expect(await api.rulesOf('sg-00000000')).toEqual([]);
  const Filter = [{ Name: 'group-id', Value: ['foobar'] }];
  expect(await api.refusal('DescribeSecurityGroupRules', { Filter })).toBe(
    "InvalidGroupId.Malformed: The security group ID 'foobar' is malformed",
  );
});
