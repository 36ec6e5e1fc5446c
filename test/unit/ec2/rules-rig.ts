/** Calls the API about rules on a cloud with the shop, a VPC that is peered with it, and a default VPC. */
import { createPeering } from '../../../src/cloud/gateways/peering.js';
import { createVpc } from '../../../src/cloud/network/vpc.js';
import { makeShop } from '../cloud/shop.js';
import { ApiOnCloud, type Parameters } from './api-on-cloud.js';

const shop = makeShop();
export const { payVpcId, web, db, payApi, prefixListId } = shop;
export const peered = createPeering(shop.cloud, {
  name: 'link',
  requesterVpcId: shop.vpcId,
  accepterVpcId: payVpcId,
  status: 'active',
});
const withDefault = createVpc(peered.cloud, { name: 'default', cidrs: ['172.31.0.0/16'], isDefault: true });
/** The default VPC's default group. */
export const inDefault = withDefault.vpc.defaultGroupId;
export const TCP_22 = { IpProtocol: 'tcp', FromPort: 22, ToPort: 22 };
export const A = { CidrIp: '192.0.2.0/24' };

export class RulesRig extends ApiOnCloud {
  constructor() {
    super(withDefault.cloud);
  }

  async authorize(GroupId: string, ...IpPermissions: Parameters[]) {
    return (await this.call('AuthorizeSecurityGroupIngress', { GroupId, IpPermissions })).securityGroupRuleSet;
  }

  async groupOf(id: string) {
    return (await this.call('DescribeSecurityGroups', { GroupId: [id] })).securityGroupInfo[0];
  }

  async rulesOf(id: string) {
    const Filter = [{ Name: 'group-id', Value: [id] }];
    return [...(await this.call('DescribeSecurityGroupRules', { Filter })).securityGroupRuleSet];
  }
}
