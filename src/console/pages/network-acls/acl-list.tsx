import { useMemo } from 'react';
import type { Direction } from '../../../cloud/groups/types.js';
import { byId } from '../../../cloud/lookup.js';
import type { NetworkAcl } from '../../../cloud/network/types.js';
import type { Cloud } from '../../../cloud/types.js';
import type { LiveLab } from '../../live/lab-store.js';
import { PlaceLink } from '../../resources/facts.js';
import { ManagedTable, type Task } from '../../resources/managed-table.js';
import { nameTag } from '../../resources/names.js';
import type { ResourceColumn, ResourceRow } from '../../resources/resource-table.js';
import { subnetsOfAcl } from './entry-form.js';
import { aclPath, DELETED, editEntriesPath, editSubnetsPath, NETWORK_ACLS } from './places.js';

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

const TASKS: readonly Task[] = [
  { text: 'Edit inbound rules', pathOf: (id) => editEntriesPath(id, 'ingress') },
  { text: 'Edit outbound rules', pathOf: (id) => editEntriesPath(id, 'egress') },
  { text: 'Edit subnet associations', pathOf: editSubnetsPath },
];

export function AclList({ live: { cloud } }: { readonly live: LiveLab }) {
  const rows = useMemo(() => Object.values(cloud.networkAcls).map((acl) => rowOf(cloud, acl)), [cloud]);
  return (
    <ManagedTable
      cloud={cloud}
      title="Network ACLs"
      kind={DELETED}
      rows={rows}
      columns={COLUMNS}
      tasks={TASKS}
      createPath={[...NETWORK_ACLS.path, 'create']}
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
