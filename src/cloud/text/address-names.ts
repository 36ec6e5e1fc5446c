import type { Cloud } from '../types.js';

/** Turns an address into the name of the machine that has it; one that is nobody's, or several machines', stays as it is. */
export function addressNamer(cloud: Cloud): (address: string) => string {
  const names = new Map<string, string>();
  const shared = new Set<string>();
  const add = (address: string, name: string) => {
    if ((names.get(address) ?? name) !== name) shared.add(address);
    names.set(address, name);
  };
  for (const eni of Object.values(cloud.networkInterfaces)) {
    const name = cloud.instances[eni.instanceId]?.name ?? eni.id;
    const publicIps = eni.publicIp === null ? [] : [eni.publicIp];
    for (const address of [...eni.privateIpAddresses, ...eni.ipv6Addresses, ...publicIps]) add(address, name);
  }
  for (const { name, addresses } of Object.values(cloud.externalHosts)) {
    for (const address of addresses) add(address, name);
  }
  return (address) => (shared.has(address) ? address : (names.get(address) ?? address));
}
