import { allInterfaces, byId, findInstance } from '../../cloud/lookup.js';
import type { Cloud } from '../../cloud/types.js';

/** The interfaces in whose names, ids, addresses or groups the text occurs; null where nothing is looked for. */
export function findInterfaces(cloud: Cloud, text: string): ReadonlySet<string> | null {
  const wanted = text.trim().toLowerCase();
  if (wanted === '') return null;
  const found = allInterfaces(cloud).filter((eni) => {
    const instance = eni.instanceId === null ? undefined : findInstance(cloud, eni.instanceId);
    const groups = eni.groupIds.flatMap((id) => [id, byId(cloud.securityGroups, id).name]);
    const addresses = [...eni.privateIpAddresses, ...eni.ipv6Addresses, eni.publicIp];
    const words = [
      eni.id,
      instance?.id,
      instance?.name,
      byId(cloud.subnets, eni.subnetId).name,
      ...groups,
      ...addresses,
    ];
    return words.some((word) => word?.toLowerCase().includes(wanted));
  });
  return new Set(found.map(({ id }) => id));
}
