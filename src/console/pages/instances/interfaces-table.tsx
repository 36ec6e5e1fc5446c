import Box from '@cloudscape-design/components/box';
import Header from '@cloudscape-design/components/header';
import SpaceBetween from '@cloudscape-design/components/space-between';
import Table from '@cloudscape-design/components/table';
import type { Instance } from '../../../cloud/instances/types.js';
import { escapeInvisible } from '../../../cloud/text/quote.js';
import type { Cloud } from '../../../cloud/types.js';
import { PlaceLink } from '../../resources/facts.js';
import { idAndName } from '../../resources/names.js';
import { groupPath } from '../groups/places.js';
import { interfacesOfInstance } from './interfaces.js';

interface Props {
  readonly cloud: Cloud;
  readonly instance: Instance;
}

export function InterfacesTable({ cloud, instance }: Props) {
  const items = interfacesOfInstance(cloud, instance);
  const lines = (words: readonly string[]) => words.join(', ') || '–';
  return (
    <Table
      variant="container"
      contentDensity="compact"
      wrapLines
      items={items}
      ariaLabels={{ tableLabel: 'Network interfaces' }}
      header={<Header counter={`(${items.length})`}>Network interfaces</Header>}
      empty={<Box textAlign="center">No network interfaces</Box>}
      columnDefinitions={[
        { id: 'id', header: 'Interface ID', cell: ({ id }) => id, isRowHeader: true },
        { id: 'description', header: 'Description', cell: ({ description }) => escapeInvisible(description) || '–' },
        { id: 'public', header: 'Public IPv4 address', cell: ({ publicIp }) => publicIp ?? '–' },
        { id: 'private', header: 'Private IPv4 addresses', cell: (eni) => lines(eni.privateIpAddresses) },
        { id: 'ipv6', header: 'IPv6 addresses', cell: (eni) => lines(eni.ipv6Addresses) },
        { id: 'subnet', header: 'Subnet ID', cell: ({ subnetId }) => subnetId },
        {
          id: 'check',
          header: 'Source / dest. check',
          cell: ({ sourceDestCheck }) => (sourceDestCheck ? 'Yes' : 'No'),
        },
        {
          id: 'groups',
          header: 'Security groups',
          cell: ({ groupIds }) => (
            <SpaceBetween size="xxs">
              {groupIds.map((id) => (
                <PlaceLink key={id} path={groupPath({ id })} text={idAndName(cloud, id)} />
              ))}
            </SpaceBetween>
          ),
        },
      ]}
    />
  );
}
