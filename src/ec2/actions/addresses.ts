import type { Address, AddressAttribute } from '@aws-sdk/client-ec2';
import {
  allocateAddress,
  associateAddress,
  disassociateAddress,
  getElasticIp,
  releaseAddress,
} from '../../cloud/interfaces/elastic-ip.js';
import type { ElasticIp } from '../../cloud/interfaces/types.js';
import { findInstance, getAnyInterface } from '../../cloud/lookup.js';
import { notFound } from '../../cloud/resources.js';
import { createTags } from '../../cloud/tags.js';
import { printable } from '../../cloud/text/quote.js';
import type { Cloud } from '../../cloud/types.js';
import type { ActionContext, Input, Output } from '../action.js';
import { type Description, describeItems } from '../describe.js';
import { Ec2Error } from '../ec2-error.js';
import { noAssociation, refuseParameters, unsupported } from '../refusals.js';
import { specifiedTags } from '../requests/tags.js';
import { tagList } from '../views/common.js';

export const addressActions = {
  AllocateAddress,
  ReleaseAddress,
  DescribeAddresses,
  DescribeAddressesAttribute,
  AssociateAddress,
  DisassociateAddress,
};

async function AllocateAddress(
  request: Input<'AllocateAddress'>,
  context: ActionContext,
): Promise<Output<'AllocateAddress'>> {
  refuseParameters(request, ['CustomerOwnedIpv4Pool', 'IpamPoolId']);
  const { Domain = 'vpc', Address, NetworkBorderGroup, PublicIpv4Pool } = request;
  if (Domain !== 'vpc') throw unsupported(`addresses of domain ${printable(Domain)}`);
  if (PublicIpv4Pool !== undefined && PublicIpv4Pool !== 'amazon') throw unsupported('address pools of your own');
  const { region } = context.cloud;
  if (NetworkBorderGroup !== undefined && NetworkBorderGroup !== region) {
    throw unsupported(`the network border group ${printable(NetworkBorderGroup)}`);
  }
  const tags = specifiedTags(request.TagSpecifications, 'elastic-ip');
  const { elasticIp } = await context.change((before) => {
    const made = allocateAddress(before, Address);
    return { ...made, cloud: createTags(made.cloud, [made.elasticIp.id], tags) };
  });
  return {
    PublicIp: elasticIp.publicIp,
    AllocationId: elasticIp.id,
    Domain: 'vpc',
    PublicIpv4Pool: 'amazon',
    NetworkBorderGroup: region,
  };
}

async function ReleaseAddress(
  { AllocationId, PublicIp }: Input<'ReleaseAddress'>,
  context: ActionContext,
): Promise<Output<'ReleaseAddress'>> {
  await context.change((before) => ({
    cloud: releaseAddress(before, addressOf(before, { AllocationId, PublicIp }).id),
  }));
}

async function AssociateAddress(
  request: Input<'AssociateAddress'>,
  context: ActionContext,
): Promise<Output<'AssociateAddress'>> {
  const { NetworkInterfaceId, InstanceId, PrivateIpAddress, AllowReassociation = true } = request;
  const { elasticIp } = await context.change((before) => {
    const interfaceId = NetworkInterfaceId ?? interfaceOf(before, InstanceId);
    const [primary] = getAnyInterface(before, interfaceId).privateIpAddresses;
    if (PrivateIpAddress !== undefined && PrivateIpAddress !== primary) {
      throw unsupported('public addresses of secondary private addresses');
    }
    const input = { interfaceId, allowReassociation: AllowReassociation };
    return associateAddress(before, addressOf(before, request).id, input);
  });
  return { AssociationId: elasticIp.association?.id };
}

async function DisassociateAddress(
  { AssociationId, PublicIp }: Input<'DisassociateAddress'>,
  context: ActionContext,
): Promise<Output<'DisassociateAddress'>> {
  await context.change((before) => {
    const all = Object.values(before.elasticIps);
    const found =
      AssociationId === undefined
        ? addressOf(before, { PublicIp })
        : all.find(({ association }) => association?.id === AssociationId);
    if (found === undefined) throw noAssociation('InvalidAssociationID.NotFound', AssociationId ?? '');
    return { cloud: disassociateAddress(before, found.id) };
  });
}

function addressOf(
  cloud: Cloud,
  { AllocationId, PublicIp }: { AllocationId?: string | undefined; PublicIp?: string | undefined },
): ElasticIp {
  if (AllocationId !== undefined) return getElasticIp(cloud, AllocationId);
  if (PublicIp === undefined) {
    throw new Ec2Error('MissingParameter', 'Either public IP or allocation id must be specified');
  }
  const found = Object.values(cloud.elasticIps).find(({ publicIp }) => publicIp === PublicIp);
  if (found !== undefined) return found;
  throw new Ec2Error('InvalidAddress.NotFound', `Address '${printable(PublicIp)}' not found.`);
}

function interfaceOf(cloud: Cloud, instanceId: string | undefined): string {
  if (instanceId === undefined) {
    throw new Ec2Error('MissingParameter', 'Either instance ID or network interface id must be specified');
  }
  const { interfaceIds } = findInstance(cloud, instanceId) ?? notFound('i', instanceId);
  const [first = '', ...others] = interfaceIds;
  if (others.length === 0) return first;
  throw new Ec2Error(
    'InvalidInstanceID',
    `There are multiple interfaces attached to instance '${instanceId}'. Please specify an interface ID for the operation instead.`,
  );
}

const ADDRESSES: Description<ElasticIp, Address> = {
  structure: 'Address',
  idOf: ({ id }) => id,
  itemOf: addressItem,
  notFound: getElasticIp,
  filters: [
    'allocation-id',
    'association-id',
    'domain',
    'instance-id',
    'network-border-group',
    'network-interface-id',
    'network-interface-owner-id',
    'private-ip-address',
    'public-ip',
  ],
};

function DescribeAddresses(
  { AllocationIds = [], PublicIps = [], Filters }: Input<'DescribeAddresses'>,
  { cloud }: ActionContext,
): Output<'DescribeAddresses'> {
  const byIp = PublicIps.map((ip) => addressOf(cloud, { PublicIp: ip }).id);
  const ids = [...AllocationIds, ...byIp];
  return { Addresses: describeItems(cloud, Object.values(cloud.elasticIps), { ids, Filters }, ADDRESSES).items };
}

/** No address has a name of its own in the DNS, so that none has a `ptrRecord`. */
const ADDRESS_ATTRIBUTES: Description<ElasticIp, AddressAttribute> = {
  structure: 'AddressAttribute',
  idOf: ({ id }) => id,
  itemOf: (_cloud, { id, publicIp }) => ({ AllocationId: id, PublicIp: publicIp }),
  notFound: getElasticIp,
  filters: [],
  limits: { min: 1, max: 1000 },
};

function DescribeAddressesAttribute(
  { AllocationIds: ids, ...page }: Input<'DescribeAddressesAttribute'>,
  { cloud }: ActionContext,
): Output<'DescribeAddressesAttribute'> {
  const all = Object.values(cloud.elasticIps);
  const { items, NextToken } = describeItems(cloud, all, { ids, ...page }, ADDRESS_ATTRIBUTES);
  return { Addresses: items, NextToken };
}

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
    // A NAT gateway, or whatever else AWS runs, has no instance that its owner could see.
    ...(findInstance(cloud, eni.instanceId ?? '')?.kind === 'ec2' ? { InstanceId: eni.instanceId ?? '' } : {}),
  };
}
