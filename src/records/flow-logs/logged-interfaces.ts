import { byId, interfaceName, vpcIdOfInterface } from '../../cloud/lookup.js';
import type { Cloud } from '../../cloud/types.js';
import { vpcRouterNamespace } from '../../kernel/lab-names.js';
import type { LoggedInterface } from './types.js';

/** The interfaces of one state of the lab, by the properties that packets show. */
export interface InterfaceIndex {
  readonly byId: ReadonlyMap<string, LoggedInterface>;
  /** Interface ids by MAC address. */
  readonly byMac: ReadonlyMap<string, string>;
  /** Interface ids by the namespace of the VPC's router and an address. */
  readonly byAddress: ReadonlyMap<string, string>;
}

export function indexInterfaces(cloud: Cloud): InterfaceIndex {
  const all = Object.values(cloud.networkInterfaces);
  const router = (vpcId: string) => vpcRouterNamespace(cloud.name, byId(cloud.vpcs, vpcId).name);
  return {
    byId: new Map(
      all.map((eni) => {
        const { id, instanceId, subnetId } = eni;
        const addresses = [...eni.privateIpAddresses, ...eni.ipv6Addresses];
        const vpcId = vpcIdOfInterface(cloud, eni);
        return [id, { interface: interfaceName(cloud, id), interfaceId: id, instanceId, subnetId, vpcId, addresses }];
      }),
    ),
    byMac: new Map(all.map(({ macAddress, id }) => [macAddress, id])),
    byAddress: new Map(
      all.flatMap((eni) =>
        [...eni.privateIpAddresses, ...eni.ipv6Addresses].map(
          (address) => [placeKey(router(vpcIdOfInterface(cloud, eni)), address), eni.id] as const,
        ),
      ),
    ),
  };
}

export function placeKey(namespace: string, address: string): string {
  return `${namespace} ${address}`;
}
