import { beforeEach, describe, expect, it } from 'vitest';
import { createCloud } from '../../../src/cloud/create-cloud.js';
import { makeShop } from '../cloud/shop.js';
import { ApiOnCloud, type Parameters } from './api-on-cloud.js';

let api: ApiOnCloud;
const shop = makeShop();

beforeEach(() => {
  api = new ApiOnCloud(shop.cloud);
});

const create = async (more: Parameters = {}) =>
  (await api.call('CreateVpc', { CidrBlock: '10.8.0.0/16', ...more })).vpc;
const vpcs = async (parameters: Parameters) =>
  [...(await api.call('DescribeVpcs', parameters)).vpcSet].map(({ vpcId }) => vpcId);
const byFilter = (Name: string, ...Value: string[]) => vpcs({ Filter: [{ Name, Value }] });

describe('CreateVpc', () => {
  it('makes a VPC with its tags, its main route table, default list and default group', async () => {
    const Tag = [{ Key: 'Name', Value: 'new' }];
    const vpc = await create({ TagSpecification: [{ ResourceType: 'vpc', Tag }] });
    expect(vpc).toMatchObject({
      vpcId: expect.stringMatching(/^vpc-[0-9a-f]{17}$/),
      state: 'available',
      cidrBlock: '10.8.0.0/16',
      isDefault: 'false',
      instanceTenancy: 'default',
      cidrBlockAssociationSet: [{ cidrBlock: '10.8.0.0/16', cidrBlockState: { state: 'associated' } }],
      ipv6CidrBlockAssociationSet: '',
      tagSet: [{ key: 'Name', value: 'new' }],
    });
    const filters = (name: string, value: string) => [
      { Name: 'vpc-id', Value: [vpc.vpcId] },
      { Name: name, Value: [value] },
    ];
    const { routeTableSet } = await api.call('DescribeRouteTables', { Filter: filters('association.main', 'true') });
    expect(routeTableSet[0].routeSet).toEqual([
      { destinationCidrBlock: '10.8.0.0/16', gatewayId: 'local', origin: 'CreateRouteTable', state: 'active' },
    ]);
    const { networkAclSet } = await api.call('DescribeNetworkAcls', { Filter: filters('default', 'true') });
    expect(networkAclSet).toHaveLength(1);
    const { securityGroupInfo } = await api.call('DescribeSecurityGroups', {
      Filter: filters('group-name', 'default'),
    });
    expect(securityGroupInfo).toHaveLength(1);
  });

  it('gives each VPC that asks for IPv6 a block of its own', async () => {
    const wanted = { AmazonProvidedIpv6CidrBlock: true };
    const [one, other] = [await create(wanted), await create({ ...wanted, CidrBlock: '10.9.0.0/16' })];
    const blocks = [one, other].map((vpc) => vpc.ipv6CidrBlockAssociationSet[0].ipv6CidrBlock);
    expect(blocks).toEqual(['2001:db8:ec2::/56', '2001:db8:ec2:100::/56']);
  });

  it.each<[Parameters, string]>([
    [{ CidrBlock: '10.8.0.0/8' }, "InvalidVpc.Range: The CIDR '10.0.0.0/8' is invalid."],
    [
      { CidrBlock: 'x' },
      'InvalidParameterValue: Value (x) for parameter cidrBlock is invalid. This is not a valid CIDR block.',
    ],
    [
      { InstanceTenancy: 'dedicated' },
      'UnsupportedOperation: sglab does not support the tenancy dedicated: there is no hardware',
    ],
    [{ Ipv4IpamPoolId: 'ipam-1' }, 'UnsupportedOperation: sglab does not support the parameter Ipv4IpamPoolId'],
  ])('%j: %s', async (parameters, refusal) => {
    expect(await api.refusal('CreateVpc', { CidrBlock: '10.8.0.0/16', ...parameters })).toBe(refusal);
  });
});

it('CreateDefaultVpc makes one, and another one is refused', async () => {
  const { vpc } = await api.call('CreateDefaultVpc');
  expect(vpc).toMatchObject({ isDefault: 'true', cidrBlock: '172.31.0.0/16' });
  expect(await byFilter('is-default', 'true')).toEqual([vpc.vpcId]);
  expect(await api.refusal('CreateDefaultVpc')).toMatch(/^DefaultVpcAlreadyExists: /);
});

it('DescribeVpcs finds by id and by filters, all of which must hold', async () => {
  expect(await vpcs({ VpcId: [shop.payVpcId] })).toEqual([shop.payVpcId]);
  expect(await byFilter('cidr', '10.5.*')).toEqual([shop.payVpcId]);
  expect(await byFilter('ipv6-cidr-block-association.ipv6-cidr-block', '2001:db8:1::/56')).toEqual([shop.vpcId]);
  expect(await byFilter('vpc-id', 'vpc-12345678')).toEqual([]);
  expect(await api.refusal('DescribeVpcs', { VpcId: ['vpc-12345678'] })).toBe(
    "InvalidVpcID.NotFound: The vpc ID 'vpc-12345678' does not exist",
  );
});

