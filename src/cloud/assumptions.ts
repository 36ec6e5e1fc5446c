/**
 * What no source describes and somebody made up, so that the rest can be built. The lab has it like everything else, but a
 * packet that it stops shows nothing of the network that is meant.
 */
import { byId, findById } from './lookup.js';
import { routeTableOf } from './network/routes.js';
import type { Route } from './network/types.js';
import type { Cloud } from './types.js';

/** The cloud in which the sentence holds of what has the ids; of none: of the lab as a whole. */
export function withAssumption(cloud: Cloud, sentence: string, ids: readonly string[]): Cloud {
  const before = cloud.assumed[sentence] ?? [];
  return { ...cloud, assumed: { ...cloud.assumed, [sentence]: [...new Set([...before, ...ids])] } };
}

/** The sentences about whatever decides on packets of these interfaces. */
export function assumedAbout(cloud: Cloud, interfaceIds: readonly string[]): string[] {
  const sentences = Object.entries(cloud.assumed);
  if (sentences.length === 0) return [];
  const concerned = new Set(interfaceIds.flatMap((id) => deciding(cloud, id)));
  return sentences.filter(([, ids]) => ids.some((id) => concerned.has(id))).map(([sentence]) => sentence);
}

/** Its machine, its place in the network with the ways out of there, and its groups with what their rules refer to. */
function deciding(cloud: Cloud, interfaceId: string): string[] {
  const eni = findById(cloud.networkInterfaces, interfaceId);
  if (eni === undefined) return [];
  const subnet = byId(cloud.subnets, eni.subnetId);
  const vpc = byId(cloud.vpcs, subnet.vpcId);
  const table = routeTableOf(cloud, subnet.id);
  const peers = eni.groupIds.flatMap((id) =>
    byId(cloud.securityGroups, id).rules.flatMap(({ peer }) =>
      peer.type === 'group' ? [peer.groupId] : peer.type === 'prefix-list' ? [peer.prefixListId] : [],
    ),
  );
  return [
    eni.id,
    eni.instanceId,
    subnet.id,
    vpc.id,
    subnet.networkAclId ?? vpc.defaultNetworkAclId,
    table.id,
    ...table.routes.flatMap(idsOfRoute),
    ...eni.groupIds,
    ...peers,
  ];
}

function idsOfRoute({ destination, target }: Route): string[] {
  const list = destination.type === 'prefix-list' ? [destination.prefixListId] : [];
  return [...list, ...Object.entries(target).flatMap(([key, id]) => (key === 'type' ? [] : [id]))];
}
