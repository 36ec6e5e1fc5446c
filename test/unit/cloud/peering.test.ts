import { describe, expect, it } from 'vitest';
import { applyMutation } from '../../../src/changes/mutation.js';
import type { Mutation } from '../../../src/changes/verbs.js';
import { createPeering, findPeering, isPeered } from '../../../src/cloud/gateways/peering.js';
import type { PeeringStatus } from '../../../src/cloud/gateways/types.js';
import { isStale } from '../../../src/cloud/groups/members.js';
import { authorize, revoke } from '../../../src/cloud/groups/rules.js';
import { changeRoutes, routeState } from '../../../src/cloud/network/routes.js';
import { createVpc } from '../../../src/cloud/network/vpc.js';
import { toRouteInput } from '../../../src/cloud/text/route-text.js';
import type { Cloud } from '../../../src/cloud/types.js';
import { errorOf, fromGroup, makeShop } from './shop.js';

function makePeered(status: PeeringStatus = 'active') {
  const shop = makeShop();
  const ends = { requesterVpcId: shop.vpcId, accepterVpcId: shop.payVpcId };
  const { cloud, peering } = createPeering(shop.cloud, { name: 'shop-pay', ...ends, status });
  return { ...shop, cloud, peering, ends };
}

const to = (status: PeeringStatus): Mutation => ({ type: 'peering', name: 'shop-pay', status });
const ruleFor = (cloud: Cloud, group: string) => [...(cloud.securityGroups[group]?.rules ?? [])].at(-1);

describe('a peering', () => {
  it('connects two VPCs of disjoint blocks, once', () => {
    const { cloud, peering, vpcId, ends } = makePeered();
    expect(peering.id).toMatch(/^pcx-[0-9a-f]{17}$/);
    const again = () => createPeering(cloud, { name: 'other', ...ends, status: 'active' });
    expect(errorOf(again)).toMatch(/^VpcPeeringConnectionAlreadyExists: there is a peering shop-pay already/);
    const twin = createVpc(cloud, { name: 'twin', cidrs: ['10.0.128.0/20'] });
    const overlapping = { name: 'x', requesterVpcId: vpcId, accepterVpcId: twin.vpc.id, status: 'active' as const };
    expect(errorOf(() => createPeering(twin.cloud, overlapping))).toMatch(
      /^OverlappingCidr: VPCs shop \(10\.0\.0\.0\/16\) and twin \(10\.0\.128\.0\/20\) overlap/,
    );
    const itself = { ...overlapping, accepterVpcId: vpcId };
    expect(errorOf(() => createPeering(cloud, itself))).toMatch(/not shop with itself/);
  });

  it('ends for good: a new one takes its name', () => {
    const { cloud, peering, vpcId, payVpcId } = makePeered();
    const deleted = applyMutation(cloud, to('deleted'));
    expect(isPeered(deleted, payVpcId, vpcId)).toBe(false);
    const anew = applyMutation(deleted, to('pending-acceptance'));
    expect(findPeering(anew, 'shop-pay')?.id).not.toBe(peering.id);
    expect(anew.peerings[peering.id]?.status).toBe('deleted');
    expect(isPeered(applyMutation(anew, to('active')), vpcId, payVpcId)).toBe(true);
  });

  it.each<[PeeringStatus, PeeringStatus]>([
    ['active', 'pending-acceptance'],
    ['active', 'rejected'],
    ['active', 'expired'],
    ['rejected', 'deleted'],
  ])('that is %s cannot become %s', (from, next) => {
    const { cloud } = makePeered(from);
    expect(errorOf(() => applyMutation(cloud, to(next)))).toMatch(
      new RegExp(`^InvalidStateTransition: peering shop-pay is ${from} and cannot become ${next}`),
    );
  });

  it('is found by its name, with the nearest one for a wrong word', () => {
    const { cloud } = makePeered();
    const wrong = () => applyMutation(cloud, { type: 'peering', name: 'shop-pey', status: 'deleted' });
    expect(errorOf(wrong)).toBe('InvalidVpcPeeringConnectionID.NotFound: there is no peering "shop-pey"');
  });
});

describe('a reference across a peering', () => {
  it('is made while the peering is active', () => {
    const pending = makePeered('pending-acceptance');
    expect(errorOf(() => authorize(pending.cloud, pending.payApi, [fromGroup(pending.web)]))).toMatch(
      /different networks/,
    );
    const { cloud, payApi, web } = makePeered();
    const words = { direction: 'ingress', protocol: 'tcp', fromPort: 80, toPort: 80, description: null } as const;
    for (const peer of ['web', 'shop/web', web]) {
      const next = applyMutation(cloud, { type: 'authorize', group: 'pay-api', rules: [{ ...words, peer }] });
      expect(ruleFor(next, payApi)?.peer).toEqual({ type: 'group', groupId: web });
    }
  });

  it('goes stale with it, can be revoked then and is not made again', () => {
    const { cloud, payApi, web } = makePeered();
    const referring = authorize(cloud, payApi, [fromGroup(web)]).cloud;
    const stale = applyMutation(referring, to('deleted'));
    const isStaleIn = (at: Cloud) => {
      const group = at.securityGroups[payApi];
      const rule = ruleFor(at, payApi);
      return group !== undefined && rule !== undefined && isStale(at, group, rule);
    };
    expect([referring, stale, applyMutation(stale, to('active'))].map(isStaleIn)).toEqual([false, true, false]);
    expect(errorOf(() => authorize(stale, payApi, [fromGroup(web, 22)]))).toMatch(/different networks/);
    expect(revoke(stale, payApi, [fromGroup(web)]).rules).toHaveLength(1);
  });
});

describe('a route through a peering', () => {
  it('belongs to one of its VPCs and is active while the peering is', () => {
    const { cloud, vpcId, peering } = makePeered();
    const vpc = cloud.vpcs[vpcId];
    const table = vpc?.mainRouteTableId ?? '';
    const route = toRouteInput(cloud, { to: '10.5.0.0/16', via: 'shop-pay' });
    expect(route.target).toEqual({ type: 'peering', peeringId: peering.id });
    const routed = changeRoutes(cloud, table, { add: [route] });
    const made = routed.routeTables[table]?.routes.at(-1);
    if (vpc === undefined || made === undefined) throw new Error('no route was made');
    expect(routeState(routed, vpc, made)).toBe('active');
    expect(routeState(applyMutation(routed, to('deleted')), vpc, made)).toBe('blackhole');
    const third = createVpc(cloud, { name: 'third', cidrs: ['10.9.0.0/16'] });
    const foreign = () => changeRoutes(third.cloud, third.vpc.mainRouteTableId, { add: [route] });
    expect(errorOf(foreign)).toMatch(/belong to different networks$/);
  });
});
