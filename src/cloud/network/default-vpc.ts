import type { Cloud } from '../types.js';
import { changeRoutes } from './routes.js';
import { createSubnet } from './subnet.js';
import type { Vpc } from './types.js';
import { createVpc } from './vpc.js';
import { zonesOf } from './zones.js';

const NAME = 'default';
const CIDR = '172.31.0.0/16';
/** The step of the third octet: the subnets are /20. */
const SUBNET_STEP = 16;

/**
 * CreateDefaultVpc: an internet gateway, to which the main route table leads, and a subnet in each zone whose instances get
 * public addresses. Throws CloudError where there is one.
 */
export function createDefaultVpc(cloud: Cloud): { cloud: Cloud; vpc: Vpc } {
  const { cloud: base, vpc } = createVpc(cloud, {
    ...(Object.values(cloud.vpcs).some(({ name }) => name === NAME) ? {} : { name: NAME }),
    cidrs: [CIDR],
    internetGateway: true,
    isDefault: true,
  });
  const withSubnets = zonesOf(cloud.region).reduce(
    (before, zone, at) =>
      createSubnet(before, {
        vpcId: vpc.id,
        name: `default-${zone.name.slice(-1)}`,
        cidr: `172.31.${at * SUBNET_STEP}.0/20`,
        zone: zone.name,
        mapPublicIpOnLaunch: true,
      }).cloud,
    base,
  );
  const add = [{ destination: '0.0.0.0/0', target: { type: 'internet-gateway' } }] as const;
  return { cloud: changeRoutes(withSubnets, vpc.mainRouteTableId, { add }), vpc };
}
