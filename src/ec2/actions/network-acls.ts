import type { NetworkAcl as NetworkAclItem } from '@aws-sdk/client-ec2';
import { getNetworkAcl } from '../../cloud/lookup.js';
import { deleteNetworkAcl } from '../../cloud/network/delete-network.js';
import { associateNetworkAcl, createNetworkAcl, networkAclOf } from '../../cloud/network/network-acl.js';
import type { NetworkAcl } from '../../cloud/network/types.js';
import { createTags } from '../../cloud/tags.js';
import type { ActionContext, Input, Output } from '../action.js';
import { type Description, describeItems } from '../describe.js';
import { noAssociation } from '../refusals.js';
import { specifiedTags } from '../tag-specifications.js';
import { networkAclAssociationId, networkAclItem } from '../views/network-acl.js';

export const networkAclActions = {
  CreateNetworkAcl,
  DeleteNetworkAcl,
  DescribeNetworkAcls,
  ReplaceNetworkAclAssociation,
};

async function CreateNetworkAcl(
  { VpcId = '', TagSpecifications, ClientToken }: Input<'CreateNetworkAcl'>,
  context: ActionContext,
): Promise<Output<'CreateNetworkAcl'>> {
  const tags = specifiedTags(TagSpecifications, 'network-acl');
  const { cloud, networkAcl } = await context.change((before) => {
    const made = createNetworkAcl(before, { vpcId: VpcId });
    return { ...made, cloud: createTags(made.cloud, [made.networkAcl.id], tags) };
  });
  return { NetworkAcl: networkAclItem(cloud, networkAcl), ClientToken };
}

async function DeleteNetworkAcl(
  { NetworkAclId = '' }: Input<'DeleteNetworkAcl'>,
  context: ActionContext,
): Promise<Output<'DeleteNetworkAcl'>> {
  await context.change((before) => ({ cloud: deleteNetworkAcl(before, NetworkAclId) }));
}

/** Every subnet has one list, so that its association is replaced and never taken away. */
async function ReplaceNetworkAclAssociation(
  { AssociationId = '', NetworkAclId = '' }: Input<'ReplaceNetworkAclAssociation'>,
  context: ActionContext,
): Promise<Output<'ReplaceNetworkAclAssociation'>> {
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

const NETWORK_ACLS: Description<NetworkAcl, NetworkAclItem> = {
  structure: 'NetworkAcl',
  idOf: ({ id }) => id,
  itemOf: networkAclItem,
  notFound: getNetworkAcl,
  filters: [
    'association.network-acl-id',
    'association.subnet-id',
    'default',
    'entry.egress',
    'entry.port-range.from',
    'entry.port-range.to',
    'entry.protocol',
    'entry.rule-action',
    'entry.rule-number',
    'network-acl-id',
    'owner-id',
    'vpc-id',
  ],
  paths: {
    'association.association-id': 'Associations.NetworkAclAssociationId',
    'entry.cidr': 'Entries.CidrBlock',
    'entry.icmp.code': 'Entries.IcmpTypeCode.Code',
    'entry.icmp.type': 'Entries.IcmpTypeCode.Type',
    'entry.ipv6-cidr': 'Entries.Ipv6CidrBlock',
  },
};

function DescribeNetworkAcls(
  { NetworkAclIds: ids, ...request }: Input<'DescribeNetworkAcls'>,
  { cloud }: ActionContext,
): Output<'DescribeNetworkAcls'> {
  const { items, NextToken } = describeItems(
    cloud,
    Object.values(cloud.networkAcls),
    { ids, ...request },
    NETWORK_ACLS,
  );
  return { NetworkAcls: items, NextToken };
}
