import type { Subnet as SubnetItem } from '@aws-sdk/client-ec2';
import { getSubnet } from '../../cloud/lookup.js';
import { deleteSubnet } from '../../cloud/network/delete-network.js';
import { createSubnet, modifySubnet } from '../../cloud/network/subnet.js';
import type { Subnet, SubnetAttributes } from '../../cloud/network/types.js';
import { createTags } from '../../cloud/tags.js';
import { printable } from '../../cloud/text/quote.js';
import type { ActionContext, Input, Output } from '../action.js';
import { type Description, describeItems } from '../describe.js';
import { Ec2Error } from '../ec2-error.js';
import { missingParameter, refuseParameters } from '../refusals.js';
import { specifiedTags } from '../requests/tags.js';
import { subnetItem } from '../views/subnet.js';

export const subnetActions = { CreateSubnet, DeleteSubnet, DescribeSubnets, ModifySubnetAttribute };

async function CreateSubnet(request: Input<'CreateSubnet'>, context: ActionContext): Promise<Output<'CreateSubnet'>> {
  refuseParameters(request, ['OutpostArn', 'Ipv6Native', 'Ipv4IpamPoolId', 'Ipv6IpamPoolId', 'Ipv4NetmaskLength']);
  const { VpcId = '', CidrBlock, Ipv6CidrBlock = null, AvailabilityZone, AvailabilityZoneId } = request;
  if (CidrBlock === undefined) throw missingParameter('cidrBlock');
  const tags = specifiedTags(request.TagSpecifications, 'subnet');
  const zone = AvailabilityZone ?? AvailabilityZoneId;
  const { cloud, subnet } = await context.change((before) => {
    const input = { vpcId: VpcId, cidr: CidrBlock, ipv6Cidr: Ipv6CidrBlock };
    const made = createSubnet(before, zone === undefined ? input : { ...input, zone });
    return { ...made, cloud: createTags(made.cloud, [made.subnet.id], tags) };
  });
  return { Subnet: subnetItem(cloud, subnet) };
}

async function DeleteSubnet(
  { SubnetId = '' }: Input<'DeleteSubnet'>,
  context: ActionContext,
): Promise<Output<'DeleteSubnet'>> {
  await context.change((before) => ({ cloud: deleteSubnet(before, SubnetId) }));
}

async function ModifySubnetAttribute(
  request: Input<'ModifySubnetAttribute'>,
  context: ActionContext,
): Promise<Output<'ModifySubnetAttribute'>> {
  refuseParameters(request, ['CustomerOwnedIpv4Pool', 'EnableLniAtDeviceIndex']);
  refuseParameters({ MapCustomerOwnedIpOnLaunch: request.MapCustomerOwnedIpOnLaunch?.Value }, [
    'MapCustomerOwnedIpOnLaunch',
  ]);
  const given: Partial<Record<keyof SubnetAttributes, boolean | string | undefined>> = {
    mapPublicIpOnLaunch: request.MapPublicIpOnLaunch?.Value,
    assignIpv6AddressOnCreation: request.AssignIpv6AddressOnCreation?.Value,
    enableDns64: request.EnableDns64?.Value,
    privateDnsHostnameType: hostnameType(request.PrivateDnsHostnameTypeOnLaunch),
    enableResourceNameDnsARecord: request.EnableResourceNameDnsARecordOnLaunch?.Value,
    enableResourceNameDnsAAAARecord: request.EnableResourceNameDnsAAAARecordOnLaunch?.Value,
  };
  const changes = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
  await context.change((before) => modifySubnet(before, request.SubnetId ?? '', changes));
}

function hostnameType(word: string | undefined): SubnetAttributes['privateDnsHostnameType'] | undefined {
  if (word === undefined || word === 'ip-name' || word === 'resource-name') return word;
  throw new Ec2Error(
    'InvalidParameterValue',
    `Value (${printable(word)}) for parameter privateDnsHostnameTypeOnLaunch is invalid. It is ip-name or resource-name.`,
  );
}

const SUBNETS: Description<Subnet, SubnetItem> = {
  structure: 'Subnet',
  idOf: ({ id }) => id,
  itemOf: subnetItem,
  notFound: getSubnet,
  filters: [
    'availability-zone',
    'availabilityZone',
    'availability-zone-id',
    'available-ip-address-count',
    'cidr-block',
    'cidrBlock',
    'default-for-az',
    'defaultForAz',
    'ipv6-cidr-block-association.association-id',
    'ipv6-cidr-block-association.ipv6-cidr-block',
    'map-public-ip-on-launch',
    'owner-id',
    'state',
    'subnet-arn',
    'subnet-id',
    'vpc-id',
  ],
  paths: {
    cidr: 'CidrBlock',
    'ipv6-cidr-block-association.state': 'Ipv6CidrBlockAssociationSet.Ipv6CidrBlockState.State',
  },
};

function DescribeSubnets(
  { SubnetIds: ids, ...request }: Input<'DescribeSubnets'>,
  { cloud }: ActionContext,
): Output<'DescribeSubnets'> {
  const { items, NextToken } = describeItems(cloud, Object.values(cloud.subnets), { ids, ...request }, SUBNETS);
  return { Subnets: items, NextToken };
}
