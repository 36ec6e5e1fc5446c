import { beforeEach, describe, expect, it } from 'vitest';
import { createDefaultVpc } from '../../../src/cloud/network/default-vpc.js';
import { makeShop } from '../cloud/shop.js';
import { ApiOnCloud, type Parameters } from './api-on-cloud.js';

const shop = makeShop();
const { web, db, payApi, vpcId, payVpcId, paySubnetId } = shop;
const withDefault = createDefaultVpc(shop.cloud);
const { cloud } = withDefault;
let api: ApiOnCloud;

beforeEach(() => {
  api = new ApiOnCloud(cloud);
});

const associate = (GroupId: string, VpcId: string) => api.call('AssociateSecurityGroupVpc', { GroupId, VpcId });
const IN_PAY = { SubnetId: paySubnetId, SecurityGroupId: [web] };
const refersTo = (GroupId: string, peer: string): Parameters => ({
  GroupId,
  IpPermissions: [{ IpProtocol: -1, Groups: [{ GroupId: peer }] }],
});

describe('a group that is associated with another VPC', () => {
  it('can be had by interfaces there, and be referred to by rules there', async () => {
    expect(await api.refusal('CreateNetworkInterface', IN_PAY)).toMatch(/^InvalidParameter: /);
    expect(await api.refusal('AuthorizeSecurityGroupIngress', refersTo(payApi, web))).toMatch(/different networks/);
    expect(await associate(web, payVpcId)).toMatchObject({ state: 'associated' });
    await api.call('CreateNetworkInterface', IN_PAY);
    await api.call('AuthorizeSecurityGroupIngress', refersTo(payApi, web));
    const groups = (await api.call('GetSecurityGroupsForVpc', { VpcId: payVpcId })).securityGroupForVpcSet;
    expect(groups).toMatchObject([
      { groupName: 'default' },
      { groupId: web, primaryVpcId: vpcId },
      { groupId: payApi },
    ]);
    expect((await api.call('DescribeSecurityGroupVpcAssociations')).securityGroupVpcAssociationSet).toEqual([
      {
        groupId: web,
        vpcId: payVpcId,
        vpcOwnerId: '123456789012',
        state: 'associated',
        groupOwnerId: '123456789012',
      },
    ]);
  });

  it('leaves stale rules behind when that ends (3.4)', async () => {
    await associate(web, payVpcId);
    await api.call('AuthorizeSecurityGroupIngress', refersTo(payApi, web));
    await api.call('DisassociateSecurityGroupVpc', { GroupId: web, VpcId: payVpcId });
    expect((await api.call('DescribeSecurityGroupVpcAssociations')).securityGroupVpcAssociationSet).toBe('');
    const stale = (await api.call('DescribeStaleSecurityGroups', { VpcId: payVpcId })).staleSecurityGroupSet;
    expect(stale).toMatchObject([{ groupId: payApi, staleIpPermissions: [{ groups: [{ groupId: web }] }] }]);
  });

  it('is in use: neither it nor the VPC can be deleted, nor the association while an interface has it', async () => {
    await associate(web, payVpcId);
    await api.call('CreateNetworkInterface', IN_PAY);
    const IN_USE = `DependencyViolation: resource ${web} has a dependent object`;
    expect(await api.refusal('DisassociateSecurityGroupVpc', { GroupId: web, VpcId: payVpcId })).toBe(IN_USE);
    await associate(db, payVpcId);
    expect(await api.refusal('DeleteSecurityGroup', { GroupId: db })).toMatch(/^DependencyViolation: /);
    expect(await api.refusal('DeleteVpc', { VpcId: payVpcId })).toMatch(/^DependencyViolation: /);
  });

  it.each([
    [web, vpcId, /can be used in .* already/],
    [web, withDefault.vpc.id, /Default security groups/],
    [withDefault.vpc.defaultGroupId, payVpcId, /Default security groups/],
    [web, 'vpc-00000000', /^InvalidVpcID.NotFound: /],
    ['sg-00000000', payVpcId, /^InvalidGroup.NotFound: /],
  ])('%s with %s is refused', async (GroupId, VpcId, error) => {
    expect(await api.refusal('AssociateSecurityGroupVpc', { GroupId, VpcId })).toMatch(error);
  });
});
