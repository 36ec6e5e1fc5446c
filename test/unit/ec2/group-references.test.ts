import { beforeEach, expect, it } from 'vitest';
import { changePeering, createPeering } from '../../../src/cloud/gateways/peering.js';
import { authorize } from '../../../src/cloud/groups/rules.js';
import { fromGroup, makeShop } from '../cloud/shop.js';
import { ApiOnCloud } from './api-on-cloud.js';

const shop = makeShop();
const { vpcId, payVpcId, web, payApi } = shop;
const { cloud: peered, peering } = createPeering(shop.cloud, {
  name: 'link',
  requesterVpcId: vpcId,
  accepterVpcId: payVpcId,
  status: 'active',
});
const { cloud } = authorize(peered, payApi, [fromGroup(web, 8080)]);
let api: ApiOnCloud;

beforeEach(() => {
  api = new ApiOnCloud(cloud);
});

const stale = async () => (await api.call('DescribeStaleSecurityGroups', { VpcId: payVpcId })).staleSecurityGroupSet;

it('DescribeSecurityGroupReferences says which VPCs refer to a group, by which peering', async () => {
  const { securityGroupReferenceSet } = await api.call('DescribeSecurityGroupReferences', { GroupId: [web, payApi] });
  expect(securityGroupReferenceSet).toEqual([
    { groupId: web, referencingVpcId: payVpcId, vpcPeeringConnectionId: peering.id },
  ]);
});

it('DescribeStaleSecurityGroups says what a peering that has ended left behind (3.4)', async () => {
  expect(await stale()).toBe('');
  api.cloud = changePeering(api.cloud, 'link', 'deleted');
  expect(await stale()).toEqual([
    {
      description: 'Payments',
      groupId: payApi,
      groupName: 'pay-api',
      staleIpPermissions: [
        {
          fromPort: '8080',
          ipProtocol: 'tcp',
          ipRanges: '',
          prefixListIds: '',
          toPort: '8080',
          groups: [
            {
              userId: '123456789012',
              groupId: web,
              vpcId,
              vpcPeeringConnectionId: peering.id,
              peeringStatus: 'deleted',
            },
          ],
        },
      ],
      staleIpPermissionsEgress: '',
      vpcId: payVpcId,
    },
  ]);
  const again = { name: 'again', requesterVpcId: vpcId, accepterVpcId: payVpcId, status: 'active' } as const;
  api.cloud = createPeering(api.cloud, again).cloud;
  expect(await stale()).toBe('');
});

it('a stale rule can still be revoked', async () => {
  api.cloud = changePeering(api.cloud, 'link', 'deleted');
  const IpPermissions = [{ IpProtocol: 'tcp', FromPort: 8080, ToPort: 8080, Groups: [{ GroupId: web }] }];
  await api.call('RevokeSecurityGroupIngress', { GroupId: payApi, IpPermissions });
  expect(await stale()).toBe('');
});
