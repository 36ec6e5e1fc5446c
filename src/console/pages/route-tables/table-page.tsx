import Button from '@cloudscape-design/components/button';
import Header from '@cloudscape-design/components/header';
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
import { FactsPanel } from '../../resources/facts.js';
import { ResourcePage } from '../../resources/resource-page.js';
import { SubnetsTable } from '../../resources/subnets-table.js';
import { TagsPanel } from '../../resources/tags-panel.js';
import { go, href } from '../../shell/route.js';
import { editRoutesPath, ROUTE_TABLES, tablePath } from './places.js';
import { targetId } from './route-form.js';

interface Props {
  readonly live: LiveLab;
  readonly table: RouteTable;
  readonly tab: string;
}

export function TablePage({ live: { cloud }, table, tab }: Props) {
  const path = tablePath(table.id);
  const subnets = Object.values(cloud.subnets).filter(({ id }) => routeTableOf(cloud, id).id === table.id);
  return (
    <ResourcePage crumbs={[ROUTE_TABLES]} title={`${table.id} / ${table.name}`}>
      <FactsPanel title="Details" facts={factsOf(cloud, table)} />
      <ProofPanel place={path.join('/')} />
      <Tabs
        activeTabId={tab}
        ariaLabel="Of the route table"
        onChange={({ detail }) => go(path, { tab: detail.activeTabId })}
        tabs={[
          { id: 'routes', label: 'Routes', content: <Routes cloud={cloud} table={table} /> },
          { id: 'subnets', label: 'Subnet associations', content: <SubnetsTable cloud={cloud} subnets={subnets} /> },
          { id: 'tags', label: 'Tags', content: <TagsPanel cloud={cloud} id={table.id} /> },
        ]}
      />
    </ResourcePage>
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
