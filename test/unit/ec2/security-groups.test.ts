import { beforeEach, describe, expect, it } from 'vitest';
import { authorize } from '../../../src/cloud/groups/rules.js';
import { createVpc } from '../../../src/cloud/network/vpc.js';
import { fromGroup, makeLab } from '../cloud/shop.js';
import { ApiOnCloud, type Parameters } from './api-on-cloud.js';

const lab = makeLab();
const { vpcId, payVpcId, web, db, payApi } = lab;
const withDefault = createVpc(lab.cloud, { name: 'default', cidrs: ['172.31.0.0/16'], isDefault: true });
const cloud = authorize(withDefault.cloud, db, [fromGroup(web)]).cloud;
const GROUP = { GroupName: 'fresh', GroupDescription: 'd', VpcId: vpcId };
let api: ApiOnCloud;

beforeEach(() => {
  api = new ApiOnCloud(cloud);
});

const create = async (more: Parameters = {}) => (await api.call('CreateSecurityGroup', { ...GROUP, ...more })).groupId;
const found = async (...filters: readonly [name: string, ...values: string[]][]): Promise<string[]> => {
  const Filter = filters.map(([Name, ...Value]) => ({ Name, Value }));
  const { securityGroupInfo } = await api.call('DescribeSecurityGroups', { Filter });
  return [...securityGroupInfo].map(({ groupId }) => groupId);
};

describe('CreateSecurityGroup', () => {
  it('answers with the id and the ARN, and A22: tags', async () => {
    const Tag = [{ Key: 'Name', Value: 'x' }];
    const answer = await api.call('CreateSecurityGroup', {
      ...GROUP,
      TagSpecification: [{ ResourceType: 'security-group', Tag }],
    });
    expect(answer).toMatchObject({
      groupId: expect.stringMatching(/^sg-[0-9a-f]{17}$/),
      securityGroupArn: `arn:aws:ec2:us-east-1:123456789012:security-group/${answer.groupId}`,
      tagSet: [{ key: 'Name', value: 'x' }],
    });
    const { securityGroupInfo } = await api.call('DescribeSecurityGroups', { GroupId: [answer.groupId] });
    expect(securityGroupInfo[0].tagSet).toEqual([{ key: 'Name', value: 'x' }]);
  });

  it('means the default VPC when it names none; there is an error where a lab has none', async () => {
    const { groupId } = await api.call('CreateSecurityGroup', { GroupName: 'a', GroupDescription: 'd' });
    expect(api.cloud.securityGroups[groupId]?.vpcId).toBe(withDefault.vpc.id);
    expect(
      await new ApiOnCloud(lab.cloud).refusal('CreateSecurityGroup', { GroupName: 'a', GroupDescription: 'd' }),
    ).toBe('VPCIdNotSpecified: No default VPC for this user');
  });

  it('A2: the name is free in another VPC; A4: spaces at its end are dropped', async () => {
    const groupId = await create({ GroupName: 'web ', VpcId: payVpcId });
    expect(api.cloud.securityGroups[groupId]).toMatchObject({ name: 'web', vpcId: payVpcId });
  });

  it.each<[string, Parameters, string]>([
    ['A2', { GroupName: 'web' }, `InvalidGroup.Duplicate: The security group 'web' already exists for VPC '${vpcId}'`],
    ['A3', { GroupName: 'Web' }, `InvalidGroup.Duplicate: The security group 'Web' already exists for VPC '${vpcId}'`],
    [
      'A4',
      { GroupName: 'sg-x' },
      'InvalidParameterValue: Value (sg-x) for parameter GroupName is invalid. Group names may not be in the format sg-*.',
    ],
    ['A4', { GroupName: 'default' }, 'InvalidGroup.Reserved: Cannot use reserved security group name: default'],
    [
      '7.4',
      { GroupDescription: 'ü' },
      'InvalidParameterValue: Invalid security group description. Valid descriptions are strings less than 256 characters from the following set:  a-zA-Z0-9. _-:/()#,@[]+=&;{}!$*',
    ],
    ['7.4', { VpcId: 'vpc-00000000' }, "InvalidVpcID.NotFound: The vpc ID 'vpc-00000000' does not exist"],
    ['A20', { DryRun: true }, 'DryRunOperation: Request would have succeeded, but DryRun flag is set.'],
  ])('%s: %j is refused', async (_number, parameters, error) => {
    expect(await api.refusal('CreateSecurityGroup', { ...GROUP, ...parameters })).toBe(error);
    expect(api.cloud).toBe(cloud);
  });
});

