import ButtonDropdown from '@cloudscape-design/components/button-dropdown';
import { useMemo, useState } from 'react';
import { byId } from '../../../cloud/lookup.js';
import type { RouteTable } from '../../../cloud/network/types.js';
import type { Cloud } from '../../../cloud/types.js';
import type { LiveLab } from '../../live/lab-store.js';
import { PlaceLink } from '../../resources/facts.js';
import { nameTag } from '../../resources/names.js';
import { type ResourceColumn, type ResourceRow, ResourceTable } from '../../resources/resource-table.js';
import { go } from '../../shell/route.js';
import { editRoutesPath, tablePath } from './places.js';

/** AWS's columns in AWS's order. */
const COLUMNS: readonly ResourceColumn[] = [
  { key: 'tag', header: 'Name' },
  { key: 'id', header: 'Route table ID', cell: ({ id }) => <PlaceLink path={tablePath(id)} text={id} /> },
  { key: 'subnets', header: 'Explicit subnet associations' },
  { key: 'main', header: 'Main' },
  { key: 'vpcId', header: 'VPC' },
  { key: 'owner', header: 'Owner ID' },
];

export function TableList({ live: { cloud } }: { readonly live: LiveLab }) {
  const [selected, select] = useState<readonly string[]>([]);
  const rows = useMemo(() => Object.values(cloud.routeTables).map((table) => rowOf(cloud, table)), [cloud]);
  const [id = ''] = selected;
  return (
    <ResourceTable
      title="Route tables"
      noun="route table"
      rows={rows}
      columns={COLUMNS}
      selected={selected}
      onSelect={select}
      actions={
        <ButtonDropdown
          items={[{ id: 'routes', text: 'Edit routes', disabled: selected.length !== 1 }]}
          onItemClick={() => go(editRoutesPath(id))}
        >
          Actions
        </ButtonDropdown>
      }
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
