import type { Instance } from '../../../cloud/instances/types.js';
import type { IdleInterface, NetworkInterface } from '../../../cloud/interfaces/types.js';
import { findById } from '../../../cloud/lookup.js';
import type { Cloud } from '../../../cloud/types.js';

/** In the order of their device index, of a stopped instance, too; a terminated one has none. */
export function interfacesOfInstance(cloud: Cloud, { interfaceIds }: Instance): (NetworkInterface | IdleInterface)[] {
  return interfaceIds.flatMap(
    (id) => findById(cloud.networkInterfaces, id) ?? findById(cloud.idleInterfaces, id) ?? [],
  );
}
