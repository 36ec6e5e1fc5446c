import { CloudError } from '../errors.js';
import { getAnyInterface, withInterface } from '../lookup.js';
import { resolveInterface } from '../text/endpoint.js';
import type { Cloud } from '../types.js';
import type { ConnectionTracking } from './types.js';

/** AWS's ConnectionTrackingSpecification: what is left out keeps its value. Seconds. */
export type ConnectionTrackingInput = Partial<ConnectionTracking>;

/** AWS's defaults (CT). */
export const DEFAULT_CONNECTION_TRACKING: ConnectionTracking = {
  tcpEstablishedTimeout: 432_000,
  udpStreamTimeout: 180,
  udpTimeout: 30,
};

/** Instance types on Nitro v6 forget idle TCP connections sooner (CT). */
export const NITRO_V6_TCP_TIMEOUT = 350;

const RANGES: Readonly<Record<keyof ConnectionTracking, readonly [number, number]>> = {
  tcpEstablishedTimeout: [60, 432_000],
  udpStreamTimeout: [60, 180],
  udpTimeout: [30, 60],
};

/** The time-outs of an interface. Throws CloudError for a value outside of its range (A25). */
export function chooseConnectionTracking(
  wanted: ConnectionTrackingInput,
  otherwise: ConnectionTracking = DEFAULT_CONNECTION_TRACKING,
): ConnectionTracking {
  for (const [key, [least, most]] of Object.entries(RANGES)) {
    const value = wanted[key as keyof ConnectionTracking];
    if (value === undefined || (Number.isInteger(value) && value >= least && value <= most)) continue;
    const parameter = `${key[0]?.toUpperCase()}${key.slice(1)}`;
    throw new CloudError(
      'InvalidParameterValue',
      `Value (${value}) for parameter ${parameter} is invalid. It must be between ${least} and ${most}.`,
      `Write whole seconds from ${least} to ${most}.`,
    );
  }
  return { ...otherwise, ...wanted };
}

/** ModifyNetworkInterfaceAttribute. @param word an instance or interface. Throws CloudError */
export function modifyConnectionTracking(cloud: Cloud, word: string, wanted: ConnectionTrackingInput): Cloud {
  return setConnectionTracking(cloud, resolveInterface(cloud, word).id, wanted);
}

/** The same of any interface by its id. Throws CloudError */
export function setConnectionTracking(cloud: Cloud, interfaceId: string, wanted: ConnectionTrackingInput): Cloud {
  const eni = getAnyInterface(cloud, interfaceId);
  const connectionTracking = chooseConnectionTracking(wanted, eni.connectionTracking);
  return withInterface(cloud, { ...eni, connectionTracking });
}

/** Throws CloudError for an allowance that cannot be kept. */
export function checkConnectionAllowance(allowance: number | null, interfaces: number): void {
  if (allowance === null || interfaces === 1) return;
  throw new CloudError(
    'InvalidParameterCombination',
    'an instance with several interfaces cannot have a connection allowance here: each interface counts for itself',
    'Give the allowance to an instance with one interface.',
  );
}
