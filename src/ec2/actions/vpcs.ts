import type {
  CreateDefaultVpcResult,
  CreateVpcRequest,
  CreateVpcResult,
  DeleteVpcRequest,
  DescribeDhcpOptionsRequest,
  DescribeDhcpOptionsResult,
  DescribeVpcsRequest,
  DescribeVpcsResult,
  DhcpOptions,
  Vpc as VpcItem,
} from '@aws-sdk/client-ec2';
import { getVpc } from '../../cloud/lookup.js';
import { createDefaultVpc } from '../../cloud/network/default-vpc.js';
import { deleteVpc } from '../../cloud/network/delete-network.js';
import { createVpc } from '../../cloud/network/vpc.js';
import { nextIpv6Block } from '../../cloud/network/vpc-cidr.js';
import { createTags } from '../../cloud/tags.js';
import { printable } from '../../cloud/text/quote.js';
import type { ActionContext } from '../action.js';
import { describeItems } from '../describe.js';
import { Ec2Error } from '../ec2-error.js';
import { specifiedTags } from '../tag-specifications.js';
import { refuseParameters, unsupported } from '../unsupported.js';
import { dhcpOptionsItem, vpcItem } from '../views/vpc.js';

export const vpcActions = { CreateVpc, CreateDefaultVpc, DeleteVpc, DescribeVpcs, DescribeDhcpOptions };

async function CreateVpc(request: CreateVpcRequest, context: ActionContext): Promise<CreateVpcResult> {
  const { CidrBlock, Ipv6CidrBlock, AmazonProvidedIpv6CidrBlock, InstanceTenancy = 'default' } = request;
  refuseParameters(request, ['Ipv4IpamPoolId', 'Ipv6IpamPoolId', 'Ipv4NetmaskLength', 'Ipv6NetmaskLength', 'Ipv6Pool']);
  if (InstanceTenancy !== 'default')
    throw unsupported(`the tenancy ${printable(InstanceTenancy)}: there is no hardware`);
  if (CidrBlock === undefined) {
    throw new Ec2Error('MissingParameter', 'The request must contain the parameter cidrBlock');
  }
  const tags = specifiedTags(request.TagSpecifications, 'vpc');
  const { cloud, vpc } = await context.change((before) => {
    const provided = AmazonProvidedIpv6CidrBlock === true ? nextIpv6Block(before) : null;
    const made = createVpc(before, { cidrs: [CidrBlock], ipv6Cidr: Ipv6CidrBlock ?? provided });
    return { ...made, cloud: createTags(made.cloud, [made.vpc.id], tags) };
  });
  return { Vpc: vpcItem(cloud, vpc) };
}

async function CreateDefaultVpc(_request: object, context: ActionContext): Promise<CreateDefaultVpcResult> {
  const { cloud, vpc } = await context.change(createDefaultVpc);
  return { Vpc: vpcItem(cloud, vpc) };
}

async function DeleteVpc({ VpcId = '' }: DeleteVpcRequest, context: ActionContext): Promise<object> {
  await context.change((before) => ({ cloud: deleteVpc(before, VpcId) }));
  return {};
}

const ipv6Blocks = ({ Ipv6CidrBlockAssociationSet = [] }: VpcItem) => Ipv6CidrBlockAssociationSet;
const blocks = ({ CidrBlockAssociationSet = [] }: VpcItem) => CidrBlockAssociationSet;

function DescribeVpcs({ VpcIds, Filters, ...page }: DescribeVpcsRequest, { cloud }: ActionContext): DescribeVpcsResult {
  const items = Object.values(cloud.vpcs).map((vpc) => vpcItem(cloud, vpc));
  const found = describeItems(
    cloud,
    items,
    { ids: VpcIds, filters: Filters, page },
    {
      idOf: ({ VpcId = '' }) => VpcId,
      notFound: (id) => getVpc(cloud, id),
      filters: {
        cidr: ({ CidrBlock }) => [CidrBlock],
        'cidr-block-association.cidr-block': (vpc) => blocks(vpc).map(({ CidrBlock }) => CidrBlock),
        'cidr-block-association.association-id': (vpc) => blocks(vpc).map(({ AssociationId }) => AssociationId),
        'cidr-block-association.state': (vpc) => blocks(vpc).map(({ CidrBlockState }) => CidrBlockState?.State),
        'ipv6-cidr-block-association.ipv6-cidr-block': (vpc) =>
          ipv6Blocks(vpc).map(({ Ipv6CidrBlock }) => Ipv6CidrBlock),
        'ipv6-cidr-block-association.association-id': (vpc) =>
          ipv6Blocks(vpc).map(({ AssociationId }) => AssociationId),
        'ipv6-cidr-block-association.state': (vpc) =>
          ipv6Blocks(vpc).map(({ Ipv6CidrBlockState }) => Ipv6CidrBlockState?.State),
        'dhcp-options-id': ({ DhcpOptionsId }) => [DhcpOptionsId],
        'is-default': ({ IsDefault }) => [String(IsDefault)],
        isDefault: ({ IsDefault }) => [String(IsDefault)],
        'owner-id': ({ OwnerId }) => [OwnerId],
        state: ({ State }) => [State],
        'vpc-id': ({ VpcId }) => [VpcId],
      },
    },
  );
  return { Vpcs: found.items, NextToken: found.NextToken };
}

function DescribeDhcpOptions(
  { DhcpOptionsIds, Filters, ...page }: DescribeDhcpOptionsRequest,
  { cloud }: ActionContext,
): DescribeDhcpOptionsResult {
  const configurations = ({ DhcpConfigurations = [] }: DhcpOptions) => DhcpConfigurations;
  const found = describeItems(
    cloud,
    [dhcpOptionsItem(cloud)],
    { ids: DhcpOptionsIds, filters: Filters, page },
    {
      idOf: ({ DhcpOptionsId = '' }) => DhcpOptionsId,
      notFound: (id) => {
        const text = `The dhcpOption ID '${printable(id)}' does not exist`;
        throw new Ec2Error('InvalidDhcpOptionID.NotFound', text);
      },
      filters: {
        'dhcp-options-id': ({ DhcpOptionsId }) => [DhcpOptionsId],
        key: (options) => configurations(options).map(({ Key }) => Key),
        value: (options) => configurations(options).flatMap(({ Values = [] }) => Values.map(({ Value }) => Value)),
        'owner-id': ({ OwnerId }) => [OwnerId],
      },
    },
  );
  return { DhcpOptions: found.items, NextToken: found.NextToken };
}
