import type { Cloud } from '../cloud/types.js';
import { planGatewayEndpoint } from './gateway-endpoint-plan.js';
import { planInstance } from './instance-plan.js';
import { planInternet } from './internet-plan.js';
import { planPeering, presentPeerings } from './peering-plan.js';
import { joinPlan, type LabPlan } from './plan.js';
import { planTransitGateway } from './transit-gateway-plan.js';
import { planVpc } from './vpc-plan.js';

const known = new WeakMap<Cloud, LabPlan>();

/** Everything the kernel must hold for a cloud. */
export function planLab(cloud: Cloud): LabPlan {
  const plan = known.get(cloud) ?? makePlan(cloud);
  known.set(cloud, plan);
  return plan;
}

function makePlan(cloud: Cloud): LabPlan {
  return joinPlan(cloud.name, [
    ...Object.values(cloud.vpcs).map((vpc) => planVpc(cloud, vpc)),
    ...presentPeerings(cloud).map((peering) => planPeering(cloud, peering)),
    ...Object.values(cloud.transitGateways).map((gateway) => planTransitGateway(cloud, gateway)),
    ...Object.values(cloud.gatewayEndpoints).map((endpoint) => planGatewayEndpoint(cloud, endpoint)),
    planInternet(cloud),
    ...Object.values(cloud.instances).map((instance) => planInstance(cloud, instance)),
  ]);
}