describe('DeleteSecurityGroup', () => {
  it('deletes by id, and by name in the default VPC', async () => {
    const byId = await create();
    const byName = await create({ GroupName: 'byname', VpcId: withDefault.vpc.id });
    expect(await api.call('DeleteSecurityGroup', { GroupId: byId })).toMatchObject({ return: 'true', groupId: byId });
    await api.call('DeleteSecurityGroup', { GroupName: 'byname' });
    expect(Object.keys(api.cloud.securityGroups)).not.toEqual(expect.arrayContaining([byName]));
    expect(await api.refusal('DescribeSecurityGroups', { GroupId: [byId] })).toBe(
      `InvalidGroup.NotFound: The security group '${byId}' does not exist`,
    );
  });

  it.each<[string, Parameters, string]>([
    [
      'A1',
      { GroupId: withDefault.vpc.defaultGroupId },
      `CannotDelete: the specified group: "${withDefault.vpc.defaultGroupId}" name: "default" cannot be deleted by a user`,
    ],
    ['A17: an interface has it', { GroupId: db }, `DependencyViolation: resource ${db} has a dependent object`],
    ['7.4', { GroupId: 'sg-x' }, "InvalidGroupId.Malformed: The security-group ID 'sg-x' is malformed"],
    ['7.4', { GroupId: 'sg-00000000' }, "InvalidGroup.NotFound: The security group 'sg-00000000' does not exist"],
    [
      '7.4',
      { GroupName: 'web' },
      `InvalidGroup.NotFound: The security group 'web' does not exist in default VPC '${withDefault.vpc.id}'`,
    ],
    ['7.4', {}, 'MissingParameter: The request must contain the parameter groupName or groupId'],
  ])('%s: %j is refused', async (_number, parameters, error) => {
    expect(await api.refusal('DeleteSecurityGroup', parameters)).toBe(error);
    expect(api.cloud).toBe(cloud);
  });

  it('A17: another group refers to it', async () => {
    const fresh = await create();
    const IpPermissions = [{ IpProtocol: -1, Groups: [{ GroupId: fresh }] }];
    await api.call('AuthorizeSecurityGroupIngress', { GroupId: web, IpPermissions });
    expect(await api.refusal('DeleteSecurityGroup', { GroupId: fresh })).toBe(
      `DependencyViolation: resource ${fresh} has a dependent object`,
    );
  });
});

