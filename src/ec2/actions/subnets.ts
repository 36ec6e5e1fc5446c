import type {
  CreateSubnetRequest,
  CreateSubnetResult,
  DeleteSubnetRequest,
  DescribeSubnetsRequest,
  DescribeSubnetsResult,
  ModifySubnetAttributeRequest,
  Subnet as SubnetItem,
} from '@aws-sdk/client-ec2';
import { getSubnet } from '../../cloud/lookup.js';
import { deleteSubnet } from '../../cloud/network/delete-network.js';
import { createSubnet, modifySubnet } from '../../cloud/network/subnet.js';
import type { SubnetAttributes } from '../../cloud/network/types.js';
import { createTags } from '../../cloud/tags.js';
import { printable } from '../../cloud/text/quote.js';
import type { ActionContext } from '../action.js';
import { describeItems } from '../describe.js';
import { Ec2Error } from '../ec2-error.js';
import { specifiedTags } from '../tag-specifications.js';
import { refuseParameters } from '../unsupported.js';
import { subnetItem } from '../views/subnet.js';

export const subnetActions = { CreateSubnet, DeleteSubnet, DescribeSubnets, ModifySubnetAttribute };

async function CreateSubnet(request: CreateSubnetRequest, context: ActionContext): Promise<CreateSubnetResult> {
  refuseParameters(request, ['OutpostArn', 'Ipv6Native', 'Ipv4IpamPoolId', 'Ipv6IpamPoolId', 'Ipv4NetmaskLength']);
  const { VpcId = '', CidrBlock, Ipv6CidrBlock = null, AvailabilityZone, AvailabilityZoneId } = request;
  if (CidrBlock === undefined) {
    throw new Ec2Error('MissingParameter', 'The request must contain the parameter cidrBlock');
  }
  const tags = specifiedTags(request.TagSpecifications, 'subnet');
  const zone = AvailabilityZone ?? AvailabilityZoneId;
  const { cloud, subnet } = await context.change((before) => {
    const input = { vpcId: VpcId, cidr: CidrBlock, ipv6Cidr: Ipv6CidrBlock };
    const made = createSubnet(before, zone === undefined ? input : { ...input, zone });
    return { ...made, cloud: createTags(made.cloud, [made.subnet.id], tags) };
  });
  return { Subnet: subnetItem(cloud, subnet) };
}

async function DeleteSubnet({ SubnetId = '' }: DeleteSubnetRequest, context: ActionContext): Promise<object> {
  await context.change((before) => ({ cloud: deleteSubnet(before, SubnetId) }));
  return {};
}

async function ModifySubnetAttribute(request: ModifySubnetAttributeRequest, context: ActionContext): Promise<object> {
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
  return {};
}

function hostnameType(word: string | undefined): SubnetAttributes['privateDnsHostnameType'] | undefined {
  if (word === undefined || word === 'ip-name' || word === 'resource-name') return word;
  throw new Ec2Error(
    'InvalidParameterValue',
    `Value (${printable(word)}) for parameter privateDnsHostnameTypeOnLaunch is invalid. It is ip-name or resource-name.`,
  );
}

const ipv6Blocks = ({ Ipv6CidrBlockAssociationSet = [] }: SubnetItem) => Ipv6CidrBlockAssociationSet;
const zoneOf = ({ AvailabilityZone }: SubnetItem) => [AvailabilityZone];
const cidrOf = ({ CidrBlock }: SubnetItem) => [CidrBlock];
const defaultForAz = ({ DefaultForAz }: SubnetItem) => [String(DefaultForAz)];

function DescribeSubnets(
  { SubnetIds, Filters, ...page }: DescribeSubnetsRequest,
  { cloud }: ActionContext,
): DescribeSubnetsResult {
  const items = Object.values(cloud.subnets).map((subnet) => subnetItem(cloud, subnet));
  const found = describeItems(
    cloud,
    items,
    { ids: SubnetIds, filters: Filters, page },
    {
      idOf: ({ SubnetId = '' }) => SubnetId,
      notFound: (id) => getSubnet(cloud, id),
      filters: {
        'availability-zone': zoneOf,
        availabilityZone: zoneOf,
        'availability-zone-id': ({ AvailabilityZoneId }) => [AvailabilityZoneId],
        'available-ip-address-count': ({ AvailableIpAddressCount }) => [String(AvailableIpAddressCount)],
        'cidr-block': cidrOf,
        cidr: cidrOf,
        cidrBlock: cidrOf,
        'default-for-az': defaultForAz,
        defaultForAz,
        'ipv6-cidr-block-association.ipv6-cidr-block': (subnet) => ipv6Blocks(subnet).map((each) => each.Ipv6CidrBlock),
        'ipv6-cidr-block-association.association-id': (subnet) => ipv6Blocks(subnet).map((each) => each.AssociationId),
        'ipv6-cidr-block-association.state': (subnet) =>
          ipv6Blocks(subnet).map((each) => each.Ipv6CidrBlockState?.State),
        'map-public-ip-on-launch': ({ MapPublicIpOnLaunch }) => [String(MapPublicIpOnLaunch)],
        'owner-id': ({ OwnerId }) => [OwnerId],
        state: ({ State }) => [State],
        'subnet-arn': ({ SubnetArn }) => [SubnetArn],
        'subnet-id': ({ SubnetId }) => [SubnetId],
        'vpc-id': ({ VpcId }) => [VpcId],
      },
    },
  );
  return { Subnets: found.items, NextToken: found.NextToken };
}
