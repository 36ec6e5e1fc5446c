export const ROUTE_TABLES = { text: 'Route tables', path: ['route-tables'] } as const;

export const DELETED = { noun: 'route table', action: 'DeleteRouteTable', idMember: 'RouteTableId' } as const;

export function tablePath(id: string): readonly string[] {
  return ['route-tables', id];
}

export function editRoutesPath(id: string): readonly string[] {
  return [...tablePath(id), 'edit-routes'];
}

export function editSubnetsPath(id: string): readonly string[] {
  return [...tablePath(id), 'edit-subnet-associations'];
}
