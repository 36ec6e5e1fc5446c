import { getAnyInterface, withInterface } from '../lookup.js';
import { nextPublicIp } from '../network/internet-address.js';
import type { Cloud } from '../types.js';
import { elasticIpOf } from './elastic-ip.js';

/** ModifyNetworkInterfaceAttribute AssociatePublicIpAddress: at once where its instance runs; an elastic address stays. */
export function setPoolAddress(cloud: Cloud, interfaceId: string, wanted: boolean): Cloud {
  const eni = getAnyInterface(cloud, interfaceId);
  const changed = { ...eni, poolAddress: wanted };
  if (elasticIpOf(cloud, eni.id) !== undefined) return withInterface(cloud, changed);
  const isRunning = Object.hasOwn(cloud.networkInterfaces, eni.id);
  const publicIp = wanted && isRunning ? (eni.publicIp ?? nextPublicIp(cloud)) : null;
  return withInterface(cloud, { ...changed, publicIp });
}
