/** What is below the map: everything that is known of the machine, or host, that is chosen on it. */
import Alert from '@cloudscape-design/components/alert';
import Button from '@cloudscape-design/components/button';
import KeyValuePairs from '@cloudscape-design/components/key-value-pairs';
import SpaceBetween from '@cloudscape-design/components/space-between';
import SplitPanel from '@cloudscape-design/components/split-panel';
import Tabs from '@cloudscape-design/components/tabs';
import { listenerText } from '../../../cloud/instances/listener.js';
import type { ExternalHost, Instance } from '../../../cloud/instances/types.js';
import type { IdleInterface, NetworkInterface } from '../../../cloud/interfaces/types.js';
import { byId, findById, findInstance, interfaceName } from '../../../cloud/lookup.js';
import { KIND_NAMES } from '../../../picture/node.js';
import type { LiveLab } from '../../live/lab-store.js';
import { PlaceLink } from '../../resources/facts.js';
import type { PagePanel, PageProps } from '../../shell/page.js';
import { go, href } from '../../shell/route.js';
import { ConnectButton } from '../terminal/connect-button.js';
import { ConnectionsTab } from './connections-tab.js';
import { FlowLogTab } from './flow-log-tab.js';
import { RulesTab } from './rules-tab.js';
import { VerdictsTab } from './verdicts-tab.js';

export const MACHINE_PANEL: PagePanel = {
  isOpen: ({ query }) => query.has('interface') || query.has('host'),
  close: () => go(['lab']),
  component: MachinePanel,
};

function MachinePanel({ live, route: { query } }: PageProps) {
  const { cloud } = live;
  const host = findById(cloud.externalHosts, query.get('host') ?? '');
  if (host !== undefined) return <HostPanel live={live} host={host} />;
  const id = query.get('interface') ?? '';
  const eni = findById(cloud.networkInterfaces, id) ?? findById(cloud.idleInterfaces, id);
  const instance = eni === undefined || eni.instanceId === null ? undefined : findInstance(cloud, eni.instanceId);
  if (eni === undefined || instance === undefined) {
    return (
      <SplitPanel header="Not there any more" hidePreferencesButton>
        <Alert type="info">What was chosen here is gone.</Alert>
      </SplitPanel>
    );
  }
  return (
    <SplitPanel header={`${KIND_NAMES[instance.kind]} ${instance.name}`}>
      <Tabs
        key={eni.id}
        tabs={[
          { id: 'details', label: 'Details', content: <Details live={live} instance={instance} eni={eni} /> },
          ...(Object.hasOwn(cloud.networkInterfaces, eni.id) ? kernelTabs(eni.id, instance) : []),
          {
            id: 'verdicts',
            label: 'Verdicts',
            content: <VerdictsTab names={[instance.name, interfaceName(cloud, eni.id)]} />,
          },
        ]}
      />
    </SplitPanel>
  );
}

/** Of an interface that has a card. */
function kernelTabs(interfaceId: string, { kind }: Instance) {
  const rules = { id: 'rules', label: 'Security group rules', content: <RulesTab interfaceId={interfaceId} /> };
  return [
    ...(kind === 'nat-gateway' ? [] : [rules]),
    { id: 'connections', label: 'Tracked connections', content: <ConnectionsTab interfaceId={interfaceId} /> },
    { id: 'flows', label: 'Flow log', content: <FlowLogTab interfaceId={interfaceId} /> },
  ];
}

interface HostProps {
  readonly live: LiveLab;
  readonly host: ExternalHost;
}

function HostPanel({ live, host: { name, addresses, listen } }: HostProps) {
  return (
    <SplitPanel header={`Host ${name}`}>
      <SpaceBetween size="l">
        <KeyValuePairs
          columns={3}
          items={[
            { label: 'Addresses', value: addresses.join(', ') },
            { label: 'Listens on', value: listen.map(listenerText).join(', ') || '–' },
            { label: 'Security groups', value: 'none: it is on the internet' },
          ]}
        />
        <MachineButtons live={live} machine={name} name={name} />
      </SpaceBetween>
    </SplitPanel>
  );
}

interface DetailsProps {
  readonly live: LiveLab;
  readonly instance: Instance;
  readonly eni: NetworkInterface | IdleInterface;
}

function Details({ live, instance, eni }: DetailsProps) {
  const { cloud } = live;
  const subnet = byId(cloud.subnets, eni.subnetId);
  const groups = eni.groupIds.map((id) => (
    <div key={id}>
      <PlaceLink path={['groups', id]} text={byId(cloud.securityGroups, id).name} />
    </div>
  ));
  const others = instance.interfaceIds.filter((id) => id !== eni.id);
  return (
    <SpaceBetween size="l">
      <KeyValuePairs
        columns={4}
        items={[
          { label: 'Instance ID', value: instance.id },
          { label: 'Network interface', value: `${eni.id} (eth${eni.deviceIndex})` },
          { label: 'VPC and subnet', value: `${byId(cloud.vpcs, subnet.vpcId).name} / ${subnet.name}` },
          { label: 'Security groups', value: groups.length === 0 ? '–' : groups },
          { label: 'Private IPv4 addresses', value: eni.privateIpAddresses.join(', ') },
          { label: 'Public IPv4 address', value: eni.publicIp ?? '–' },
          { label: 'IPv6 addresses', value: eni.ipv6Addresses.join(', ') || '–' },
          { label: 'MAC address', value: eni.macAddress },
          { label: 'Listens on', value: instance.listen.map(listenerText).join(', ') || '–' },
          { label: 'Source/destination check', value: eni.sourceDestCheck ? 'Enabled' : 'Disabled' },
          {
            label: 'Idle time-outs',
            value: `TCP ${eni.connectionTracking.tcpEstablishedTimeout} s, UDP ${eni.connectionTracking.udpTimeout} s`,
          },
          {
            label: 'Other interfaces',
            value:
              others.length === 0
                ? '–'
                : others.map((id) => <OtherInterface key={id} id={id} name={interfaceName(cloud, id)} />),
          },
        ]}
      />
      <MachineButtons
        live={live}
        machine={instance.id}
        name={eni.deviceIndex === 0 ? instance.name : interfaceName(cloud, eni.id)}
      />
    </SpaceBetween>
  );
}

function OtherInterface({ id, name }: { readonly id: string; readonly name: string }) {
  return (
    <Button variant="inline-link" href={href(['lab'], { interface: id })}>
      {name}
    </Button>
  );
}

interface ButtonsProps {
  readonly live: LiveLab;
  /** The id of an instance, or the name of a host. */
  readonly machine: string;
  /** Of the interface, as probes name it. */
  readonly name: string;
}

function MachineButtons({ live, machine, name }: ButtonsProps) {
  return (
    <SpaceBetween direction="horizontal" size="xs">
      <Button href={href(['way'], { from: name })}>Analyze a path from here</Button>
      <Button href={href(['way'], { to: name })}>Analyze a path to here</Button>
      <ConnectButton live={live} machine={machine} />
    </SpaceBetween>
  );
}
