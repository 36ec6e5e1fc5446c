import Button from '@cloudscape-design/components/button';
import SpaceBetween from '@cloudscape-design/components/space-between';
import Tabs from '@cloudscape-design/components/tabs';
import { listenerText } from '../../../cloud/instances/listener.js';
import type { Instance } from '../../../cloud/instances/types.js';
import { byId } from '../../../cloud/lookup.js';
import { escapeInvisible } from '../../../cloud/text/quote.js';
import type { Cloud } from '../../../cloud/types.js';
import { ProofPanel } from '../../editing/proof-panel.js';
import type { LiveLab } from '../../live/lab-store.js';
import { FactsPanel, PlaceLink } from '../../resources/facts.js';
import { idAndName } from '../../resources/names.js';
import { ResourcePage } from '../../resources/resource-page.js';
import { TagsPanel } from '../../resources/tags-panel.js';
import { go, href } from '../../shell/route.js';
import { groupPath } from '../groups/places.js';
import { RulesTable } from '../groups/rules-table.js';
import { ConnectButton } from '../terminal/connect-button.js';
import { InstanceStateIndicator, instanceState } from './instance-state.js';
import { interfacesOfInstance } from './interfaces.js';
import { InterfacesTable } from './interfaces-table.js';
import { changeGroupsPath, INSTANCES, instancePath } from './places.js';

interface Props {
  readonly live: LiveLab;
  readonly instance: Instance;
  readonly tab: string;
}

export function InstancePage({ live, instance, tab }: Props) {
  const { cloud } = live;
  const path = instancePath(instance.id);
  const isRunning = instanceState(cloud, instance.id) === 'Running';
  return (
    <ResourcePage
      crumbs={[INSTANCES]}
      title={`${instance.id} (${escapeInvisible(instance.name)})`}
      actions={
        <SpaceBetween direction="horizontal" size="xs">
          {isRunning && <ConnectButton live={live} machine={instance.id} />}
          <Button href={href(changeGroupsPath(instance.id))}>Change security groups</Button>
        </SpaceBetween>
      }
    >
      <FactsPanel title="Instance summary" facts={factsOf(cloud, instance)} />
      <ProofPanel place={path.join('/')} />
      <Tabs
        activeTabId={tab}
        ariaLabel="Of the instance"
        onChange={({ detail }) => go(path, { tab: detail.activeTabId })}
        tabs={[
          { id: 'security', label: 'Security', content: <Security cloud={cloud} instance={instance} /> },
          { id: 'networking', label: 'Networking', content: <InterfacesTable cloud={cloud} instance={instance} /> },
          { id: 'tags', label: 'Tags', content: <TagsPanel cloud={cloud} id={instance.id} /> },
        ]}
      />
    </ResourcePage>
  );
}

function groupsOf(cloud: Cloud, instance: Instance) {
  const ids = new Set(interfacesOfInstance(cloud, instance).flatMap(({ groupIds }) => groupIds));
  return [...ids].map((id) => byId(cloud.securityGroups, id));
}

function Security({ cloud, instance }: { readonly cloud: Cloud; readonly instance: Instance }) {
  return (
    <SpaceBetween size="l">
      {groupsOf(cloud, instance).map((group) => (
        <SpaceBetween key={group.id} size="s">
          <PlaceLink path={groupPath(group)} text={idAndName(cloud, group.id)} />
          <RulesTable cloud={cloud} group={group} direction="ingress" actions={null} />
          <RulesTable cloud={cloud} group={group} direction="egress" actions={null} />
        </SpaceBetween>
      ))}
    </SpaceBetween>
  );
}

function factsOf(cloud: Cloud, instance: Instance) {
  const interfaces = interfacesOfInstance(cloud, instance);
  const subnet = interfaces[0] === undefined ? undefined : byId(cloud.subnets, interfaces[0].subnetId);
  const lines = (words: readonly string[]) => (words.length === 0 ? '–' : words.join(', '));
  return [
    { label: 'Instance state', value: <InstanceStateIndicator state={instanceState(cloud, instance.id)} /> },
    { label: 'Instance type', value: instance.launch?.instanceType ?? instance.kind },
    { label: 'Public IPv4 address', value: lines(interfaces.flatMap(({ publicIp }) => publicIp ?? [])) },
    { label: 'Private IPv4 addresses', value: lines(interfaces.flatMap((eni) => eni.privateIpAddresses)) },
    { label: 'IPv6 addresses', value: lines(interfaces.flatMap((eni) => eni.ipv6Addresses)) },
    { label: 'VPC ID', value: subnet?.vpcId ?? '–' },
    { label: 'Subnet ID', value: subnet?.id ?? '–' },
    { label: 'Servers of sglab', value: lines(instance.listen.map(listenerText)) },
  ];
}
