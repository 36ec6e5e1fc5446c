import Box from '@cloudscape-design/components/box';
import Header from '@cloudscape-design/components/header';
import Table from '@cloudscape-design/components/table';
import type { ReactNode } from 'react';
import type { Subnet } from '../../cloud/network/types.js';
import type { Cloud } from '../../cloud/types.js';
import { nameTag } from './names.js';

interface Props {
  readonly cloud: Cloud;
  readonly title: string;
  readonly subnets: readonly Subnet[];
  readonly actions?: ReactNode;
}

/** The subnets that a network ACL or route table is associated with. */
export function SubnetsTable({ cloud, title, subnets, actions }: Props) {
  return (
    <Table
      variant="container"
      contentDensity="compact"
      items={subnets}
      ariaLabels={{ tableLabel: title }}
      header={
        <Header counter={`(${subnets.length})`} actions={actions}>
          {title}
        </Header>
      }
      empty={<Box textAlign="center">No subnet associations</Box>}
      columnDefinitions={[
        { id: 'name', header: 'Name', cell: (subnet) => subnetName(cloud, subnet) },
        { id: 'id', header: 'Subnet ID', cell: ({ id }) => id, isRowHeader: true },
        { id: 'zone', header: 'Availability Zone', cell: ({ zone }) => zone },
        { id: 'cidr', header: 'IPv4 CIDR', cell: ({ cidr }) => cidr },
        { id: 'ipv6', header: 'IPv6 CIDR', cell: ({ ipv6Cidr }) => ipv6Cidr ?? '–' },
      ]}
    />
  );
}

export function subnetName(cloud: Cloud, { id, name }: Subnet): string {
  const tag = nameTag(cloud, id);
  return tag === '–' ? name : tag;
}
