import type {
  AssociateRouteTableRequest,
  AssociateRouteTableResult,
  CreateRouteTableRequest,
  CreateRouteTableResult,
  DeleteRouteTableRequest,
  DescribeRouteTablesRequest,
  DescribeRouteTablesResult,
  DisassociateRouteTableRequest,
  ReplaceRouteTableAssociationRequest,
  ReplaceRouteTableAssociationResult,
  Route,
  RouteTableAssociation,
  RouteTable as RouteTableItem,
} from '@aws-sdk/client-ec2';
import { getRouteTable } from '../../cloud/lookup.js';
import { deleteRouteTable } from '../../cloud/network/delete-network.js';
import { associateRouteTable, createRouteTable, replaceMainRouteTable } from '../../cloud/network/route-table.js';
import type { RouteTable } from '../../cloud/network/types.js';
import { createTags } from '../../cloud/tags.js';
import type { Cloud } from '../../cloud/types.js';
import type { ActionContext } from '../action.js';
import { describeItems } from '../describe.js';
import { Ec2Error } from '../ec2-error.js';
import { noAssociation } from '../no-association.js';
import { specifiedTags } from '../tag-specifications.js';
import { refuseParameters } from '../unsupported.js';
import { associationsOf, routeTableItem } from '../views/route-table.js';

export const routeTableActions = {
  CreateRouteTable,
  DeleteRouteTable,
  DescribeRouteTables,
  AssociateRouteTable,
  DisassociateRouteTable,
  ReplaceRouteTableAssociation,
};

async function CreateRouteTable(
  { VpcId = '', TagSpecifications, ClientToken }: CreateRouteTableRequest,
  context: ActionContext,
): Promise<CreateRouteTableResult> {
  const tags = specifiedTags(TagSpecifications, 'route-table');
  const { cloud, routeTable } = await context.change((before) => {
    const made = createRouteTable(before, { vpcId: VpcId });
    return { ...made, cloud: createTags(made.cloud, [made.routeTable.id], tags) };
  });
  return { RouteTable: routeTableItem(cloud, routeTable), ClientToken };
}

async function DeleteRouteTable(
  { RouteTableId = '' }: DeleteRouteTableRequest,
  context: ActionContext,
): Promise<object> {
  await context.change((before) => ({ cloud: deleteRouteTable(before, RouteTableId) }));
  return {};
}

async function AssociateRouteTable(
  { RouteTableId = '', SubnetId, ...request }: AssociateRouteTableRequest,
  context: ActionContext,
): Promise<AssociateRouteTableResult> {
  refuseParameters(request, ['GatewayId', 'PublicIpv4Pool']);
  if (SubnetId === undefined) {
    throw new Ec2Error('MissingParameter', 'The request must contain the parameter subnetId');
  }
  const { cloud } = await context.change((before) => {
    const associated = before.subnets[SubnetId]?.routeTableId ?? null;
    if (associated !== null && associated !== RouteTableId) {
      const text = `the specified association for route table ${RouteTableId} conflicts with an existing association`;
      throw new Ec2Error('Resource.AlreadyAssociated', text);
    }
    return associateRouteTable(before, SubnetId, getRouteTable(before, RouteTableId).id);
  });
  return associated(cloud, RouteTableId, (each) => each.SubnetId === SubnetId);
}

async function DisassociateRouteTable(
  { AssociationId = '' }: DisassociateRouteTableRequest,
  context: ActionContext,
): Promise<object> {
  await context.change((before) => {
    const { SubnetId } = associationOf(before, AssociationId).association;
    if (SubnetId !== undefined) return associateRouteTable(before, SubnetId, null);
    const text = `cannot disassociate the main route table association ${AssociationId}`;
    throw new Ec2Error('InvalidParameterValue', text);
  });
  return {};
}

