import { expect, it } from 'vitest';
import { createCloud } from '../../../src/cloud/create-cloud.js';
import { createGatewayEndpoint, deleteGatewayEndpoint } from '../../../src/cloud/gateways/gateway-endpoint.js';
import {
  attachInternetGateway,
  createInternetGateway,
  deleteInternetGateway,
  detachInternetGateway,
} from '../../../src/cloud/gateways/internet-gateway.js';
import { deleteRouteTable, deleteSubnet, deleteVpc } from '../../../src/cloud/network/delete-network.js';
import { createSubnet } from '../../../src/cloud/network/subnet.js';
import { createVpc } from '../../../src/cloud/network/vpc.js';
import { resolvePrefixList } from '../../../src/cloud/text/resolve.js';
import { errorOf, launch, makeLab } from './shop.js';

it('leaves nothing of a VPC whose parts are gone', () => {
  const empty = createCloud({ name: 'lab' });
  const made = createVpc(empty, { name: 'v', cidrs: ['10.0.0.0/16'] });
  const vpcId = made.vpc.id;
  const { cloud: withGateway, gateway } = createInternetGateway(made.cloud);
  const connected = attachInternetGateway(withGateway, gateway.id, vpcId);
  expect(errorOf(() => deleteInternetGateway(connected, gateway.id))).toMatch(/^DependencyViolation/);
  const { cloud, subnet } = createSubnet(connected, { vpcId, name: 's', cidr: '10.0.1.0/24', public: true });
  expect(errorOf(() => deleteVpc(cloud, vpcId))).toMatch(/^DependencyViolation/);
  const inUse = launch(cloud, 'a', { subnetId: subnet.id, publicIp: true }).cloud;
  expect(errorOf(() => deleteSubnet(inUse, subnet.id))).toMatch(/^DependencyViolation/);
  expect(errorOf(() => detachInternetGateway(inUse, gateway.id, vpcId))).toMatch(/^DependencyViolation/);
  const bare = deleteSubnet(detachInternetGateway(cloud, gateway.id, vpcId), subnet.id);
  expect(errorOf(() => deleteVpc(bare, vpcId))).toMatch(/^DependencyViolation/);
  const gone = deleteInternetGateway(deleteVpc(deleteRouteTable(bare, subnet.routeTableId ?? ''), vpcId), gateway.id);
  expect(gone).toEqual({ ...empty, serial: gone.serial });
});

it('takes the routes of a gateway endpoint with it', () => {
  const lab = makeLab();
  const routeTableId = lab.cloud.vpcs[lab.vpcId]?.mainRouteTableId ?? '';
  const prefixListId = resolvePrefixList(lab.cloud, 's3').id;
  const input = { name: 's3', vpcId: lab.vpcId, prefixListId, routeTableIds: [routeTableId] };
  const { cloud, endpoint } = createGatewayEndpoint(lab.cloud, input);
  const gone = deleteGatewayEndpoint(cloud, endpoint.id);
  expect({ ...gone, serial: 0 }).toEqual({ ...lab.cloud, serial: 0 });
  expect(errorOf(() => deleteGatewayEndpoint(gone, endpoint.id))).toMatch(/^InvalidVpcEndpointId.NotFound/);
});
