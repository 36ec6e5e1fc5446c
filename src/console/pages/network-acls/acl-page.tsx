import Button from '@cloudscape-design/components/button';
import Tabs from '@cloudscape-design/components/tabs';
import type { Direction } from '../../../cloud/groups/types.js';
import { byId } from '../../../cloud/lookup.js';
import type { NetworkAcl } from '../../../cloud/network/types.js';
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
import { EntriesTable } from './entries-table.js';
import { subnetsOfAcl } from './entry-form.js';
import { aclPath, DELETED, editEntriesPath, editSubnetsPath, NETWORK_ACLS } from './places.js';

interface Props {
  readonly live: LiveLab;
  readonly acl: NetworkAcl;
  readonly tab: string;
}

export function AclPage({ live: { cloud }, acl, tab }: Props) {
  const path = aclPath(acl.id);
  const subnets = subnetsOfAcl(cloud, acl);
  return (
    <ResourcePage
      crumbs={[NETWORK_ACLS]}
      title={idAndLabName(cloud, acl)}
      actions={<DeleteButton cloud={cloud} kind={DELETED} id={acl.id} />}
    >
      <FactsPanel title="Details" facts={factsOf(cloud, acl, subnets.length)} />
      <ProofPanel place={path.join('/')} />
      <Tabs
        activeTabId={tab}
        ariaLabel="Of the network ACL"
        onChange={({ detail }) => go(path, { tab: detail.activeTabId })}
        tabs={[
          { id: 'inbound', label: 'Inbound rules', content: entriesOf(acl, 'ingress') },
          { id: 'outbound', label: 'Outbound rules', content: entriesOf(acl, 'egress') },
          {
            id: 'subnets',
            label: 'Subnet associations',
            content: (
              <SubnetsTable
                cloud={cloud}
                title="Subnet associations"
                subnets={subnets}
                actions={<Button href={href(editSubnetsPath(acl.id))}>Edit subnet associations</Button>}
              />
            ),
          },
          { id: 'tags', label: 'Tags', content: <TagsPanel cloud={cloud} id={acl.id} /> },
        ]}
      />
    </ResourcePage>
  );
}

function entriesOf(acl: NetworkAcl, direction: Direction) {
  const word = direction === 'ingress' ? 'inbound' : 'outbound';
  const edit = <Button href={href(editEntriesPath(acl.id, direction))}>{`Edit ${word} rules`}</Button>;
  return <EntriesTable acl={acl} direction={direction} actions={edit} />;
}

function factsOf(cloud: Cloud, acl: NetworkAcl, subnets: number) {
  const vpc = byId(cloud.vpcs, acl.vpcId);
  return [
    { label: 'Network ACL ID', value: acl.id },
    { label: 'Associated with', value: subnets === 0 ? '–' : `${subnets} ${subnets === 1 ? 'Subnet' : 'Subnets'}` },
    { label: 'Default', value: vpc.defaultNetworkAclId === acl.id ? 'Yes' : 'No' },
    { label: 'VPC ID', value: `${vpc.id} (${vpc.name})` },
  ];
}
