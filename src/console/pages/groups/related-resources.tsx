import Box from '@cloudscape-design/components/box';
import Header from '@cloudscape-design/components/header';
import SpaceBetween from '@cloudscape-design/components/space-between';
import Table from '@cloudscape-design/components/table';
import type { SecurityGroup } from '../../../cloud/groups/types.js';
import { allInterfaces, interfaceName } from '../../../cloud/lookup.js';
import { ruleText } from '../../../cloud/text/rule.js';
import type { Cloud } from '../../../cloud/types.js';
import { PlaceLink } from '../../resources/facts.js';
import { idAndName } from '../../resources/names.js';
import { groupPath } from './places.js';

interface Props {
  readonly cloud: Cloud;
  readonly group: SecurityGroup;
}

/** What has the group and what refers to it: both keep it from being deleted. */
export function RelatedResources(props: Props) {
  return (
    <SpaceBetween size="l">
      <Interfaces {...props} />
      <ReferringRules {...props} />
    </SpaceBetween>
  );
}

function Interfaces({ cloud, group }: Props) {
  const items = allInterfaces(cloud).filter(({ groupIds }) => groupIds.includes(group.id));
  return (
    <Table
      variant="container"
      contentDensity="compact"
      items={items}
      ariaLabels={{ tableLabel: 'Network interfaces' }}
      header={<Header counter={`(${items.length})`}>Network interfaces</Header>}
      empty={<Box textAlign="center">No network interface has this security group</Box>}
      columnDefinitions={[
        { id: 'id', header: 'Network interface ID', cell: ({ id }) => id, isRowHeader: true },
        { id: 'name', header: 'Of', cell: ({ id }) => interfaceName(cloud, id) },
        {
          id: 'instance',
          header: 'Instance ID',
          cell: ({ instanceId }) =>
            instanceId === null ? '–' : <PlaceLink path={['instances', instanceId]} text={instanceId} />,
        },
        {
          id: 'address',
          header: 'Private IPv4 address',
          cell: ({ privateIpAddresses }) => privateIpAddresses[0] ?? '–',
        },
      ]}
    />
  );
}

function ReferringRules({ cloud, group }: Props) {
  const items = Object.values(cloud.securityGroups).flatMap((other) =>
    other.rules
      .filter(({ peer }) => peer.type === 'group' && peer.groupId === group.id)
      .map((rule) => ({ other, rule })),
  );
  return (
    <Table
      variant="container"
      contentDensity="compact"
      items={items}
      ariaLabels={{ tableLabel: 'Referencing rules' }}
      header={<Header counter={`(${items.length})`}>Referencing rules</Header>}
      empty={<Box textAlign="center">No rule refers to this security group</Box>}
      columnDefinitions={[
        { id: 'rule', header: 'Security group rule ID', cell: ({ rule }) => rule.id, isRowHeader: true },
        {
          id: 'group',
          header: 'Security group',
          cell: ({ other }) => <PlaceLink path={groupPath(other)} text={idAndName(cloud, other.id)} />,
        },
        { id: 'text', header: 'Rule', cell: ({ rule }) => ruleText(cloud, rule) },
      ]}
    />
  );
}
