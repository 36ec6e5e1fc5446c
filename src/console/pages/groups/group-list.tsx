import { useMemo } from 'react';
import type { Direction, SecurityGroup } from '../../../cloud/groups/types.js';
import type { Cloud } from '../../../cloud/types.js';
import type { LiveLab } from '../../live/lab-store.js';
import { PlaceLink } from '../../resources/facts.js';
import { ManagedTable, type Task } from '../../resources/managed-table.js';
import { nameTag } from '../../resources/names.js';
import type { ResourceColumn, ResourceRow } from '../../resources/resource-table.js';
import { DELETED, editRulesPath, GROUPS, groupPath } from './places.js';

/** AWS's columns in AWS's order. */
const COLUMNS: readonly ResourceColumn[] = [
  { key: 'tag', header: 'Name' },
  { key: 'id', header: 'Security group ID', cell: ({ id }) => <PlaceLink path={groupPath({ id })} text={id} /> },
  { key: 'name', header: 'Security group name' },
  { key: 'vpcId', header: 'VPC ID' },
  { key: 'description', header: 'Description' },
  { key: 'owner', header: 'Owner' },
  { key: 'inbound', header: 'Inbound rules count', cell: ({ inbound }) => entriesText(inbound), isNumber: true },
  { key: 'outbound', header: 'Outbound rules count', cell: ({ outbound }) => entriesText(outbound), isNumber: true },
];

const TASKS: readonly Task[] = [
  { text: 'View details', pathOf: (id) => groupPath({ id }) },
  { text: 'Edit inbound rules', pathOf: (id) => editRulesPath({ id }, 'ingress') },
  { text: 'Edit outbound rules', pathOf: (id) => editRulesPath({ id }, 'egress') },
];

export function GroupList({ live: { cloud } }: { readonly live: LiveLab }) {
  const rows = useMemo(() => Object.values(cloud.securityGroups).map((group) => rowOf(cloud, group)), [cloud]);
  return (
    <ManagedTable
      cloud={cloud}
      title="Security groups"
      kind={DELETED}
      rows={rows}
      columns={COLUMNS}
      tasks={TASKS}
      createPath={[...GROUPS.path, 'create']}
    />
  );
}

function rowOf(cloud: Cloud, group: SecurityGroup): ResourceRow {
  const count = (direction: Direction) => group.rules.filter((rule) => rule.direction === direction).length;
  return {
    tag: nameTag(cloud, group.id),
    id: group.id,
    name: group.name,
    vpcId: group.vpcId,
    description: group.description,
    owner: cloud.accountId,
    inbound: count('ingress'),
    outbound: count('egress'),
  };
}

function entriesText(count: string | number | undefined): string {
  return `${count} Permission ${count === 1 ? 'entry' : 'entries'}`;
}
