import { findById } from '../../../cloud/lookup.js';
import { type CreatedInVpc, CreateInVpcPage } from '../../resources/create-in-vpc-page.js';
import { NotThere } from '../../resources/resource-page.js';
import type { PageProps } from '../../shell/page.js';
import { EditRoutesPage } from './edit-routes-page.js';
import { EditSubnetsPage } from './edit-subnets-page.js';
import { ROUTE_TABLES, tablePath } from './places.js';
import { TableList } from './table-list.js';
import { TablePage } from './table-page.js';

const CREATED: CreatedInVpc = {
  noun: 'route table',
  description:
    'A route table specifies how packets are forwarded between the subnets within your VPC, the internet, and your VPN connection.',
  action: 'CreateRouteTable',
  resourceType: 'route-table',
  idOf: (answer) => (answer as { readonly RouteTable: { readonly RouteTableId: string } }).RouteTable.RouteTableId,
  pathOf: tablePath,
};

export function RouteTablesPage({ live, route }: PageProps) {
  const [, id, task] = route.path;
  if (id === undefined) return <TableList live={live} />;
  if (id === 'create') {
    return <CreateInVpcPage live={live} kind={CREATED} crumbs={[ROUTE_TABLES]} back={ROUTE_TABLES.path} />;
  }
  const table = findById(live.cloud.routeTables, id);
  if (table === undefined) return <NotThere crumbs={[ROUTE_TABLES]} id={id} />;
  if (task === 'edit-routes') return <EditRoutesPage live={live} table={table} />;
  if (task === 'edit-subnet-associations') return <EditSubnetsPage live={live} table={table} />;
  return <TablePage live={live} table={table} tab={route.query.get('tab') ?? 'routes'} />;
}
