import type { ScenarioDefinition } from '../scenario/schema.js';
import type { Draft } from './draft.js';
import type { LoadBalancerItem } from './inventory.js';

type Balancers = NonNullable<ScenarioDefinition['loadBalancers']>;

/** Load balancers, each in one of its subnets; after the machines, which are their targets. */
export function defineBalancers(draft: Draft): Balancers {
  return Object.fromEntries(
    draft.inventory.loadBalancers.flatMap((balancer) => {
      const { key, name, place, subnets, type, groups, isPublic } = balancer;
      const [subnet, ...more] = subnets.filter((each) => draft.words.has(each));
      if (subnet === undefined) {
        draft.refuse(place, 'its subnets are not described');
        return [];
      }
      const own = draft.machineNames.take(name, key);
      draft.words.set(key, own);
      draft.origin(['loadBalancers', own], place);
      if (more.length > 0)
        draft.assume(`load balancer ${own} has its interface in one of its ${more.length + 1} subnets`);
      const securityGroups = groups.map((group) => draft.word(group));
      const part = {
        type,
        subnet: draft.word(subnet),
        ...(securityGroups.length === 0 ? {} : { securityGroups }),
        ...(isPublic && hasGateway(draft, subnet) ? { publicIp: true } : {}),
      };
      return [[own, { ...part, listeners: listenersOf(draft, balancer) }]];
    }),
  );
}

function hasGateway({ inventory }: Draft, subnet: string): boolean {
  const vpc = inventory.subnets.find(({ key }) => key === subnet)?.vpc;
  return inventory.gateways.some((each) => each.vpc === vpc && each.type === 'internet');
}

function listenersOf(draft: Draft, { listeners, place }: LoadBalancerItem): Balancers[string]['listeners'] {
  return listeners.flatMap(({ port, targetPort, targets }) => {
    const known = targets.flatMap((key) => draft.words.get(key) ?? []);
    if (known.length < targets.length || known.length === 0) {
      draft.refuse(place, `not all targets of its listener on port ${port} are described`);
    }
    const other = targetPort === null || targetPort === port ? {} : { targetPort };
    return known.length === 0 ? [] : [{ port, targets: known, ...other }];
  });
}
