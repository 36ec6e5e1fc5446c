/** The gateways to the internet. A VPC has at most one of each kind. */

import { CloudError } from '../errors.js';
import { makeId, nextSerial } from '../ids.js';
import { allInterfaces, findById, getVpc, vpcIdOfInterface, withEntry, withoutEntry } from '../lookup.js';
import type { Vpc } from '../network/types.js';
import { notFound } from '../resources.js';
import type { Cloud } from '../types.js';
import type { InternetGateway } from './types.js';

/** CreateInternetGateway: one that is attached nowhere. */
export function createInternetGateway(cloud: Cloud): { cloud: Cloud; gateway: InternetGateway } {
  const base = nextSerial(cloud);
  const gateway = { id: makeId(base, 'igw') };
  return { cloud: { ...base, internetGateways: withEntry(base.internetGateways, gateway) }, gateway };
}

/** AttachInternetGateway. Throws CloudError for a gateway that is attached, and for a VPC that has one. */
export function attachInternetGateway(cloud: Cloud, gatewayId: string, vpcId: string): Cloud {
  const { id } = getInternetGateway(cloud, gatewayId);
  const vpc = getVpc(cloud, vpcId);
  const attached = vpcOfGateway(cloud, id);
  if (attached !== undefined) {
    throw new CloudError(
      'Resource.AlreadyAssociated',
      `resource ${id} is already attached to network ${attached.id}`,
      'Detach it first.',
    );
  }
  if (vpc.internetGatewayId !== null) {
    throw new CloudError(
      'InvalidParameterValue',
      `Network ${vpc.id} already has an internet gateway attached`,
      `VPC ${vpc.name} takes one.`,
    );
  }
  return withVpc(cloud, { ...vpc, internetGatewayId: id });
}

/** DetachInternetGateway: routes to it are blackholes. Throws CloudError while an interface has a public address. */
export function detachInternetGateway(cloud: Cloud, gatewayId: string, vpcId: string): Cloud {
  const { id } = getInternetGateway(cloud, gatewayId);
  const vpc = getVpc(cloud, vpcId);
  if (vpc.internetGatewayId !== id) {
    throw new CloudError('Gateway.NotAttached', `resource ${id} is not attached to network ${vpc.id}`);
  }
  const user = allInterfaces(cloud).find((eni) => eni.publicIp !== null && vpcIdOfInterface(cloud, eni) === vpc.id);
  if (user === undefined) return withVpc(cloud, { ...vpc, internetGatewayId: null });
  throw new CloudError(
    'DependencyViolation',
    `Network ${vpc.id} has some mapped public address(es). Please unmap those public address(es) before detaching the gateway.`,
    `${user.id} has ${user.publicIp}.`,
  );
}

/** DeleteInternetGateway. Throws CloudError for one that is attached. */
export function deleteInternetGateway(cloud: Cloud, gatewayId: string): Cloud {
  const { id } = getInternetGateway(cloud, gatewayId);
  const vpc = vpcOfGateway(cloud, id);
  if (vpc === undefined) return { ...cloud, internetGateways: withoutEntry(cloud.internetGateways, id) };
  throw new CloudError(
    'DependencyViolation',
    `The internetGateway '${id}' has dependencies and cannot be deleted.`,
    `It is attached to VPC ${vpc.name}.`,
  );
}

/** CreateEgressOnlyInternetGateway. Throws CloudError for a VPC that has one. */
export function createEgressOnlyInternetGateway(cloud: Cloud, vpcId: string): { cloud: Cloud; gatewayId: string } {
  const vpc = getVpc(cloud, vpcId);
  if (vpc.egressOnlyInternetGatewayId !== null) {
    throw new CloudError(
      'InvalidParameterValue',
      `Network ${vpc.id} already has an egress-only internet gateway`,
      `VPC ${vpc.name} takes one.`,
    );
  }
  const base = nextSerial(cloud);
  const gatewayId = makeId(base, 'eigw');
  return { cloud: withVpc(base, { ...vpc, egressOnlyInternetGatewayId: gatewayId }), gatewayId };
}

/** DeleteEgressOnlyInternetGateway: routes to it are blackholes. Throws CloudError. */
export function deleteEgressOnlyInternetGateway(cloud: Cloud, gatewayId: string): Cloud {
  const vpc = Object.values(cloud.vpcs).find((each) => each.egressOnlyInternetGatewayId === gatewayId);
  return vpc === undefined
    ? notFound('eigw', gatewayId)
    : withVpc(cloud, { ...vpc, egressOnlyInternetGatewayId: null });
}

export function getInternetGateway(cloud: Cloud, id: string): InternetGateway {
  return findById(cloud.internetGateways, id) ?? notFound('igw', id);
}

/** The VPC to which an internet gateway is attached. */
export function vpcOfGateway(cloud: Cloud, gatewayId: string): Vpc | undefined {
  return Object.values(cloud.vpcs).find((vpc) => vpc.internetGatewayId === gatewayId);
}

function withVpc(cloud: Cloud, vpc: Vpc): Cloud {
  return { ...cloud, vpcs: withEntry(cloud.vpcs, vpc) };
}
