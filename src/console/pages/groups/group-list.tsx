import Button from '@cloudscape-design/components/button';
import ButtonDropdown from '@cloudscape-design/components/button-dropdown';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useMemo, useState } from 'react';
import type { Direction, SecurityGroup } from '../../../cloud/groups/types.js';
import type { Cloud } from '../../../cloud/types.js';
import type { LiveLab } from '../../live/lab-store.js';
import { PlaceLink } from '../../resources/facts.js';
import { nameTag } from '../../resources/names.js';
import { type ResourceColumn, type ResourceRow, ResourceTable } from '../../resources/resource-table.js';
import { go, href } from '../../shell/route.js';
import { DeleteGroups } from './delete-groups.js';
import { editRulesPath, groupPath } from './places.js';

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

export function GroupList({ live: { cloud } }: { readonly live: LiveLab }) {
  const [selected, select] = useState<readonly string[]>([]);
  const [isDeleting, setDeleting] = useState(false);
  const rows = useMemo(() => Object.values(cloud.securityGroups).map((group) => rowOf(cloud, group)), [cloud]);
  const chosen = selected.filter((id) => Object.hasOwn(cloud.securityGroups, id));
  return (
    <>
      <ResourceTable
        title="Security groups"
        noun="security group"
        rows={rows}
        columns={COLUMNS}
        selected={chosen}
        onSelect={select}
        actions={<Actions chosen={chosen} onDelete={() => setDeleting(true)} />}
      />
      {isDeleting && <DeleteGroups cloud={cloud} ids={chosen} onClose={() => setDeleting(false)} />}
    </>
  );
}

interface ActionsProps {
  readonly chosen: readonly string[];
  readonly onDelete: () => void;
}

function Actions({ chosen, onDelete }: ActionsProps) {
  const [id = ''] = chosen;
  const disabled = chosen.length !== 1;
  const act = (action: string) => {
    if (action === 'delete') return onDelete();
    go(action === 'view' ? groupPath({ id }) : editRulesPath({ id }, action as Direction));
  };
  return (
    <SpaceBetween direction="horizontal" size="xs">
      <ButtonDropdown
        items={[
          { id: 'view', text: 'View details', disabled },
          { id: 'ingress', text: 'Edit inbound rules', disabled },
          { id: 'egress', text: 'Edit outbound rules', disabled },
          { id: 'delete', text: 'Delete security groups', disabled: chosen.length === 0 },
        ]}
        onItemClick={({ detail }) => act(detail.id)}
      >
        Actions
      </ButtonDropdown>
      <Button variant="primary" href={href(['groups', 'create'])}>
        Create security group
      </Button>
    </SpaceBetween>
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
