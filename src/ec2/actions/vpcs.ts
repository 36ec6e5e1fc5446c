import type { DhcpOptions, Vpc as VpcItem } from '@aws-sdk/client-ec2';
import { getVpc } from '../../cloud/lookup.js';
import { createDefaultVpc } from '../../cloud/network/default-vpc.js';
import { deleteVpc } from '../../cloud/network/delete-network.js';
import type { Vpc } from '../../cloud/network/types.js';
import { createVpc } from '../../cloud/network/vpc.js';
import { nextIpv6Block } from '../../cloud/network/vpc-cidr.js';
import { createTags } from '../../cloud/tags.js';
import { printable } from '../../cloud/text/quote.js';
import type { ActionContext, Input, Output } from '../action.js';
import { type Description, describeItems } from '../describe.js';
import { Ec2Error } from '../ec2-error.js';
import { missingParameter, refuseParameters, unsupported } from '../refusals.js';
import { specifiedTags } from '../requests/tags.js';
import { dhcpOptionsItem, vpcItem } from '../views/vpc.js';

export const vpcActions = { CreateVpc, CreateDefaultVpc, DeleteVpc, DescribeVpcs, DescribeDhcpOptions };

async function CreateVpc(request: Input<'CreateVpc'>, context: ActionContext): Promise<Output<'CreateVpc'>> {
  const { CidrBlock, Ipv6CidrBlock, AmazonProvidedIpv6CidrBlock, InstanceTenancy = 'default' } = request;
  refuseParameters(request, ['Ipv4IpamPoolId', 'Ipv6IpamPoolId', 'Ipv4NetmaskLength', 'Ipv6NetmaskLength', 'Ipv6Pool']);
  if (InstanceTenancy !== 'default')
    throw unsupported(`the tenancy ${printable(InstanceTenancy)}: there is no hardware`);
  if (CidrBlock === undefined) throw missingParameter('cidrBlock');
  const tags = specifiedTags(request.TagSpecifications, 'vpc');
  const { cloud, vpc } = await context.change((before) => {
    const provided = AmazonProvidedIpv6CidrBlock === true ? nextIpv6Block(before) : null;
    const made = createVpc(before, { cidrs: [CidrBlock], ipv6Cidr: Ipv6CidrBlock ?? provided });
    return { ...made, cloud: createTags(made.cloud, [made.vpc.id], tags) };
  });
  return { Vpc: vpcItem(cloud, vpc) };
}

async function CreateDefaultVpc(
  _request: Input<'CreateDefaultVpc'>,
  context: ActionContext,
): Promise<Output<'CreateDefaultVpc'>> {
  const { cloud, vpc } = await context.change(createDefaultVpc);
  return { Vpc: vpcItem(cloud, vpc) };
}

async function DeleteVpc({ VpcId = '' }: Input<'DeleteVpc'>, context: ActionContext): Promise<Output<'DeleteVpc'>> {
  await context.change((before) => ({ cloud: deleteVpc(before, VpcId) }));
}

const VPCS: Description<Vpc, VpcItem> = {
  structure: 'Vpc',
  idOf: ({ id }) => id,
  itemOf: vpcItem,
  notFound: getVpc,
  filters: [
    'cidr-block-association.association-id',
    'cidr-block-association.cidr-block',
    'dhcp-options-id',
    'ipv6-cidr-block-association.association-id',
    'ipv6-cidr-block-association.ipv6-cidr-block',
    'is-default',
    'isDefault',
    'owner-id',
    'state',
    'vpc-id',
  ],
  paths: {
    cidr: 'CidrBlock',
    'cidr-block-association.state': 'CidrBlockAssociationSet.CidrBlockState.State',
    'ipv6-cidr-block-association.state': 'Ipv6CidrBlockAssociationSet.Ipv6CidrBlockState.State',
  },
};

function DescribeVpcs(
  { VpcIds: ids, ...request }: Input<'DescribeVpcs'>,
  { cloud }: ActionContext,
): Output<'DescribeVpcs'> {
  const { items, NextToken } = describeItems(cloud, Object.values(cloud.vpcs), { ids, ...request }, VPCS);
  return { Vpcs: items, NextToken };
}

const DHCP_OPTIONS: Description<DhcpOptions, DhcpOptions> = {
  structure: 'DhcpOptions',
  idOf: ({ DhcpOptionsId = '' }) => DhcpOptionsId,
  itemOf: (_cloud, options) => options,
  notFound: (_cloud, id) => {
    const text = `The dhcpOption ID '${printable(id)}' does not exist`;
    throw new Ec2Error('InvalidDhcpOptionID.NotFound', text);
  },
  filters: ['dhcp-options-id', 'owner-id'],
  paths: { key: 'DhcpConfigurations.Key', value: 'DhcpConfigurations.Values.Value' },
};

function DescribeDhcpOptions(
  { DhcpOptionsIds: ids, ...request }: Input<'DescribeDhcpOptions'>,
  { cloud }: ActionContext,
): Output<'DescribeDhcpOptions'> {
  const { items, NextToken } = describeItems(cloud, [dhcpOptionsItem(cloud)], { ids, ...request }, DHCP_OPTIONS);
  return { DhcpOptions: items, NextToken };
}
