import Box from '@cloudscape-design/components/box';
import ButtonDropdown from '@cloudscape-design/components/button-dropdown';
import { useMemo, useState } from 'react';
import type { Instance } from '../../../cloud/instances/types.js';
import type { InterfaceBody } from '../../../cloud/interfaces/types.js';
import { allInstances, byId, findById } from '../../../cloud/lookup.js';
import type { Cloud } from '../../../cloud/types.js';
import type { LiveLab } from '../../live/lab-store.js';
import { PlaceLink } from '../../resources/facts.js';
import { nameTag } from '../../resources/names.js';
import { type ResourceColumn, type ResourceRow, ResourceTable } from '../../resources/resource-table.js';
import { go } from '../../shell/route.js';
import { type InstanceState, InstanceStateIndicator, instanceState } from './instance-state.js';
import { interfacesOfInstance } from './interfaces.js';
import { changeGroupsPath, instancePath } from './places.js';

/** AWS's columns, and what the machine is where AWS has a page of its own for it. */
const COLUMNS: readonly ResourceColumn[] = [
  { key: 'tag', header: 'Name' },
  { key: 'id', header: 'Instance ID', cell: ({ id }) => <PlaceLink path={instancePath(id)} text={id} /> },
  {
    key: 'state',
    header: 'Instance state',
    cell: ({ state }) => <InstanceStateIndicator state={state as InstanceState} />,
  },
  { key: 'kind', header: 'Kind' },
  { key: 'zone', header: 'Availability Zone' },
  { key: 'publicIp', header: 'Public IPv4 address' },
  { key: 'privateIp', header: 'Private IPv4 address' },
  { key: 'ipv6', header: 'IPv6 IPs' },
  { key: 'groups', header: 'Security group name' },
  { key: 'vpcId', header: 'VPC ID' },
];

const HINT = (
  <Box variant="p" color="text-body-secondary">
    Clients of the EC2 API launch instances here: <code>eval "$(sudo sglab env)"</code>, then{' '}
    <code>aws ec2 run-instances</code>.
  </Box>
);

export function InstanceList({ live: { cloud } }: { readonly live: LiveLab }) {
  const [selected, select] = useState<readonly string[]>([]);
  const rows = useMemo(() => rowsOf(cloud), [cloud]);
  return (
    <ResourceTable
      title="Instances"
      noun="instance"
      rows={rows}
      columns={COLUMNS}
      selected={selected}
      onSelect={select}
      actions={<Actions chosen={selected} />}
      hint={HINT}
    />
  );
}

function Actions({ chosen }: { readonly chosen: readonly string[] }) {
  const [id = ''] = chosen;
  const disabled = chosen.length !== 1;
  return (
    <ButtonDropdown
      items={[
        { id: 'view', text: 'View details', disabled },
        { id: 'groups', text: 'Change security groups', disabled },
      ]}
      onItemClick={({ detail }) => go(detail.id === 'view' ? instancePath(id) : changeGroupsPath(id))}
    >
      Actions
    </ButtonDropdown>
  );
}

function rowsOf(cloud: Cloud): readonly ResourceRow[] {
  const machines = [...allInstances(cloud), ...Object.values(cloud.terminatedInstances)];
  return machines.filter(({ kind }) => kind !== 'nat-gateway').map((instance) => rowOf(cloud, instance));
}

function rowOf(cloud: Cloud, instance: Instance): ResourceRow {
  const interfaces = interfacesOfInstance(cloud, instance);
  const subnet = interfaces[0] === undefined ? undefined : byId(cloud.subnets, interfaces[0].subnetId);
  const groupIds = new Set(interfaces.flatMap((eni) => eni.groupIds));
  const list = (of: (eni: InterfaceBody) => readonly string[]) => interfaces.flatMap(of).join(', ') || '–';
  return {
    tag: nameTag(cloud, instance.id) === '–' ? instance.name : nameTag(cloud, instance.id),
    id: instance.id,
    state: instanceState(cloud, instance.id),
    kind: instance.launch?.instanceType ?? instance.kind,
    zone: subnet?.zone ?? '–',
    publicIp: list(({ publicIp }) => (publicIp === null ? [] : [publicIp])),
    privateIp: list(({ privateIpAddresses }) => privateIpAddresses),
    ipv6: list(({ ipv6Addresses }) => ipv6Addresses),
    groups: [...groupIds].map((id) => findById(cloud.securityGroups, id)?.name ?? id).join(', ') || '–',
    vpcId: subnet?.vpcId ?? '–',
  };
}
