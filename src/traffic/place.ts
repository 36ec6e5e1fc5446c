import { byId } from '../cloud/by-id.js';
import type { Endpoint } from '../cloud/text/endpoint.js';
import type { ProbeQuestion } from '../cloud/text/probe.js';
import type { Cloud } from '../cloud/types.js';
import { hostNamespace, instanceNamespace } from '../kernel/lab-names.js';
import { staysInside } from '../observe/stays-inside.js';

/** Where the packets of an end leave and arrive. */
export interface Place {
  readonly namespace: string;
  /** The link that raw packets leave through; null where the machine has only one. */
  readonly device: string | null;
}

export function placeOf(cloud: Cloud, question: ProbeQuestion, end: Endpoint): Place {
  if (end.kind === 'external') return { namespace: hostNamespace(cloud.name, end.name), device: null };
  const eni = byId(cloud.networkInterfaces, end.interfaceId);
  const instance = byId(cloud.instances, eni.instanceId);
  const device = instance.interfaceIds.length === 1 || staysInside(cloud, question) ? null : `eth${eni.deviceIndex}`;
  return { namespace: instanceNamespace(cloud.name, instance.name), device };
}
