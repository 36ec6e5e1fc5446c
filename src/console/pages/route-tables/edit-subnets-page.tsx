import { routeTableOf } from '../../../cloud/network/routes.js';
import type { RouteTable } from '../../../cloud/network/types.js';
import { EditAssociationsPage } from '../../editing/edit-associations-page.js';
import { changedSubnets } from '../../editing/subnet-choice.js';
import { useAssociations } from '../../editing/use-associations.js';
import { ec2Request } from '../../live/call.js';
import type { LiveLab } from '../../live/lab-store.js';
import { idAndLabName } from '../../resources/names.js';
import { ROUTE_TABLES, tablePath } from './places.js';

interface Props {
  readonly live: LiveLab;
  readonly table: RouteTable;
}

/** Explicit associations: a subnet that is given up has the VPC's main table again. */
export function EditSubnetsPage({ live, table }: Props) {
  const { cloud } = live;
  const ids = useAssociations('DescribeRouteTables', table.vpcId, live.change);
  const added = (subnetId: string) => {
    const AssociationId = ids?.get(subnetId);
    return AssociationId === undefined
      ? ec2Request('AssociateRouteTable', { RouteTableId: table.id, SubnetId: subnetId })
      : ec2Request('ReplaceRouteTableAssociation', { AssociationId, RouteTableId: table.id });
  };
  const removed = (subnetId: string) => ec2Request('DisassociateRouteTable', { AssociationId: ids?.get(subnetId) });
  return (
    <EditAssociationsPage
      live={live}
      crumbs={[ROUTE_TABLES, { text: idAndLabName(cloud, table), path: tablePath(table.id) }]}
      back={tablePath(table.id)}
      saveText="Save associations"
      associations={{
        noun: 'route table',
        vpcId: table.vpcId,
        isAssociated: ({ routeTableId }) => routeTableId === table.id,
        isFixed: () => false,
        column: {
          header: 'Route table ID',
          cell: ({ id, routeTableId }) => routeTableId ?? `Main (${routeTableOf(cloud, id).id})`,
        },
        requestsOf: (rows) => {
          if (ids === null) return null;
          const changed = changedSubnets(rows);
          return [...changed.added.map(added), ...changed.removed.map(removed)];
        },
      }}
    />
  );
}
