/** The gateways of a VPC to the internet, of which it has at most one of each kind. */
import { withEntry } from './by-id.js';
import { CloudError } from './errors.js';
import { allInterfaces, getVpc, vpcIdOfInterface } from './lookup.js';
import type { Cloud, Vpc } from './types.js';
import { noInternetGateway } from './vpc.js';

/** AttachInternetGateway. Throws CloudError for a VPC that has one. */
export function attachInternetGateway(cloud: Cloud, vpcId: string): Cloud {
  const vpc = getVpc(cloud, vpcId);
  if (vpc.internetGateway) {
    throw new CloudError(
      'InvalidParameterValue',
      `Network ${vpc.id} already has an internet gateway attached`,
      `VPC ${vpc.name} takes one.`,
    );
  }
  return withVpc(cloud, { ...vpc, internetGateway: true });
}

/** DetachInternetGateway: routes to it are blackholes. Throws CloudError while an interface has a public address. */
export function detachInternetGateway(cloud: Cloud, vpcId: string): Cloud {
  const vpc = getVpc(cloud, vpcId);
  if (!vpc.internetGateway) throw noInternetGateway(vpc, 'it is to be detached');
  const user = allInterfaces(cloud).find((eni) => eni.publicIp !== null && vpcIdOfInterface(cloud, eni) === vpc.id);
  if (user === undefined) return withVpc(cloud, { ...vpc, internetGateway: false });
  throw new CloudError(
    'DependencyViolation',
    `Network ${vpc.id} has some mapped public address(es). Please unmap those public address(es) before detaching the gateway.`,
    `${user.id} has ${user.publicIp}.`,
  );
}

/** CreateEgressOnlyInternetGateway. Throws CloudError for a VPC that has one. */
export function createEgressOnlyInternetGateway(cloud: Cloud, vpcId: string): Cloud {
  const vpc = getVpc(cloud, vpcId);
  if (!vpc.egressOnlyInternetGateway) return withVpc(cloud, { ...vpc, egressOnlyInternetGateway: true });
  throw new CloudError(
    'InvalidParameterValue',
    `Network ${vpc.id} already has an egress-only internet gateway`,
    `VPC ${vpc.name} takes one.`,
  );
}

/** DeleteEgressOnlyInternetGateway: routes to it are blackholes. Throws CloudError. */
export function deleteEgressOnlyInternetGateway(cloud: Cloud, vpcId: string): Cloud {
  const vpc = getVpc(cloud, vpcId);
  if (vpc.egressOnlyInternetGateway) return withVpc(cloud, { ...vpc, egressOnlyInternetGateway: false });
  throw new CloudError('InvalidGatewayID.NotFound', `VPC ${vpc.name} has no egress-only internet gateway`);
}

function withVpc(cloud: Cloud, vpc: Vpc): Cloud {
  return { ...cloud, vpcs: withEntry(cloud.vpcs, vpc) };
}
