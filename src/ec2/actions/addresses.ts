import type {
  AllocateAddressRequest,
  AllocateAddressResult,
  AssociateAddressRequest,
  AssociateAddressResult,
  DescribeAddressesAttributeRequest,
  DescribeAddressesAttributeResult,
  DescribeAddressesRequest,
  DescribeAddressesResult,
  DisassociateAddressRequest,
  ReleaseAddressRequest,
} from '@aws-sdk/client-ec2';
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
import type { ActionContext } from '../action.js';
import { describeItems } from '../describe.js';
import { Ec2Error } from '../ec2-error.js';
import { noAssociation } from '../no-association.js';
import { specifiedTags } from '../tag-specifications.js';
import { refuseParameters, unsupported } from '../unsupported.js';
import { addressItem } from '../views/address.js';

export const addressActions = {
  AllocateAddress,
  ReleaseAddress,
  DescribeAddresses,
  DescribeAddressesAttribute,
  AssociateAddress,
  DisassociateAddress,
};

async function AllocateAddress(
  request: AllocateAddressRequest,
  context: ActionContext,
): Promise<AllocateAddressResult> {
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
  { AllocationId, PublicIp }: ReleaseAddressRequest,
  context: ActionContext,
): Promise<object> {
  await context.change((before) => ({
    cloud: releaseAddress(before, addressOf(before, { AllocationId, PublicIp }).id),
  }));
  return {};
}

async function AssociateAddress(
  request: AssociateAddressRequest,
  context: ActionContext,
): Promise<AssociateAddressResult> {
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
  { AssociationId, PublicIp }: DisassociateAddressRequest,
  context: ActionContext,
): Promise<object> {
  await context.change((before) => {
    const all = Object.values(before.elasticIps);
    const found =
      AssociationId === undefined
        ? addressOf(before, { PublicIp })
        : all.find(({ association }) => association?.id === AssociationId);
    if (found === undefined) throw noAssociation('InvalidAssociationID.NotFound', AssociationId ?? '');
    return { cloud: disassociateAddress(before, found.id) };
  });
  return {};
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

function DescribeAddresses(
  { AllocationIds, PublicIps = [], Filters }: DescribeAddressesRequest,
  { cloud }: ActionContext,
): DescribeAddressesResult {
  const byIp = PublicIps.map((ip) => addressOf(cloud, { PublicIp: ip }).id);
  const ids = [...(AllocationIds ?? []), ...byIp];
  const items = Object.values(cloud.elasticIps).map((address) => addressItem(cloud, address));
  const found = describeItems(
    cloud,
    items,
    { ids, filters: Filters, page: {} },
    {
      idOf: ({ AllocationId = '' }) => AllocationId,
      notFound: (id) => getElasticIp(cloud, id),
      filters: {
        'allocation-id': ({ AllocationId }) => [AllocationId],
        'association-id': ({ AssociationId }) => [AssociationId],
        domain: ({ Domain }) => [Domain],
        'instance-id': ({ InstanceId }) => [InstanceId],
        'network-border-group': ({ NetworkBorderGroup }) => [NetworkBorderGroup],
        'network-interface-id': ({ NetworkInterfaceId }) => [NetworkInterfaceId],
        'network-interface-owner-id': ({ NetworkInterfaceOwnerId }) => [NetworkInterfaceOwnerId],
        'private-ip-address': ({ PrivateIpAddress }) => [PrivateIpAddress],
        'public-ip': ({ PublicIp }) => [PublicIp],
      },
    },
  );
  return { Addresses: found.items };
}

/** No address has a name of its own in the DNS: those that are asked for have no `ptrRecord`. */
function DescribeAddressesAttribute(
  { AllocationIds = [], ...page }: DescribeAddressesAttributeRequest,
  { cloud }: ActionContext,
): DescribeAddressesAttributeResult {
  const items = Object.values(cloud.elasticIps).map(({ id, publicIp }) => ({ AllocationId: id, PublicIp: publicIp }));
  const found = describeItems(
    cloud,
    items,
    { ids: AllocationIds, filters: [], page },
    {
      idOf: ({ AllocationId }) => AllocationId,
      notFound: (id) => getElasticIp(cloud, id),
      filters: {},
      limits: { min: 1, max: 1000 },
    },
  );
  return { Addresses: found.items, NextToken: found.NextToken };
}
