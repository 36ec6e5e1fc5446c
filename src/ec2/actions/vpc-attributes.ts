import type {
  AttributeBooleanValue,
  DescribeVpcAttributeRequest,
  DescribeVpcAttributeResult,
  DescribeVpcClassicLinkDnsSupportRequest,
  DescribeVpcClassicLinkDnsSupportResult,
  DescribeVpcClassicLinkRequest,
  DescribeVpcClassicLinkResult,
  ModifyVpcAttributeRequest,
} from '@aws-sdk/client-ec2';
import { withEntry } from '../../cloud/by-id.js';
import { getVpc } from '../../cloud/lookup.js';
import type { VpcAttributes } from '../../cloud/network/types.js';
import { printable } from '../../cloud/text/quote.js';
import type { ActionContext } from '../action.js';
import { Ec2Error } from '../ec2-error.js';
import { tagList } from '../tag-specifications.js';

export const vpcAttributeActions = {
  DescribeVpcAttribute,
  ModifyVpcAttribute,
  DescribeVpcClassicLink,
  DescribeVpcClassicLinkDnsSupport,
};

function DescribeVpcAttribute(
  { VpcId = '', Attribute }: DescribeVpcAttributeRequest,
  { cloud }: ActionContext,
): DescribeVpcAttributeResult {
  const { id, attributes } = getVpc(cloud, VpcId);
  switch (Attribute) {
    case 'enableDnsSupport':
      return { VpcId: id, EnableDnsSupport: { Value: attributes.enableDnsSupport } };
    case 'enableDnsHostnames':
      return { VpcId: id, EnableDnsHostnames: { Value: attributes.enableDnsHostnames } };
    case 'enableNetworkAddressUsageMetrics':
      return { VpcId: id, EnableNetworkAddressUsageMetrics: { Value: attributes.enableNetworkAddressUsageMetrics } };
    default:
      throw new Ec2Error(
        'InvalidParameterValue',
        `Value (${printable(Attribute ?? '')}) for parameter attribute is invalid. Unknown attribute.`,
      );
  }
}

/** One attribute at a time, as in AWS. */
async function ModifyVpcAttribute(request: ModifyVpcAttributeRequest, context: ActionContext): Promise<object> {
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
  return {};
}

/** EC2-Classic is no more: no VPC is linked to it. */
function DescribeVpcClassicLink(
  { VpcIds = [] }: DescribeVpcClassicLinkRequest,
  { cloud }: ActionContext,
): DescribeVpcClassicLinkResult {
  const vpcs = VpcIds.length === 0 ? Object.values(cloud.vpcs) : VpcIds.map((id) => getVpc(cloud, id));
  return { Vpcs: vpcs.map(({ id }) => ({ VpcId: id, ClassicLinkEnabled: false, Tags: tagList(cloud, id) })) };
}

function DescribeVpcClassicLinkDnsSupport(
  { VpcIds = [] }: DescribeVpcClassicLinkDnsSupportRequest,
  { cloud }: ActionContext,
): DescribeVpcClassicLinkDnsSupportResult {
  const vpcs = VpcIds.length === 0 ? Object.values(cloud.vpcs) : VpcIds.map((id) => getVpc(cloud, id));
  return { Vpcs: vpcs.map(({ id }) => ({ VpcId: id, ClassicLinkDnsSupported: false })) };
}
