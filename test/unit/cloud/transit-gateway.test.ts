import { describe, expect, it } from 'vitest';
import { createTransitGateway } from '../../../src/cloud/gateways/transit-gateway.js';
import { canReference } from '../../../src/cloud/groups/members.js';
import { changeRoutes } from '../../../src/cloud/network/routes.js';
import { createVpc } from '../../../src/cloud/network/vpc.js';
import { toRouteInput } from '../../../src/cloud/text/route-text.js';
import { errorOf, makeShop } from './shop.js';

function makeHub(gateway: boolean, shop: boolean, pay: boolean) {
  const lab = makeShop();
  const attachments = [
    { vpcId: lab.vpcId, securityGroupReferencing: shop },
    { vpcId: lab.payVpcId, securityGroupReferencing: pay },
  ];
  const { cloud } = createTransitGateway(lab.cloud, { name: 'hub', attachments, securityGroupReferencing: gateway });
  return { ...lab, cloud, attachments };
}

describe('a transit gateway', () => {
  it.each([
    [true, true, true, true],
    [false, true, true, false],
    [true, false, true, false],
    [true, true, false, false],
  ])('at the gateway %s, at the attachments %s and %s: ingress references %s', (gateway, shop, pay, expected) => {
    const { cloud, vpcId, payVpcId } = makeHub(gateway, shop, pay);
    expect(canReference(cloud, 'ingress', vpcId, payVpcId)).toBe(expected);
    expect(canReference(cloud, 'ingress', payVpcId, vpcId)).toBe(expected);
    expect(canReference(cloud, 'egress', vpcId, payVpcId)).toBe(false);
  });

  it('is a target for the tables of VPCs that are attached', () => {
    const { cloud, vpcId } = makeHub(false, true, true);
    const route = toRouteInput(cloud, { to: '10.0.0.0/8', via: 'hub' });
    const table = cloud.vpcs[vpcId]?.mainRouteTableId ?? '';
    expect(changeRoutes(cloud, table, { add: [route] }).routeTables[table]?.routes.at(-1)?.target).toEqual(
      route.target,
    );
    const other = createVpc(cloud, { name: 'other', cidrs: ['10.9.0.0/16'] });
    const add = () => changeRoutes(other.cloud, other.vpc.mainRouteTableId, { add: [route] });
    expect(errorOf(add)).toMatch(/^InvalidTransitGatewayID\.NotFound: Transit Gateway tgw-\w{17} was deleted or does/);
  });

  it('connects no VPCs whose blocks overlap', () => {
    const { cloud, attachments } = makeHub(false, true, true);
    const twin = createVpc(cloud, { name: 'twin', cidrs: ['10.5.128.0/20'] });
    const more = [...attachments, { vpcId: twin.vpc.id, securityGroupReferencing: true }];
    const create = () =>
      createTransitGateway(twin.cloud, { name: 'second', attachments: more, securityGroupReferencing: false });
    expect(errorOf(create)).toMatch(
      /^OverlappingCidr: VPCs pay \(10\.5\.0\.0\/16\) and twin \(10\.5\.128\.0\/20\) overlap/,
    );
  });
});
