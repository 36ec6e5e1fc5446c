import { useMemo } from 'react';
import { byId } from '../../../cloud/lookup.js';
import type { RouteTable } from '../../../cloud/network/types.js';
import type { Cloud } from '../../../cloud/types.js';
import type { LiveLab } from '../../live/lab-store.js';
import { PlaceLink } from '../../resources/facts.js';
import { ManagedTable, type Task } from '../../resources/managed-table.js';
import { nameTag } from '../../resources/names.js';
import type { ResourceColumn, ResourceRow } from '../../resources/resource-table.js';
import { DELETED, editRoutesPath, editSubnetsPath, ROUTE_TABLES, tablePath } from './places.js';

/** AWS's columns in AWS's order. */
const COLUMNS: readonly ResourceColumn[] = [
  { key: 'tag', header: 'Name' },
  { key: 'id', header: 'Route table ID', cell: ({ id }) => <PlaceLink path={tablePath(id)} text={id} /> },
  { key: 'subnets', header: 'Explicit subnet associations' },
  { key: 'main', header: 'Main' },
  { key: 'vpcId', header: 'VPC' },
  { key: 'owner', header: 'Owner ID' },
];

const TASKS: readonly Task[] = [
  { text: 'Edit subnet associations', pathOf: editSubnetsPath },
  { text: 'Edit routes', pathOf: editRoutesPath },
];

export function TableList({ live: { cloud } }: { readonly live: LiveLab }) {
  const rows = useMemo(() => Object.values(cloud.routeTables).map((table) => rowOf(cloud, table)), [cloud]);
  return (
    <ManagedTable
      cloud={cloud}
      title="Route tables"
      kind={DELETED}
      rows={rows}
      columns={COLUMNS}
      tasks={TASKS}
      createPath={[...ROUTE_TABLES.path, 'create']}
    />
  );
}

function rowOf(cloud: Cloud, table: RouteTable): ResourceRow {
  const subnets = Object.values(cloud.subnets).filter(({ routeTableId }) => routeTableId === table.id).length;
  return {
    tag: nameTag(cloud, table.id),
    id: table.id,
    subnets: subnets === 0 ? '–' : `${subnets} ${subnets === 1 ? 'subnet' : 'subnets'}`,
    main: byId(cloud.vpcs, table.vpcId).mainRouteTableId === table.id ? 'Yes' : 'No',
    vpcId: table.vpcId,
    owner: cloud.accountId,
  };
}
