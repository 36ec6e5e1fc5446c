import { findById } from '../../../cloud/lookup.js';
import { NotThere } from '../../resources/resource-page.js';
import type { PageProps } from '../../shell/page.js';
import { EditRoutesPage } from './edit-routes-page.js';
import { ROUTE_TABLES } from './places.js';
import { TableList } from './table-list.js';
import { TablePage } from './table-page.js';

export function RouteTablesPage({ live, route }: PageProps) {
  const [, id, task] = route.path;
  if (id === undefined) return <TableList live={live} />;
  const table = findById(live.cloud.routeTables, id);
  if (table === undefined) return <NotThere crumbs={[ROUTE_TABLES]} id={id} />;
  if (task === 'edit-routes') return <EditRoutesPage live={live} table={table} />;
  return <TablePage live={live} table={table} tab={route.query.get('tab') ?? 'routes'} />;
}
