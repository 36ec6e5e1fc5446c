import type { AttributeBooleanValue } from '@aws-sdk/client-ec2';
import { getVpc, withEntry } from '../../cloud/lookup.js';
import type { VpcAttributes } from '../../cloud/network/types.js';
import type { ActionContext, Input, Output } from '../action.js';
import { Ec2Error } from '../ec2-error.js';
import { unknownAttribute } from '../refusals.js';
import { tagList } from '../views/common.js';

export const vpcAttributeActions = {
  DescribeVpcAttribute,
  ModifyVpcAttribute,
  DescribeVpcClassicLink,
  DescribeVpcClassicLinkDnsSupport,
};

function DescribeVpcAttribute(
  { VpcId = '', Attribute }: Input<'DescribeVpcAttribute'>,
  { cloud }: ActionContext,
): Output<'DescribeVpcAttribute'> {
  const { id, attributes } = getVpc(cloud, VpcId);
  switch (Attribute) {
    case 'enableDnsSupport':
      return { VpcId: id, EnableDnsSupport: { Value: attributes.enableDnsSupport } };
    case 'enableDnsHostnames':
      return { VpcId: id, EnableDnsHostnames: { Value: attributes.enableDnsHostnames } };
    case 'enableNetworkAddressUsageMetrics':
      return { VpcId: id, EnableNetworkAddressUsageMetrics: { Value: attributes.enableNetworkAddressUsageMetrics } };
    default:
      throw unknownAttribute(Attribute);
  }
}

/** AWS changes one attribute at a time. */
async function ModifyVpcAttribute(
  request: Input<'ModifyVpcAttribute'>,
  context: ActionContext,
): Promise<Output<'ModifyVpcAttribute'>> {
  const { VpcId = '', EnableDnsSupport, EnableDnsHostnames, EnableNetworkAddressUsageMetrics } = request;
  const given: [keyof VpcAttributes, AttributeBooleanValue | undefined][] = [
    ['enableDnsSupport', EnableDnsSupport],
    ['enableDnsHostnames', EnableDnsHostnames],
    ['enableNetworkAddressUsageMetrics', EnableNetworkAddressUsageMetrics],
  ];
  const changes = given.flatMap(([name, value]) => (value?.Value === undefined ? [] : [[name, value.Value] as const]));
  if (changes.length !== 1) {
    throw new Ec2Error('InvalidParameterCombination', 'Fields for multiple attribute types specified, or for none');
  }
  await context.change((before) => {
    const vpc = getVpc(before, VpcId);
    const attributes = { ...vpc.attributes, ...Object.fromEntries(changes) };
    return { cloud: { ...before, vpcs: withEntry(before.vpcs, { ...vpc, attributes }) } };
  });
}

/** EC2-Classic is no more: no VPC is linked to it. */
function DescribeVpcClassicLink(
  { VpcIds = [] }: Input<'DescribeVpcClassicLink'>,
  { cloud }: ActionContext,
): Output<'DescribeVpcClassicLink'> {
  const vpcs = VpcIds.length === 0 ? Object.values(cloud.vpcs) : VpcIds.map((id) => getVpc(cloud, id));
  return { Vpcs: vpcs.map(({ id }) => ({ VpcId: id, ClassicLinkEnabled: false, Tags: tagList(cloud, id) })) };
}

function DescribeVpcClassicLinkDnsSupport(
  { VpcIds = [] }: Input<'DescribeVpcClassicLinkDnsSupport'>,
  { cloud }: ActionContext,
): Output<'DescribeVpcClassicLinkDnsSupport'> {
  const vpcs = VpcIds.length === 0 ? Object.values(cloud.vpcs) : VpcIds.map((id) => getVpc(cloud, id));
  return { Vpcs: vpcs.map(({ id }) => ({ VpcId: id, ClassicLinkDnsSupported: false })) };
}
