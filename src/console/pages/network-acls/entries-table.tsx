import Header from '@cloudscape-design/components/header';
import StatusIndicator from '@cloudscape-design/components/status-indicator';
import Table from '@cloudscape-design/components/table';
import type { ReactNode } from 'react';
import type { Direction } from '../../../cloud/groups/types.js';
import type { NetworkAcl } from '../../../cloud/network/types.js';
import { portsText, protocolLabel, trafficOf } from '../groups/rule-types.js';

interface Props {
  readonly acl: NetworkAcl;
  readonly direction: Direction;
  readonly actions: ReactNode;
}

/** AWS's columns, in the order in which the entries are evaluated; the last one is every list's own. */
export function EntriesTable({ acl, direction, actions }: Props) {
  const items = [...acl.entries.filter((entry) => entry.direction === direction).map(rowOf), LAST];
  const title = direction === 'ingress' ? 'Inbound rules' : 'Outbound rules';
  return (
    <Table
      variant="container"
      contentDensity="compact"
      items={items}
      ariaLabels={{ tableLabel: title }}
      header={
        <Header counter={`(${items.length})`} actions={actions}>
          {title}
        </Header>
      }
      columnDefinitions={[
        { id: 'number', header: 'Rule number', cell: ({ number }) => number, isRowHeader: true },
        { id: 'type', header: 'Type', cell: ({ type }) => type },
        { id: 'protocol', header: 'Protocol', cell: ({ protocol }) => protocol },
        { id: 'ports', header: 'Port range', cell: ({ ports }) => ports },
        { id: 'cidr', header: direction === 'ingress' ? 'Source' : 'Destination', cell: ({ cidr }) => cidr },
        { id: 'action', header: 'Allow/Deny', cell: ({ action }) => <ActionIndicator action={action} /> },
      ]}
    />
  );
}

const LAST = {
  number: '*',
  type: 'All traffic',
  protocol: 'All',
  ports: 'All',
  cidr: '0.0.0.0/0, ::/0',
  action: 'deny',
} as const;

function rowOf(entry: NetworkAcl['entries'][number]) {
  return {
    number: String(entry.number),
    type: trafficOf(entry).type,
    protocol: protocolLabel(entry.protocol),
    ports: portsText(entry),
    cidr: entry.cidr,
    action: entry.action,
  };
}

function ActionIndicator({ action }: { readonly action: 'allow' | 'deny' }) {
  return action === 'allow' ? (
    <StatusIndicator type="success">Allow</StatusIndicator>
  ) : (
    <StatusIndicator type="error">Deny</StatusIndicator>
  );
}
