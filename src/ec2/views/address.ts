import type { Address } from '@aws-sdk/client-ec2';
import type { ElasticIp } from '../../cloud/interfaces/types.js';
import { findInstance, getAnyInterface } from '../../cloud/lookup.js';
import type { Cloud } from '../../cloud/types.js';
import { tagList } from './common.js';

export function addressItem(cloud: Cloud, { id, publicIp, association }: ElasticIp): Address {
  const common = {
    AllocationId: id,
    PublicIp: publicIp,
    Domain: 'vpc',
    PublicIpv4Pool: 'amazon',
    NetworkBorderGroup: cloud.region,
    Tags: tagList(cloud, id),
  } as const;
  if (association === null) return common;
  const eni = getAnyInterface(cloud, association.interfaceId);
  return {
    ...common,
    AssociationId: association.id,
    NetworkInterfaceId: eni.id,
    NetworkInterfaceOwnerId: cloud.accountId,
    PrivateIpAddress: eni.privateIpAddresses[0],
    // What AWS runs has no instance that its owner could see.
    ...(findInstance(cloud, eni.instanceId ?? '')?.kind === 'ec2' ? { InstanceId: eni.instanceId ?? '' } : {}),
  };
}
