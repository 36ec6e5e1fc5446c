import { describe, expect, it } from 'vitest';
import { applyMutation } from '../../../src/changes/mutation.js';
import { createGatewayEndpoint, serviceOf } from '../../../src/cloud/gateways/gateway-endpoint.js';
import { createPrefixList, modifyPrefixList } from '../../../src/cloud/groups/prefix-list.js';
import { ruleCost } from '../../../src/cloud/groups/rules.js';
import { resolvePrefixList } from '../../../src/cloud/text/resolve.js';
import { errorOf, makeShop } from './shop.js';

function makeEndpoint() {
  const shop = makeShop();
  const table = shop.cloud.vpcs[shop.vpcId]?.mainRouteTableId ?? '';
  const prefixListId = resolvePrefixList(shop.cloud, 's3').id;
  const input = { name: 'buckets', vpcId: shop.vpcId, prefixListId, routeTableIds: [table] };
  return { ...shop, ...createGatewayEndpoint(shop.cloud, input), table, input };
}

describe('a gateway endpoint', () => {
  it('puts its route into its tables, once per service', () => {
    const { cloud, endpoint, table, input } = makeEndpoint();
    expect(cloud.routeTables[table]?.routes.at(-1)).toEqual({
      destination: { type: 'prefix-list', prefixListId: endpoint.prefixListId },
      target: { type: 'gateway-endpoint', endpointId: endpoint.id },
    });
    expect(serviceOf(cloud, endpoint)).toBe('s3');
    expect(errorOf(() => createGatewayEndpoint(cloud, { ...input, name: 'more' }))).toMatch(/^RouteAlreadyExists: /);
    const remove = () =>
      applyMutation(cloud, { type: 'routes', table: 'shop.main', add: [], remove: [endpoint.prefixListId] });
    expect(errorOf(remove)).toMatch(/^InvalidParameterValue: cannot change VPC endpoint route pl-/);
  });

  it('is for the tables of its VPC and for services that have one', () => {
    const { cloud, payVpcId, prefixListId, input } = makeEndpoint();
    const foreign = { ...input, name: 'x', routeTableIds: [cloud.vpcs[payVpcId]?.mainRouteTableId ?? ''] };
    expect(errorOf(() => createGatewayEndpoint(cloud, foreign))).toMatch(/^InvalidRouteTableId\.NotFound: /);
    for (const id of [prefixListId, resolvePrefixList(cloud, 'cloudfront.origin-facing').id]) {
      const wrong = { ...input, name: 'x', routeTableIds: [], prefixListId: id };
      expect(errorOf(() => createGatewayEndpoint(cloud, wrong))).toMatch(/^InvalidServiceName: /);
    }
  });
});

describe("AWS's prefix lists", () => {
  it('count by their weight and are changed by nobody', () => {
    const { cloud } = makeShop();
    const costs = ['s3', 'dynamodb', 'cloudfront.origin-facing'].map((word) => {
      const list = resolvePrefixList(cloud, word);
      expect(resolvePrefixList(cloud, list.id)).toBe(list);
      expect(errorOf(() => modifyPrefixList(cloud, list.id, { add: [{ cidr: '10.0.0.0/8' }] }))).toMatch(
        /^InvalidPrefixListModification: AWS manages the list com\.amazonaws\./,
      );
      return ruleCost(cloud, { type: 'prefix-list', prefixListId: list.id }, 'ipv4');
    });
    expect(costs).toEqual([1, 1, 55]);
  });

  it('give way to a list of that name', () => {
    const input = { name: 's3', family: 'ipv4', maxEntries: 1, entries: [] } as const;
    const { cloud, prefixList } = createPrefixList(makeShop().cloud, input);
    expect(resolvePrefixList(cloud, 's3').id).toBe(prefixList.id);
  });
});
