import ButtonDropdown from '@cloudscape-design/components/button-dropdown';
import { useMemo, useState } from 'react';
import type { Direction } from '../../../cloud/groups/types.js';
import { byId } from '../../../cloud/lookup.js';
import type { NetworkAcl } from '../../../cloud/network/types.js';
import type { Cloud } from '../../../cloud/types.js';
import type { LiveLab } from '../../live/lab-store.js';
import { PlaceLink } from '../../resources/facts.js';
import { nameTag } from '../../resources/names.js';
import { type ResourceColumn, type ResourceRow, ResourceTable } from '../../resources/resource-table.js';
import { go } from '../../shell/route.js';
import { subnetsOfAcl } from './entry-form.js';
import { aclPath, editEntriesPath } from './places.js';

/** AWS's columns in AWS's order. */
const COLUMNS: readonly ResourceColumn[] = [
  { key: 'tag', header: 'Name' },
  { key: 'id', header: 'Network ACL ID', cell: ({ id }) => <PlaceLink path={aclPath(id)} text={id} /> },
  { key: 'subnets', header: 'Associated with' },
  { key: 'isDefault', header: 'Default' },
  { key: 'vpcId', header: 'VPC ID' },
  { key: 'inbound', header: 'Inbound rules count', isNumber: true },
  { key: 'outbound', header: 'Outbound rules count', isNumber: true },
  { key: 'owner', header: 'Owner' },
];

export function AclList({ live: { cloud } }: { readonly live: LiveLab }) {
  const [selected, select] = useState<readonly string[]>([]);
  const rows = useMemo(() => Object.values(cloud.networkAcls).map((acl) => rowOf(cloud, acl)), [cloud]);
  const [id = ''] = selected;
  const disabled = selected.length !== 1;
  return (
    <ResourceTable
      title="Network ACLs"
      noun="network ACL"
      rows={rows}
      columns={COLUMNS}
      selected={selected}
      onSelect={select}
      actions={
        <ButtonDropdown
          items={[
            { id: 'ingress', text: 'Edit inbound rules', disabled },
            { id: 'egress', text: 'Edit outbound rules', disabled },
          ]}
          onItemClick={({ detail }) => go(editEntriesPath(id, detail.id as Direction))}
        >
          Actions
        </ButtonDropdown>
      }
    />
  );
}

function rowOf(cloud: Cloud, acl: NetworkAcl): ResourceRow {
  // AWS counts the entry * with the others.
  const count = (direction: Direction) => acl.entries.filter((entry) => entry.direction === direction).length + 1;
  const subnets = subnetsOfAcl(cloud, acl).length;
  return {
    tag: nameTag(cloud, acl.id),
    id: acl.id,
    subnets: subnets === 0 ? '–' : `${subnets} ${subnets === 1 ? 'Subnet' : 'Subnets'}`,
    isDefault: byId(cloud.vpcs, acl.vpcId).defaultNetworkAclId === acl.id ? 'Yes' : 'No',
    vpcId: acl.vpcId,
    inbound: count('ingress'),
    outbound: count('egress'),
    owner: cloud.accountId,
  };
}
