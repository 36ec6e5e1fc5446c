import type { NetworkAcl as NetworkAclItem } from '@aws-sdk/client-ec2';
import type { Direction } from '../../cloud/groups/types.js';
import { getNetworkAcl } from '../../cloud/lookup.js';
import { deleteNetworkAcl } from '../../cloud/network/delete-network.js';
import {
  associateNetworkAcl,
  changeNetworkAcl,
  createNetworkAcl,
  type EntryInput,
  networkAclOf,
} from '../../cloud/network/network-acl.js';
import type { NetworkAcl } from '../../cloud/network/types.js';
import { isIcmp, normaliseProtocol } from '../../cloud/protocol.js';
import { createTags } from '../../cloud/tags.js';
import { printable } from '../../cloud/text/quote.js';
import type { ActionContext, Input, Output } from '../action.js';
import { type Description, describeItems } from '../describe.js';
import { Ec2Error } from '../ec2-error.js';
import { noAssociation } from '../refusals.js';
import { specifiedTags } from '../requests/tags.js';
import { networkAclAssociationId, networkAclItem } from '../views/network-acl.js';

export const networkAclActions = {
  CreateNetworkAcl,
  DeleteNetworkAcl,
  DescribeNetworkAcls,
  ReplaceNetworkAclAssociation,
  CreateNetworkAclEntry,
  ReplaceNetworkAclEntry,
  DeleteNetworkAclEntry,
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

/** Every subnet has one network ACL, so that its association is replaced and never taken away. */
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

async function CreateNetworkAclEntry(
  request: Input<'CreateNetworkAclEntry'>,
  context: ActionContext,
): Promise<Output<'CreateNetworkAclEntry'>> {
  const entry = entryOf(request);
  await context.change((before) => {
    const list = getNetworkAcl(before, request.NetworkAclId ?? '');
    if (list.entries.some(({ number, direction }) => number === entry.number && direction === entry.direction)) {
      const text = `The network acl entry identified by ${entry.number} already exists.`;
      throw new Ec2Error('NetworkAclEntryAlreadyExists', text);
    }
    return { cloud: changeNetworkAcl(before, list.id, { set: [entry] }) };
  });
}

async function ReplaceNetworkAclEntry(
  request: Input<'ReplaceNetworkAclEntry'>,
  context: ActionContext,
): Promise<Output<'ReplaceNetworkAclEntry'>> {
  const entry = entryOf(request);
  // The entry must be there: taking it away first says so when it is not.
  const change = { remove: [entry], set: [entry] };
  await context.change((before) => ({ cloud: changeNetworkAcl(before, request.NetworkAclId ?? '', change) }));
}

async function DeleteNetworkAclEntry(
  { NetworkAclId = '', RuleNumber = 0, Egress }: Input<'DeleteNetworkAclEntry'>,
  context: ActionContext,
): Promise<Output<'DeleteNetworkAclEntry'>> {
  const remove = [{ direction: directionOf(Egress), number: RuleNumber }];
  await context.change((before) => ({ cloud: changeNetworkAcl(before, NetworkAclId, { remove }) }));
}

function entryOf(request: Input<'CreateNetworkAclEntry'>): EntryInput {
  const { RuleNumber = 0, Egress, RuleAction = '', Protocol = '', CidrBlock, Ipv6CidrBlock } = request;
  if (RuleAction !== 'allow' && RuleAction !== 'deny') {
    const text = `Value (${printable(RuleAction)}) for parameter ruleAction is invalid. It is allow or deny.`;
    throw new Ec2Error('InvalidParameterValue', text);
  }
  const cidr = CidrBlock ?? Ipv6CidrBlock;
  if (cidr === undefined || (CidrBlock !== undefined && Ipv6CidrBlock !== undefined)) {
    const code = cidr === undefined ? 'MissingParameter' : 'InvalidParameterCombination';
    throw new Ec2Error(code, 'The request must contain exactly one of: cidrBlock, ipv6CidrBlock');
  }
  const protocol = normaliseProtocol(Protocol);
  const { IcmpTypeCode: icmp, PortRange: ports } = request;
  const [first, last] = isIcmp(protocol) ? [icmp?.Type, icmp?.Code] : [ports?.From, ports?.To];
  return {
    number: RuleNumber,
    direction: directionOf(Egress),
    action: RuleAction,
    protocol,
    fromPort: first ?? null,
    toPort: last ?? null,
    cidr,
  };
}

function directionOf(egress: boolean | undefined): Direction {
  return egress === true ? 'egress' : 'ingress';
}