async function ReplaceRouteTableAssociation(
  { AssociationId = '', RouteTableId = '' }: ReplaceRouteTableAssociationRequest,
  context: ActionContext,
): Promise<ReplaceRouteTableAssociationResult> {
  const { cloud, SubnetId } = await context.change((before) => {
    const { table, association } = associationOf(before, AssociationId);
    const wanted = getRouteTable(before, RouteTableId).id;
    const subnetId = association.SubnetId;
    return subnetId === undefined
      ? { cloud: replaceMainRouteTable(before, table.vpcId, wanted), SubnetId: undefined }
      : { ...associateRouteTable(before, subnetId, wanted), SubnetId: subnetId };
  });
  const { AssociationId: NewAssociationId, AssociationState } = associated(
    cloud,
    RouteTableId,
    (each) => each.SubnetId === SubnetId,
  );
  return { NewAssociationId, AssociationState };
}

function associated(
  cloud: Cloud,
  routeTableId: string,
  isIt: (association: RouteTableAssociation) => boolean,
): AssociateRouteTableResult {
  const found = associationsOf(cloud, getRouteTable(cloud, routeTableId)).find(isIt);
  return { AssociationId: found?.RouteTableAssociationId, AssociationState: found?.AssociationState };
}

function associationOf(cloud: Cloud, id: string): { table: RouteTable; association: RouteTableAssociation } {
  for (const table of Object.values(cloud.routeTables)) {
    const association = associationsOf(cloud, table).find((each) => each.RouteTableAssociationId === id);
    if (association !== undefined) return { table, association };
  }
  throw noAssociation('InvalidAssociationID.NotFound', id);
}

const routes =
  (member: keyof Route) =>
  ({ Routes = [] }: RouteTableItem) =>
    Routes.map((route) => route[member]);
const associations =
  (read: (association: RouteTableAssociation) => string | undefined) =>
  ({ Associations = [] }: RouteTableItem) =>
    Associations.map(read);

function DescribeRouteTables(
  { RouteTableIds, Filters, ...page }: DescribeRouteTablesRequest,
  { cloud }: ActionContext,
): DescribeRouteTablesResult {
  const items = Object.values(cloud.routeTables).map((table) => routeTableItem(cloud, table));
  const found = describeItems(
    cloud,
    items,
    { ids: RouteTableIds, filters: Filters, page },
    {
      idOf: ({ RouteTableId = '' }) => RouteTableId,
      notFound: (id) => getRouteTable(cloud, id),
      filters: {
        'association.gateway-id': associations(({ GatewayId }) => GatewayId),
        'association.main': associations(({ Main }) => String(Main)),
        'association.route-table-association-id': associations((each) => each.RouteTableAssociationId),
        'association.route-table-id': associations(({ RouteTableId }) => RouteTableId),
        'association.subnet-id': associations(({ SubnetId }) => SubnetId),
        'owner-id': ({ OwnerId }) => [OwnerId],
        'route-table-id': ({ RouteTableId }) => [RouteTableId],
        'route.destination-cidr-block': routes('DestinationCidrBlock'),
        'route.destination-ipv6-cidr-block': routes('DestinationIpv6CidrBlock'),
        'route.destination-prefix-list-id': routes('DestinationPrefixListId'),
        'route.egress-only-internet-gateway-id': routes('EgressOnlyInternetGatewayId'),
        'route.gateway-id': routes('GatewayId'),
        'route.instance-id': routes('InstanceId'),
        'route.nat-gateway-id': routes('NatGatewayId'),
        'route.network-interface-id': routes('NetworkInterfaceId'),
        'route.origin': routes('Origin'),
        'route.state': routes('State'),
        'route.transit-gateway-id': routes('TransitGatewayId'),
        'route.vpc-peering-connection-id': routes('VpcPeeringConnectionId'),
        'vpc-id': ({ VpcId }) => [VpcId],
      },
      limits: { min: 5, max: 100 },
    },
  );
  return { RouteTables: found.items, NextToken: found.NextToken };
}
