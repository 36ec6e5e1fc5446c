/** Everything that the kernel must hold for a cloud, in parts that are planned one by one. */
import { byId } from '../cloud/lookup.js';
import type { Cloud } from '../cloud/types.js';
import { planGatewayEndpoint } from './gateway-endpoint-plan.js';
import { planInstance } from './instance-plan.js';
import { planInternet } from './internet-plan.js';
import type { NamespacePlan, States } from './namespace-state.js';
import { planPeering, presentPeerings } from './peering-plan.js';
import { planTransitGateway } from './transit-gateway-plan.js';
import { planVpc } from './vpc-plan.js';

export interface Part {
  /** No other part has it; the same in every cloud in which there is such a part. */
  readonly key: string;
  /** @param cloud any in which there is such a part */
  readonly plan: (cloud: Cloud) => NamespacePlan[];
}

export function partsOf(cloud: Cloud): Part[] {
  return [
    ...Object.keys(cloud.vpcs).map((id) => part(id, (now) => planVpc(now, byId(now.vpcs, id)))),
    ...presentPeerings(cloud).map(({ id }) => part(id, (now) => planPeering(now, byId(now.peerings, id)))),
    ...Object.keys(cloud.transitGateways).map((id) =>
      part(id, (now) => planTransitGateway(now, byId(now.transitGateways, id))),
    ),
    ...Object.keys(cloud.gatewayEndpoints).map((id) =>
      part(id, (now) => planGatewayEndpoint(now, byId(now.gatewayEndpoints, id))),
    ),
    part('the internet', planInternet),
    ...Object.keys(cloud.instances).map((id) => part(id, (now) => planInstance(now, byId(now.instances, id)))),
  ];
}

function part(id: string, plan: Part['plan']): Part {
  return { key: `plan of ${id}`, plan };
}

/** The whole plan at once, by name. */
export function planLab(cloud: Cloud): States {
  const plans = partsOf(cloud).flatMap(({ plan }) => plan(cloud));
  return new Map(
    plans.map((plan) => {
      const { ruleset } = plan;
      return [plan.name, { ...plan, ruleset: ruleset === null ? null : () => ruleset(cloud) }];
    }),
  );
}
