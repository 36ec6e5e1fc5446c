import type {
  CreateNetworkAclRequest,
  CreateNetworkAclResult,
  DeleteNetworkAclRequest,
  DescribeNetworkAclsRequest,
  DescribeNetworkAclsResult,
  NetworkAclAssociation,
  NetworkAclEntry,
  NetworkAcl as NetworkAclItem,
  ReplaceNetworkAclAssociationRequest,
  ReplaceNetworkAclAssociationResult,
} from '@aws-sdk/client-ec2';
import { getNetworkAcl } from '../../cloud/lookup.js';
import { deleteNetworkAcl } from '../../cloud/network/delete-network.js';
import { associateNetworkAcl, createNetworkAcl, networkAclOf } from '../../cloud/network/network-acl.js';
import { createTags } from '../../cloud/tags.js';
import type { ActionContext } from '../action.js';
import { describeItems } from '../describe.js';
import { noAssociation } from '../no-association.js';
import { specifiedTags } from '../tag-specifications.js';
import { networkAclAssociationId, networkAclItem } from '../views/network-acl.js';

export const networkAclActions = {
  CreateNetworkAcl,
  DeleteNetworkAcl,
  DescribeNetworkAcls,
  ReplaceNetworkAclAssociation,
};

async function CreateNetworkAcl(
  { VpcId = '', TagSpecifications, ClientToken }: CreateNetworkAclRequest,
  context: ActionContext,
): Promise<CreateNetworkAclResult> {
  const tags = specifiedTags(TagSpecifications, 'network-acl');
  const { cloud, networkAcl } = await context.change((before) => {
    const made = createNetworkAcl(before, { vpcId: VpcId });
    return { ...made, cloud: createTags(made.cloud, [made.networkAcl.id], tags) };
  });
  return { NetworkAcl: networkAclItem(cloud, networkAcl), ClientToken };
}

async function DeleteNetworkAcl(
  { NetworkAclId = '' }: DeleteNetworkAclRequest,
  context: ActionContext,
): Promise<object> {
  await context.change((before) => ({ cloud: deleteNetworkAcl(before, NetworkAclId) }));
  return {};
}

/** Every subnet has one list, so that its association is replaced and never taken away. */
async function ReplaceNetworkAclAssociation(
  { AssociationId = '', NetworkAclId = '' }: ReplaceNetworkAclAssociationRequest,
  context: ActionContext,
): Promise<ReplaceNetworkAclAssociationResult> {
  const { subnetId } = await context.change((before) => {
    const subnet = Object.values(before.subnets).find(
      (each) => networkAclAssociationId(each.id, networkAclOf(before, each).id) === AssociationId,
    );
    if (subnet === undefined) throw noAssociation('InvalidAssociationID.NotFound', AssociationId);
    const isDefault = before.vpcs[subnet.vpcId]?.defaultNetworkAclId === NetworkAclId;
    const list = isDefault ? null : getNetworkAcl(before, NetworkAclId).id;
    return { cloud: associateNetworkAcl(before, subnet.id, list), subnetId: subnet.id };
  });
  return { NewAssociationId: networkAclAssociationId(subnetId, NetworkAclId) };
}

const entries =
  (read: (entry: NetworkAclEntry) => string | number | boolean | undefined) =>
  ({ Entries = [] }: NetworkAclItem) =>
    Entries.map((entry) => read(entry)?.toString());
const associations =
  (member: keyof NetworkAclAssociation) =>
  ({ Associations = [] }: NetworkAclItem) =>
    Associations.map((each) => each[member]);

function DescribeNetworkAcls(
  { NetworkAclIds, Filters, ...page }: DescribeNetworkAclsRequest,
  { cloud }: ActionContext,
): DescribeNetworkAclsResult {
  const items = Object.values(cloud.networkAcls).map((list) => networkAclItem(cloud, list));
  const found = describeItems(
    cloud,
    items,
    { ids: NetworkAclIds, filters: Filters, page },
    {
      idOf: ({ NetworkAclId = '' }) => NetworkAclId,
      notFound: (id) => getNetworkAcl(cloud, id),
      filters: {
        'association.association-id': associations('NetworkAclAssociationId'),
        'association.network-acl-id': associations('NetworkAclId'),
        'association.subnet-id': associations('SubnetId'),
        default: ({ IsDefault }) => [String(IsDefault)],
        'entry.cidr': entries(({ CidrBlock }) => CidrBlock),
        'entry.icmp.code': entries(({ IcmpTypeCode }) => IcmpTypeCode?.Code),
        'entry.icmp.type': entries(({ IcmpTypeCode }) => IcmpTypeCode?.Type),
        'entry.ipv6-cidr': entries(({ Ipv6CidrBlock }) => Ipv6CidrBlock),
        'entry.port-range.from': entries(({ PortRange }) => PortRange?.From),
        'entry.port-range.to': entries(({ PortRange }) => PortRange?.To),
        'entry.protocol': entries(({ Protocol }) => Protocol),
        'entry.rule-action': entries(({ RuleAction }) => RuleAction),
        'entry.egress': entries(({ Egress }) => Egress),
        'entry.rule-number': entries(({ RuleNumber }) => RuleNumber),
        'network-acl-id': ({ NetworkAclId }) => [NetworkAclId],
        'owner-id': ({ OwnerId }) => [OwnerId],
        'vpc-id': ({ VpcId }) => [VpcId],
      },
    },
  );
  return { NetworkAcls: found.items, NextToken: found.NextToken };
}