describe('DescribeSecurityGroups', () => {
  it('shows a group with its rules; A21: lists that are empty are there', async () => {
    const { body, answer } = await api.send({ Action: 'DescribeSecurityGroups', GroupId: [payApi] });
    expect(answer.securityGroupInfo).toEqual([
      {
        groupId: payApi,
        ipPermissionsEgress: [
          {
            ipProtocol: '-1',
            groups: '',
            ipRanges: [{ cidrIp: '0.0.0.0/0' }],
            ipv6Ranges: '',
            prefixListIds: '',
          },
        ],
        vpcId: payVpcId,
        securityGroupArn: `arn:aws:ec2:us-east-1:123456789012:security-group/${payApi}`,
        ownerId: '123456789012',
        groupName: 'pay-api',
        groupDescription: 'Payments',
        ipPermissions: '',
      },
    ]);
    expect(body).toMatch(/<groups\/>.*<ipv6Ranges\/><prefixListIds\/>.*<ipPermissions\/>/s);
  });

  it('A18: an unknown id is an error, a filter for it finds nothing', async () => {
    expect(await api.refusal('DescribeSecurityGroups', { GroupId: [web, 'sg-00000000'] })).toBe(
      "InvalidGroup.NotFound: The security group 'sg-00000000' does not exist",
    );
    expect(await api.refusal('DescribeSecurityGroups', { GroupId: ['i-0d95'] })).toBe(
      'InvalidGroupId.Malformed: Invalid id: "i-0d95" (expecting "sg-...")',
    );
    expect(await found(['group-id', 'sg-00000000'])).toEqual([]);
  });

  it('A19: several filters may be met by different rules of a group', async () => {
    await api.call('AuthorizeSecurityGroupIngress', {
      GroupId: web,
      IpPermissions: [
        { IpProtocol: 'tcp', FromPort: 22, ToPort: 22, IpRanges: [{ CidrIp: '192.0.2.0/24' }] },
        { IpProtocol: 'tcp', FromPort: 80, ToPort: 80, IpRanges: [{ CidrIp: '198.51.100.0/24' }] },
      ],
    });
    expect(await found(['ip-permission.cidr', '198.51.100.0/24'], ['ip-permission.to-port', '22'])).toEqual([web]);
  });

  it.each<[string, string, readonly string[]]>([
    ['group-name', 'web', [web]],
    ['group-name', 'w?b', [web]],
    ['group-name', 'WEB', []],
    ['description', 'Data*', [db]],
    ['vpc-id', payVpcId, [expect.stringMatching(/^sg-/), payApi]],
    ['ip-permission.group-id', web, [db]],
    ['ip-permission.group-name', 'web', [db]],
    ['ip-permission.user-id', '*', expect.arrayContaining([db])],
    ['ip-permission.protocol', 'tcp', [db]],
    ['ip-permission.from-port', '3306', [db]],
    ['egress.ip-permission.ipv6-cidr', '::/0', [expect.stringMatching(/^sg-/), web, db]],
    ['egress.ip-permission.prefix-list-id', '*', []],
  ])('filter %s=%s', async (name, value, groups) => {
    expect(await found([name, value])).toEqual(groups);
  });

  it('refuses a filter that it does not have', async () => {
    expect(await api.refusal('DescribeSecurityGroups', { Filter: [{ Name: 'x', Value: ['y'] }] })).toBe(
      "InvalidParameterValue: The filter 'x' is invalid",
    );
  });

  it('gives pages of 5 to 1000, and each group once', async () => {
    const pages: string[][] = [];
    let more: Parameters = {};
    do {
      const { securityGroupInfo, nextToken } = await api.call('DescribeSecurityGroups', { MaxResults: 5, ...more });
      pages.push([...securityGroupInfo].map(({ groupId }) => groupId));
      more = { NextToken: nextToken ?? '' };
    } while (more.NextToken !== '');
    expect(pages.map(({ length }) => length)).toEqual([5, 1]);
    expect(new Set(pages.flat())).toEqual(new Set(Object.keys(cloud.securityGroups)));
    expect(await api.refusal('DescribeSecurityGroups', { MaxResults: 4 })).toMatch(
      /^InvalidParameterValue: Value \( 4 \)/,
    );
    expect(await api.refusal('DescribeSecurityGroups', { NextToken: 'x' })).toMatch(/^InvalidNextToken: /);
  });
});

it('GetSecurityGroupsForVpc gives the groups that interfaces of the VPC can have', async () => {
  const { securityGroupForVpcSet } = await api.call('GetSecurityGroupsForVpc', { VpcId: payVpcId });
  expect(securityGroupForVpcSet).toMatchObject([
    { groupName: 'default', primaryVpcId: payVpcId },
    { groupId: payApi, groupName: 'pay-api', description: 'Payments', ownerId: '123456789012' },
  ]);
});
