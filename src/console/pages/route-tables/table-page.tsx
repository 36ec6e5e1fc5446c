import Button from '@cloudscape-design/components/button';
import Header from '@cloudscape-design/components/header';
import SpaceBetween from '@cloudscape-design/components/space-between';
import StatusIndicator from '@cloudscape-design/components/status-indicator';
import Table from '@cloudscape-design/components/table';
import Tabs from '@cloudscape-design/components/tabs';
import { byId } from '../../../cloud/lookup.js';
import { destinationText } from '../../../cloud/network/route-target.js';
import { routeState, routeTableOf } from '../../../cloud/network/routes.js';
import type { RouteTable } from '../../../cloud/network/types.js';
import type { Cloud } from '../../../cloud/types.js';
import { ProofPanel } from '../../editing/proof-panel.js';
import type { LiveLab } from '../../live/lab-store.js';
import { DeleteButton } from '../../resources/delete-resources.js';
import { FactsPanel } from '../../resources/facts.js';
import { idAndLabName } from '../../resources/names.js';
import { ResourcePage } from '../../resources/resource-page.js';
import { SubnetsTable } from '../../resources/subnets-table.js';
import { TagsPanel } from '../../resources/tags-panel.js';
import { go, href } from '../../shell/route.js';
import { DELETED, editRoutesPath, editSubnetsPath, ROUTE_TABLES, tablePath } from './places.js';
import { targetId } from './route-form.js';

interface Props {
  readonly live: LiveLab;
  readonly table: RouteTable;
  readonly tab: string;
}

export function TablePage({ live: { cloud }, table, tab }: Props) {
  const path = tablePath(table.id);
  return (
    <ResourcePage
      crumbs={[ROUTE_TABLES]}
      title={idAndLabName(cloud, table)}
      actions={<DeleteButton cloud={cloud} kind={DELETED} id={table.id} />}
    >
      <FactsPanel title="Details" facts={factsOf(cloud, table)} />
      <ProofPanel place={path.join('/')} />
      <Tabs
        activeTabId={tab}
        ariaLabel="Of the route table"
        onChange={({ detail }) => go(path, { tab: detail.activeTabId })}
        tabs={[
          { id: 'routes', label: 'Routes', content: <Routes cloud={cloud} table={table} /> },
          { id: 'subnets', label: 'Subnet associations', content: <Associations cloud={cloud} table={table} /> },
          { id: 'tags', label: 'Tags', content: <TagsPanel cloud={cloud} id={table.id} /> },
        ]}
      />
    </ResourcePage>
  );
}

/** Both tables of AWS's page: what was associated, and what has the main table because nothing was. */
function Associations({ cloud, table }: { readonly cloud: Cloud; readonly table: RouteTable }) {
  const subnets = Object.values(cloud.subnets).filter(({ id }) => routeTableOf(cloud, id).id === table.id);
  const explicit = subnets.filter(({ routeTableId }) => routeTableId === table.id);
  const edit = <Button href={href(editSubnetsPath(table.id))}>Edit subnet associations</Button>;
  return (
    <SpaceBetween size="l">
      <SubnetsTable cloud={cloud} title="Explicit subnet associations" subnets={explicit} actions={edit} />
      {byId(cloud.vpcs, table.vpcId).mainRouteTableId === table.id && (
        <SubnetsTable
          cloud={cloud}
          title="Subnets without explicit associations"
          subnets={subnets.filter((subnet) => !explicit.includes(subnet))}
        />
      )}
    </SpaceBetween>
  );
}

function Routes({ cloud, table }: { readonly cloud: Cloud; readonly table: RouteTable }) {
  const vpc = byId(cloud.vpcs, table.vpcId);
  return (
    <Table
      variant="container"
      contentDensity="compact"
      items={table.routes}
      ariaLabels={{ tableLabel: 'Routes' }}
      header={
        <Header
          counter={`(${table.routes.length})`}
          actions={<Button href={href(editRoutesPath(table.id))}>Edit routes</Button>}
        >
          Routes
        </Header>
      }
      columnDefinitions={[
        {
          id: 'destination',
          header: 'Destination',
          cell: ({ destination }) => destinationText(destination),
          isRowHeader: true,
        },
        { id: 'target', header: 'Target', cell: ({ target }) => targetId(cloud, target) },
        {
          id: 'status',
          header: 'Status',
          cell: (route) =>
            routeState(cloud, vpc, route) === 'active' ? (
              <StatusIndicator type="success">Active</StatusIndicator>
            ) : (
              <StatusIndicator type="error">Blackhole</StatusIndicator>
            ),
        },
        { id: 'propagated', header: 'Propagated', cell: () => 'No' },
      ]}
    />
  );
}

function factsOf(cloud: Cloud, table: RouteTable) {
  const vpc = byId(cloud.vpcs, table.vpcId);
  const explicit = Object.values(cloud.subnets).filter(({ routeTableId }) => routeTableId === table.id);
  return [
    { label: 'Route table ID', value: table.id },
    { label: 'Main', value: vpc.mainRouteTableId === table.id ? 'Yes' : 'No' },
    { label: 'Explicit subnet associations', value: explicit.map(({ id }) => id).join(', ') || '–' },
    { label: 'VPC', value: `${vpc.id} (${vpc.name})` },
  ];
}
