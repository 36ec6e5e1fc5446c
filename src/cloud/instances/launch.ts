/** A new instance in words: names are looked up when it is run. */

import { createTags } from '../tags.js';
import { resolveGroupFor, resolveSubnet } from '../text/resolve.js';
import type { Cloud } from '../types.js';
import { runInstance } from './instance.js';
import type { Listener } from './types.js';

export interface UnresolvedLaunch {
  readonly name: string;
  readonly subnet: string;
  /** Null: the VPC's default group. */
  readonly groups: readonly string[] | null;
  /** Null: the first free one. */
  readonly privateIp: string | null;
  /** `true` takes a free one. */
  readonly publicIp: boolean | string;
  readonly listen: readonly Listener[];
}

/** RunInstances. Throws CloudError. */
export function launch(cloud: Cloud, { name, subnet, groups, privateIp, publicIp, listen }: UnresolvedLaunch): Cloud {
  const { id: subnetId, vpcId } = resolveSubnet(cloud, subnet);
  const groupIds = groups?.map((word) => resolveGroupFor(cloud, word, vpcId).id);
  const eni = {
    subnetId,
    publicIp,
    ...(groupIds === undefined ? {} : { groupIds }),
    ...(privateIp === null ? {} : { privateIp }),
  };
  const { cloud: next, instance } = runInstance(cloud, { name, listen, interfaces: [eni] });
  return createTags(next, [instance.id], { Name: name });
}