it('DeleteVpc is refused while something is in it', async () => {
  const { vpcId } = await create();
  expect(await api.refusal('DeleteVpc', { VpcId: shop.vpcId })).toBe(
    `DependencyViolation: The vpc '${shop.vpcId}' has dependencies and cannot be deleted.`,
  );
  await api.call('DeleteVpc', { VpcId: vpcId });
  expect(await byFilter('vpc-id', vpcId)).toEqual([]);
});

it('attributes are read and written one at a time', async () => {
  const VpcId = shop.vpcId;
  const read = async (Attribute: string) =>
    (await api.call('DescribeVpcAttribute', { VpcId, Attribute }))[Attribute].value;
  const names = ['enableDnsSupport', 'enableDnsHostnames', 'enableNetworkAddressUsageMetrics'];
  expect(await Promise.all(names.map(read))).toEqual(['true', 'false', 'false']);
  await api.call('ModifyVpcAttribute', { VpcId, EnableDnsHostnames: { Value: true } });
  await api.call('ModifyVpcAttribute', { VpcId, EnableDnsSupport: { Value: false } });
  expect(await Promise.all(names.map(read))).toEqual(['false', 'true', 'false']);
  expect(await api.refusal('ModifyVpcAttribute', { VpcId })).toMatch(/^InvalidParameterCombination/);
  expect(await api.refusal('DescribeVpcAttribute', { VpcId, Attribute: 'x' })).toMatch(/^InvalidParameterValue/);
});

it('blocks come with local routes in every table, and go unless a subnet is in them', async () => {
  const VpcId = shop.payVpcId;
  const { cidrBlockAssociation: v4 } = await api.call('AssociateVpcCidrBlock', { VpcId, CidrBlock: '10.6.0.0/16' });
  const wanted = { VpcId, AmazonProvidedIpv6CidrBlock: true };
  const { ipv6CidrBlockAssociation: v6 } = await api.call('AssociateVpcCidrBlock', wanted);
  const Filter = [{ Name: 'vpc-id', Value: [VpcId] }];
  const locals = async () =>
    (await api.call('DescribeRouteTables', { Filter })).routeTableSet[0].routeSet.map(
      (route: Record<string, string>) => route.destinationCidrBlock ?? route.destinationIpv6CidrBlock,
    );
  expect(await locals()).toEqual(['10.5.0.0/16', '10.6.0.0/16', v6.ipv6CidrBlock]);
  const { entrySet } = (await api.call('DescribeNetworkAcls', { Filter })).networkAclSet[0];
  expect(entrySet.filter(({ ruleNumber }: { ruleNumber: string }) => ruleNumber === '101')).toHaveLength(2);
  const { subnet } = await api.call('CreateSubnet', { VpcId, CidrBlock: '10.6.1.0/24' });
  const drop = { AssociationId: v4.associationId };
  expect(await api.refusal('DisassociateVpcCidrBlock', drop)).toMatch(/^InvalidCidrBlock.InUse/);
  await api.call('DeleteSubnet', { SubnetId: subnet.subnetId });
  await api.call('DisassociateVpcCidrBlock', drop);
  await api.call('DisassociateVpcCidrBlock', { AssociationId: v6.associationId });
  expect(await locals()).toEqual(['10.5.0.0/16']);
  expect(await api.refusal('DisassociateVpcCidrBlock', drop)).toMatch(/^InvalidVpcCidrBlockAssociationID.NotFound/);
  const [own] = (await api.call('DescribeVpcs', { VpcId: [VpcId] })).vpcSet[0].cidrBlockAssociationSet;
  expect(await api.refusal('DisassociateVpcCidrBlock', { AssociationId: own.associationId })).toMatch(
    /^OperationNotPermitted/,
  );
});

it('tells of DHCP options, and of EC2-Classic that there is none', async () => {
  const { dhcpOptionsSet } = await api.call('DescribeDhcpOptions');
  const { vpcSet } = await api.call('DescribeVpcs', { VpcId: [shop.vpcId] });
  expect(dhcpOptionsSet).toMatchObject([{ dhcpOptionsId: vpcSet[0].dhcpOptionsId }]);
  expect(await api.refusal('DescribeDhcpOptions', { DhcpOptionsId: ['dopt-1'] })).toMatch(/^InvalidDhcpOptionID/);
  const classic = await api.call('DescribeVpcClassicLink', { VpcId: [shop.vpcId] });
  expect(classic.vpcSet).toMatchObject([{ vpcId: shop.vpcId, classicLinkEnabled: 'false' }]);
  const dns = await api.call('DescribeVpcClassicLinkDnsSupport', { VpcIds: [shop.vpcId] });
  expect(dns.vpcs).toEqual([{ vpcId: shop.vpcId, classicLinkDnsSupported: 'false' }]);
});

it('a Region without any VPC answers empty lists', async () => {
  const empty = new ApiOnCloud(createCloud({ name: 'empty' }));
  expect((await empty.call('DescribeVpcs')).vpcSet).toBe('');
  expect((await empty.call('DescribeSubnets')).subnetSet).toBe('');
});
