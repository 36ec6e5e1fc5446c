import { withEntry } from './by-id.js';
import { getNetworkInterface } from './lookup.js';
import type { Cloud } from './types.js';

/** ModifyNetworkInterfaceAttribute SourceDestCheck: off, an interface may pass on what is neither from nor to it (ENI, S103). */
export function setSourceDestCheck(cloud: Cloud, interfaceId: string, enabled: boolean): Cloud {
  const eni = { ...getNetworkInterface(cloud, interfaceId), sourceDestCheck: enabled };
  return { ...cloud, networkInterfaces: withEntry(cloud.networkInterfaces, eni) };
}
