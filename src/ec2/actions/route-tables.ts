import type { RouteTableAssociation, RouteTable as RouteTableItem } from '@aws-sdk/client-ec2';
import { getRouteTable } from '../../cloud/lookup.js';
import { deleteRouteTable } from '../../cloud/network/delete-network.js';
import { associateRouteTable, createRouteTable, replaceMainRouteTable } from '../../cloud/network/route-table.js';
import type { RouteTable } from '../../cloud/network/types.js';
import { createTags } from '../../cloud/tags.js';
import type { Cloud } from '../../cloud/types.js';
import type { ActionContext, Input, Output } from '../action.js';
import { type Description, describeItems } from '../describe.js';
import { Ec2Error } from '../ec2-error.js';
import { missingParameter, noAssociation, refuseParameters } from '../refusals.js';
import { specifiedTags } from '../requests/tags.js';
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
  { VpcId = '', TagSpecifications, ClientToken }: Input<'CreateRouteTable'>,
  context: ActionContext,
): Promise<Output<'CreateRouteTable'>> {
  const tags = specifiedTags(TagSpecifications, 'route-table');
  const { cloud, routeTable } = await context.change((before) => {
    const made = createRouteTable(before, { vpcId: VpcId });
    return { ...made, cloud: createTags(made.cloud, [made.routeTable.id], tags) };
  });
  return { RouteTable: routeTableItem(cloud, routeTable), ClientToken };
}

async function DeleteRouteTable(
  { RouteTableId = '' }: Input<'DeleteRouteTable'>,
  context: ActionContext,
): Promise<Output<'DeleteRouteTable'>> {
  await context.change((before) => ({ cloud: deleteRouteTable(before, RouteTableId) }));
}

async function AssociateRouteTable(
  { RouteTableId = '', SubnetId, ...request }: Input<'AssociateRouteTable'>,
  context: ActionContext,
): Promise<Output<'AssociateRouteTable'>> {
  refuseParameters(request, ['GatewayId', 'PublicIpv4Pool']);
  if (SubnetId === undefined) throw missingParameter('subnetId');
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
  { AssociationId = '' }: Input<'DisassociateRouteTable'>,
  context: ActionContext,
): Promise<Output<'DisassociateRouteTable'>> {
  await context.change((before) => {
    const { SubnetId } = associationOf(before, AssociationId).association;
    if (SubnetId !== undefined) return associateRouteTable(before, SubnetId, null);
    const text = `cannot disassociate the main route table association ${AssociationId}`;
    throw new Ec2Error('InvalidParameterValue', text);
  });
}

async function ReplaceRouteTableAssociation(
  { AssociationId = '', RouteTableId = '' }: Input<'ReplaceRouteTableAssociation'>,
  context: ActionContext,
): Promise<Output<'ReplaceRouteTableAssociation'>> {
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
): Output<'AssociateRouteTable'> {
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

const ROUTE_TABLES: Description<RouteTable, RouteTableItem> = {
  structure: 'RouteTable',
  idOf: ({ id }) => id,
  itemOf: routeTableItem,
  notFound: getRouteTable,
  filters: [
    'association.gateway-id',
    'association.main',
    'association.route-table-association-id',
    'association.route-table-id',
    'association.subnet-id',
    'owner-id',
    'route-table-id',
    'route.destination-cidr-block',
    'route.destination-ipv6-cidr-block',
    'route.destination-prefix-list-id',
    'route.egress-only-internet-gateway-id',
    'route.gateway-id',
    'route.instance-id',
    'route.nat-gateway-id',
    'route.network-interface-id',
    'route.origin',
    'route.state',
    'route.transit-gateway-id',
    'route.vpc-peering-connection-id',
    'vpc-id',
  ],
  limits: { min: 5, max: 100 },
};

function DescribeRouteTables(
  { RouteTableIds: ids, ...request }: Input<'DescribeRouteTables'>,
  { cloud }: ActionContext,
): Output<'DescribeRouteTables'> {
  const { items, NextToken } = describeItems(
    cloud,
    Object.values(cloud.routeTables),
    { ids, ...request },
    ROUTE_TABLES,
  );
  return { RouteTables: items, NextToken };
}
