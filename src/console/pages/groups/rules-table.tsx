import { useCollection } from '@cloudscape-design/collection-hooks';
import Box from '@cloudscape-design/components/box';
import Header from '@cloudscape-design/components/header';
import Pagination from '@cloudscape-design/components/pagination';
import Table from '@cloudscape-design/components/table';
import TextFilter from '@cloudscape-design/components/text-filter';
import { type ReactNode, useMemo } from 'react';
import type { Direction, Peer, SecurityGroup, SecurityGroupRule } from '../../../cloud/groups/types.js';
import { byId } from '../../../cloud/lookup.js';
import type { Cloud } from '../../../cloud/types.js';
import { idAndName, nameTag } from '../../resources/names.js';
import { portsText, protocolLabel, trafficOf } from './rule-types.js';

interface Props {
  readonly cloud: Cloud;
  readonly group: SecurityGroup;
  readonly direction: Direction;
  readonly actions: ReactNode;
}

const PAGE_SIZE = 30;

/** AWS's columns. */
export function RulesTable({ cloud, group, direction, actions }: Props) {
  const rows = useMemo(() => rowsOf(cloud, group, direction), [cloud, group, direction]);
  const title = direction === 'ingress' ? 'Inbound rules' : 'Outbound rules';
  const { items, collectionProps, paginationProps, filterProps } = useCollection(rows, {
    filtering: {
      noMatch: <Box textAlign="center">No matches</Box>,
      empty: <Box textAlign="center">No security group rules found</Box>,
    },
    pagination: { pageSize: PAGE_SIZE },
    sorting: {},
  });
  return (
    <Table
      {...collectionProps}
      variant="container"
      contentDensity="compact"
      items={items}
      trackBy="id"
      ariaLabels={{ tableLabel: title }}
      header={
        <Header counter={`(${rows.length})`} actions={actions}>
          {title}
        </Header>
      }
      filter={<TextFilter {...filterProps} filteringAriaLabel="Search rules" filteringPlaceholder="Search" />}
      pagination={rows.length > PAGE_SIZE ? <Pagination {...paginationProps} /> : null}
      columnDefinitions={columnsOf(direction).map(([key, header]) => ({
        id: key,
        header,
        sortingField: key,
        cell: (row: RuleRow) => row[key],
      }))}
    />
  );
}

type RuleRow = ReturnType<typeof rowsOf>[number];

function columnsOf(direction: Direction): readonly (readonly [key: keyof RuleRow, header: string])[] {
  return [
    ['tag', 'Name'],
    ['id', 'Security group rule ID'],
    ['version', 'IP version'],
    ['type', 'Type'],
    ['protocol', 'Protocol'],
    ['ports', 'Port range'],
    ['peer', direction === 'ingress' ? 'Source' : 'Destination'],
    ['description', 'Description'],
  ];
}

function rowsOf(cloud: Cloud, { rules }: SecurityGroup, direction: Direction) {
  return rules
    .filter((rule) => rule.direction === direction)
    .map((rule) => ({
      tag: nameTag(cloud, rule.id),
      id: rule.id,
      version: versionOf(rule),
      type: trafficOf(rule).type,
      protocol: protocolLabel(rule.protocol),
      ports: portsText(rule),
      peer: peerText(cloud, rule.peer),
      description: rule.description ?? '–',
    }));
}

function versionOf({ peer }: SecurityGroupRule): string {
  if (peer.type !== 'cidr') return '–';
  return peer.family === 'ipv4' ? 'IPv4' : 'IPv6';
}

function peerText(cloud: Cloud, peer: Peer): string {
  if (peer.type === 'cidr') return peer.cidr;
  if (peer.type === 'group') return idAndName(cloud, peer.groupId);
  return `${peer.prefixListId} / ${byId(cloud.prefixLists, peer.prefixListId).name}`;
}
