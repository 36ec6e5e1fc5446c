/** NAT gateways: machines that AWS runs, with one interface and a public address. */

import { CloudError } from '../errors.js';
import { runInstance } from '../instances/instance.js';
import { terminateInstance } from '../instances/instance-life.js';
import type { Instance } from '../instances/types.js';
import { associateAddress } from '../interfaces/elastic-ip.js';
import { findById } from '../lookup.js';
import { printable } from '../text/quote.js';
import type { Cloud } from '../types.js';

export interface NatGatewayInput {
  readonly subnetId: string;
  /** The id of the elastic address by which the internet sees what comes through the gateway. */
  readonly allocationId: string;
  /** Left out: the first free one. */
  readonly privateIp?: string;
}

/** CreateNatGateway; its name is its id. Throws CloudError. */
export function createNatGateway(cloud: Cloud, input: NatGatewayInput): { cloud: Cloud; gateway: Instance } {
  const { subnetId, allocationId, privateIp } = input;
  // What passes through has foreign addresses: a NAT gateway that checked source and destination would forward nothing.
  const eni = { subnetId, sourceDestCheck: false, ...(privateIp === undefined ? {} : { privateIp }) };
  const made = runInstance(cloud, { kind: 'nat-gateway', interfaces: [eni] });
  const [interfaceId = ''] = made.instance.interfaceIds;
  const associated = associateAddress(made.cloud, allocationId, { interfaceId, allowReassociation: false });
  return { cloud: associated.cloud, gateway: made.instance };
}

/** DeleteNatGateway: its address is free again, and routes to it are blackholes. Throws CloudError. */
export function deleteNatGateway(cloud: Cloud, id: string): Cloud {
  return terminateInstance(cloud, getNatGateway(cloud, id).id);
}

export function getNatGateway(cloud: Cloud, id: string): Instance {
  const found = findById(cloud.instances, id);
  if (found?.kind === 'nat-gateway') return found;
  throw new CloudError('NatGatewayNotFound', `NatGateway ${printable(id)} was not found`);
}

export function natGateways(cloud: Cloud): Instance[] {
  return Object.values(cloud.instances).filter(({ kind }) => kind === 'nat-gateway');
}
