import { getAnyInterface, withInterface } from '../lookup.js';
import type { Cloud } from '../types.js';

/** ModifyNetworkInterfaceAttribute SourceDestCheck: off, an interface may pass on what is neither from nor to it (ENI, S103). */
export function setSourceDestCheck(cloud: Cloud, interfaceId: string, enabled: boolean): Cloud {
  return withInterface(cloud, { ...getAnyInterface(cloud, interfaceId), sourceDestCheck: enabled });
}
