/** A change with the stage where it makes the difference, and the other resources that it affects. */

import { mutationText } from '../../changes/mutation.js';
import type { Mutation } from '../../changes/verbs.js';
import { groupInterfaces } from '../../cloud/groups/members.js';
import { byId, interfaceName } from '../../cloud/lookup.js';
import { networkAclOf } from '../../cloud/network/network-acl.js';
import { routeTableOf } from '../../cloud/network/routes.js';
import type { Subnet } from '../../cloud/network/types.js';
import { resolveGroup, resolveNetworkAcl, resolveRouteTable } from '../../cloud/text/resolve.js';
import type { Cloud } from '../../cloud/types.js';
import type { ModelVerdict } from '../../oracle/dialogue.js';
import type { Stop } from './query-model.js';
import { packetEndName, whereOf } from './stages.js';
import type { Change } from './types.js';

/** @param cloud before the change */
export function changeOf(cloud: Cloud, { arrival }: ModelVerdict, stop: Stop, mutation: Mutation): Change {
  if (stop.type === 'listener') {
    const where = arrival === null ? '' : packetEndName(cloud, arrival.place);
    return { stage: 'listener', leg: 'request', where, mutation, words: mutationText(mutation), alsoAffects: [] };
  }
  const { hop, leg } = stop;
  const alsoAffects = otherAffectedResources(cloud, mutation, hop.interface ?? hop.subnetId);
  return { stage: hop.stage, leg, where: whereOf(cloud, hop), mutation, words: mutationText(mutation), alsoAffects };
}

/** @param id of the interface or subnet that the question is about */
function otherAffectedResources(cloud: Cloud, mutation: Mutation, id: string | null): string[] {
  switch (mutation.type) {
    case 'authorize':
    case 'revoke':
      return groupInterfaces(cloud, resolveGroup(cloud, mutation.group).id)
        .filter((eni) => eni.id !== id)
        .map((eni) => interfaceName(cloud, eni.id));
    case 'network-acl': {
      const list = resolveNetworkAcl(cloud, mutation.name).id;
      return subnetsWith(cloud, id, (subnet) => networkAclOf(cloud, subnet).id === list);
    }
    case 'routes': {
      const table = resolveRouteTable(cloud, mutation.table).id;
      return subnetsWith(cloud, id, (subnet) => routeTableOf(cloud, subnet.id).id === table);
    }
    default:
      return [];
  }
}

function subnetsWith(cloud: Cloud, id: string | null, isConcerned: (subnet: Subnet) => boolean): string[] {
  const others = Object.values(cloud.subnets).filter((subnet) => subnet.id !== id && isConcerned(subnet));
  return others.map(({ name, vpcId }) => `subnet ${byId(cloud.vpcs, vpcId).name}/${name}`);
}
