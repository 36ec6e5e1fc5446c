/** Flow logs as clients ask for them (5.5). They change no packet. */

import { CloudError } from '../errors.js';
import { makeId, nextSerial } from '../ids.js';
import {
  allInterfaces,
  findById,
  getAnyInterface,
  getSubnet,
  getVpc,
  vpcIdOfInterface,
  withEntry,
  withoutEntry,
} from '../lookup.js';
import { notFound } from '../resources.js';
import type { Cloud } from '../types.js';
import type { FlowLog } from './types.js';

export const FLOW_LOG_RESOURCES = ['VPC', 'Subnet', 'NetworkInterface'] as const;

/** CreateFlowLogs for one resource. Throws CloudError for an unknown one, and `FlowLogAlreadyExists`. */
export function createFlowLog(
  cloud: Cloud,
  type: (typeof FLOW_LOG_RESOURCES)[number],
  input: Omit<FlowLog, 'id'>,
): { cloud: Cloud; flowLog: FlowLog } {
  const get = { VPC: getVpc, Subnet: getSubnet, NetworkInterface: getAnyInterface }[type];
  get(cloud, input.resourceId);
  if (Object.values(cloud.flowLogs).some((other) => isSame(other, input))) {
    throw new CloudError(
      'FlowLogAlreadyExists',
      'Error. There is an existing Flow Log with the same configuration and log destination.',
    );
  }
  const base = nextSerial(cloud);
  const flowLog = { id: makeId(base, 'fl'), ...input };
  return { cloud: { ...base, flowLogs: withEntry(base.flowLogs, flowLog) }, flowLog };
}

/** Throws CloudError for an unknown one. */
export function deleteFlowLog(cloud: Cloud, id: string): Cloud {
  return { ...cloud, flowLogs: withoutEntry(cloud.flowLogs, getFlowLog(cloud, id).id) };
}

/** Throws CloudError for an unknown one. */
export function getFlowLog(cloud: Cloud, id: string): FlowLog {
  return findById(cloud.flowLogs, id) ?? notFound('fl', id);
}

/** The interfaces that a resource has now: those that a flow log of it is about. */
export function interfacesOfResource(cloud: Cloud, resourceId: string): string[] {
  return allInterfaces(cloud)
    .filter((eni) => [eni.id, eni.subnetId, vpcIdOfInterface(cloud, eni)].includes(resourceId))
    .map(({ id }) => id);
}

function isSame(one: Omit<FlowLog, 'id'>, other: Omit<FlowLog, 'id'>): boolean {
  const keys = ['resourceId', 'trafficType', 'logFormat', 'destinationType', 'destination', 'logGroupName'] as const;
  return keys.every((key) => one[key] === other[key]);
}
