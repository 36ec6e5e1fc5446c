import { expect, it } from 'vitest';
import { createCloud } from '../../../src/cloud/create-cloud.js';
import { byId } from '../../../src/cloud/lookup.js';
import { createDefaultVpc } from '../../../src/cloud/network/default-vpc.js';
import { createVpc } from '../../../src/cloud/network/vpc.js';
import { zonesOf } from '../../../src/cloud/network/zones.js';
import { errorOf } from './shop.js';

it('a default VPC has a public subnet in each zone and leads to the internet by its main table', () => {
  const { cloud, vpc } = createDefaultVpc(createCloud({ name: 'x', region: 'eu-west-1' }));
  expect(vpc).toMatchObject({ name: 'default', isDefault: true, cidrs: ['172.31.0.0/16'] });
  expect(
    Object.values(cloud.subnets).map(({ zone, cidr, attributes }) => [zone, cidr, attributes.mapPublicIpOnLaunch]),
  ).toEqual([
    ['eu-west-1a', '172.31.0.0/20', true],
    ['eu-west-1b', '172.31.16.0/20', true],
    ['eu-west-1c', '172.31.32.0/20', true],
  ]);
  expect(byId(cloud.routeTables, vpc.mainRouteTableId).routes.at(-1)).toMatchObject({
    destination: { cidr: '0.0.0.0/0' },
    target: { type: 'internet-gateway', gatewayId: vpc.internetGatewayId },
  });
});

it('there is one, whatever the names of others', () => {
  const named = createVpc(createCloud({ name: 'x' }), { name: 'default', cidrs: ['10.0.0.0/16'] });
  const { cloud, vpc } = createDefaultVpc(named.cloud);
  expect(vpc.name).toBe(vpc.id);
  expect(errorOf(() => createDefaultVpc(cloud))).toMatch(/^DefaultVpcAlreadyExists: /);
});

it.each([
  ['us-east-1', 'use1-az1'],
  ['ap-southeast-2', 'apse2-az1'],
  ['us-gov-west-1', 'usgw1-az1'],
])('zones of %s', (region, id) => {
  expect(zonesOf(region)[0]).toEqual({ name: `${region}a`, id });
});
