/** Elastic IP addresses: kept whatever happens to the instance; each stands for an interface's primary private address. */

import { CloudError } from '../errors.js';
import { makeId, nextSerial } from '../ids.js';
import {
  findById,
  getAnyInterface,
  getVpc,
  vpcIdOfInterface,
  withEntry,
  withInterface,
  withoutEntry,
} from '../lookup.js';
import { claimInternetAddress, nextPublicIp } from '../network/internet-address.js';
import { noInternetGateway } from '../network/vpc.js';
import { notFound } from '../resources.js';
import type { Cloud } from '../types.js';
import type { ElasticIp } from './types.js';

/** AllocateAddress. @param wanted an address; left out: one of the lab's pool. Throws CloudError. */
export function allocateAddress(cloud: Cloud, wanted?: string): { cloud: Cloud; elasticIp: ElasticIp } {
  const base = nextSerial(cloud);
  const publicIp = wanted === undefined ? nextPublicIp(cloud) : claimInternetAddress(cloud, wanted);
  const elasticIp: ElasticIp = { id: makeId(base, 'eipalloc'), publicIp, association: null };
  return { cloud: { ...base, elasticIps: withEntry(base.elasticIps, elasticIp) }, elasticIp };
}

/**
 * AssociateAddress: it takes the place of the public address that the interface had. Throws CloudError where the address is
 * another interface's, or the interface has another one, unless `allowReassociation`.
 */
export function associateAddress(
  cloud: Cloud,
  allocationId: string,
  { interfaceId, allowReassociation = true }: { readonly interfaceId: string; readonly allowReassociation?: boolean },
): { cloud: Cloud; elasticIp: ElasticIp } {
  const address = getElasticIp(cloud, allocationId);
  const eni = getAnyInterface(cloud, interfaceId);
  const vpc = getVpc(cloud, vpcIdOfInterface(cloud, eni));
  if (vpc.internetGatewayId === null) throw noInternetGateway(vpc, 'a public IP is asked for');
  const other = elasticIpOf(cloud, eni.id);
  const isElsewhere = address.association !== null && address.association.interfaceId !== eni.id;
  if (!allowReassociation && (isElsewhere || (other !== undefined && other.id !== address.id))) {
    throw new CloudError(
      'Resource.AlreadyAssociated',
      `resource ${isElsewhere ? address.id : eni.id} is already associated with associate-id ${(isElsewhere ? address : other)?.association?.id}`,
      'Disassociate it first, or allow re-association.',
    );
  }
  const free = releaseFrom(disassociateAddress(cloud, address.id), eni.id);
  const base = nextSerial(free);
  const elasticIp = { ...address, association: { id: makeId(base, 'eipassoc'), interfaceId: eni.id } };
  const made = { ...base, elasticIps: withEntry(base.elasticIps, elasticIp) };
  return { cloud: withInterface(made, { ...getAnyInterface(made, eni.id), publicIp: address.publicIp }), elasticIp };
}

/** DisassociateAddress; nothing happens to one that is free. The interface has no public address then. Throws CloudError. */
export function disassociateAddress(cloud: Cloud, allocationId: string): Cloud {
  const address = getElasticIp(cloud, allocationId);
  if (address.association === null) return cloud;
  const eni = getAnyInterface(cloud, address.association.interfaceId);
  const elasticIps = withEntry(cloud.elasticIps, { ...address, association: null });
  return withInterface({ ...cloud, elasticIps }, { ...eni, publicIp: null });
}

/** ReleaseAddress: in a default VPC it disassociates, too. Throws CloudError for one that is associated elsewhere. */
export function releaseAddress(cloud: Cloud, allocationId: string): Cloud {
  const address = getElasticIp(cloud, allocationId);
  if (address.association !== null) {
    const eni = getAnyInterface(cloud, address.association.interfaceId);
    if (getVpc(cloud, vpcIdOfInterface(cloud, eni)).isDefault) {
      return releaseAddress(disassociateAddress(cloud, address.id), address.id);
    }
    throw new CloudError(
      'InvalidIPAddress.InUse',
      `Address ${address.publicIp} is in use.`,
      `Disassociate ${address.association.id} first.`,
    );
  }
  return { ...cloud, elasticIps: withoutEntry(cloud.elasticIps, address.id) };
}

export function getElasticIp(cloud: Cloud, id: string): ElasticIp {
  return findById(cloud.elasticIps, id) ?? notFound('eipalloc', id);
}

/** The elastic address of an interface. */
export function elasticIpOf(cloud: Cloud, interfaceId: string): ElasticIp | undefined {
  return Object.values(cloud.elasticIps).find(({ association }) => association?.interfaceId === interfaceId);
}

/** Takes the interface's elastic address from it, if it has one. */
export function releaseFrom(cloud: Cloud, interfaceId: string): Cloud {
  const address = elasticIpOf(cloud, interfaceId);
  return address === undefined ? cloud : disassociateAddress(cloud, address.id);
}
