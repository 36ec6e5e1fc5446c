import Box from '@cloudscape-design/components/box';
import Header from '@cloudscape-design/components/header';
import Table, { type TableProps } from '@cloudscape-design/components/table';
import { useMemo, useState } from 'react';
import type { Subnet } from '../../cloud/network/types.js';
import type { Ec2Request } from '../../controller/console/protocol.js';
import type { LiveLab } from '../live/lab-store.js';
import type { Crumbs } from '../resources/resource-page.js';
import { subnetName } from '../resources/subnets-table.js';
import { askedOf, servedQuestions } from './asked.js';
import type { Change } from './change.js';
import { EditPage, MeanwhileAlert } from './edit-page.js';
import { type Row, shownRows } from './rows.js';
import { type SubnetChoice, subnetItems } from './subnet-choice.js';
import { useRows } from './use-rows.js';

/** What differs between network ACLs and route tables. */
export interface Associations {
  /** `network ACL`. */
  readonly noun: string;
  readonly vpcId: string;
  readonly isAssociated: (subnet: Subnet) => boolean;
  /** Of a subnet that cannot be given up: it has no other one to go to. */
  readonly isFixed: (subnet: Subnet) => boolean;
  /** What a subnet has now. */
  readonly column: { readonly header: string; readonly cell: (subnet: Subnet) => string };
  /** null: what it takes is not known yet. */
  readonly requestsOf: (rows: readonly Row<SubnetChoice>[]) => readonly Ec2Request[] | null;
}

interface Props {
  readonly live: LiveLab;
  readonly associations: Associations;
  readonly crumbs: Crumbs;
  readonly back: readonly string[];
  readonly saveText: string;
}

export function EditAssociationsPage({ live, associations, ...page }: Props) {
  const { cloud } = live;
  const { noun, vpcId, isAssociated, requestsOf } = associations;
  const [isSaving, setSaving] = useState(false);
  // biome-ignore lint/correctness/useExhaustiveDependencies: what is associated is told by the cloud
  const items = useMemo(() => subnetItems(cloud, vpcId, isAssociated), [cloud, vpcId]);
  const [form, setForm] = useRows(items, isSaving);
  const rows = shownRows(form).filter(({ item }) => item !== null);
  const requests = requestsOf(rows);
  const choose = (ids: ReadonlySet<string>) =>
    setForm({ ...form, rows: form.rows.map((row) => ({ ...row, value: { isChosen: ids.has(row.key) } })) });
  return (
    <EditPage
      {...page}
      live={live}
      title="Edit subnet associations"
      description={`Change which subnets are associated with this ${noun}.`}
      change={requests === null ? null : changeOf(live, requests)}
      isWrong={requests === null}
      saving={{ isSaving, setSaving }}
    >
      <MeanwhileAlert what="The subnets" rows={rows} gone={form.gone} />
      <AvailableSubnets live={live} associations={associations} rows={rows} onChoose={choose} />
    </EditPage>
  );
}

function changeOf({ cloud }: LiveLab, requests: readonly Ec2Request[]): Change | null {
  if (requests.length === 0) return null;
  return { ways: [requests], asked: askedOf(cloud, servedQuestions(cloud)) };
}

interface SubnetsProps {
  readonly live: LiveLab;
  readonly associations: Associations;
  readonly rows: readonly Row<SubnetChoice>[];
  readonly onChoose: (ids: ReadonlySet<string>) => void;
}

function AvailableSubnets({ live: { cloud }, associations: { column, isFixed }, rows, onChoose }: SubnetsProps) {
  const subnets = rows.flatMap(({ key }) => cloud.subnets[key] ?? []);
  const chosen = new Set(rows.filter(({ value }) => value.isChosen).map(({ key }) => key));
  const columns: readonly TableProps.ColumnDefinition<Subnet>[] = [
    { id: 'name', header: 'Name', cell: (subnet) => subnetName(cloud, subnet) },
    { id: 'id', header: 'Subnet ID', cell: ({ id }) => id, isRowHeader: true },
    { id: 'now', ...column },
    { id: 'zone', header: 'Availability Zone', cell: ({ zone }) => zone },
    { id: 'cidr', header: 'IPv4 CIDR', cell: ({ cidr }) => cidr },
    { id: 'ipv6', header: 'IPv6 CIDR', cell: ({ ipv6Cidr }) => ipv6Cidr ?? '–' },
  ];
  return (
    <Table
      variant="container"
      contentDensity="compact"
      trackBy="id"
      selectionType="multi"
      items={subnets}
      selectedItems={subnets.filter(({ id }) => chosen.has(id))}
      isItemDisabled={isFixed}
      onSelectionChange={({ detail }) => onChoose(new Set(detail.selectedItems.map(({ id }) => id)))}
      ariaLabels={{
        tableLabel: 'Available subnets',
        selectionGroupLabel: 'Select subnets',
        allItemsSelectionLabel: () => 'Select all subnets',
        itemSelectionLabel: (_, { id }) => `Select ${id}`,
      }}
      header={
        <Header variant="h2" counter={`(${chosen.size}/${subnets.length})`}>
          {'Available subnets'}
        </Header>
      }
      empty={<Box textAlign="center">The VPC has no subnet.</Box>}
      columnDefinitions={columns}
    />
  );
}
