import Button from '@cloudscape-design/components/button';
import ButtonDropdown from '@cloudscape-design/components/button-dropdown';
import Tabs from '@cloudscape-design/components/tabs';
import { useState } from 'react';
import type { Direction, SecurityGroup } from '../../../cloud/groups/types.js';
import { byId } from '../../../cloud/lookup.js';
import type { Cloud } from '../../../cloud/types.js';
import { ProofPanel } from '../../editing/proof-panel.js';
import type { LiveLab } from '../../live/lab-store.js';
import { DeleteResources } from '../../resources/delete-resources.js';
import { FactsPanel } from '../../resources/facts.js';
import { ResourcePage } from '../../resources/resource-page.js';
import { TagsPanel } from '../../resources/tags-panel.js';
import { go, href } from '../../shell/route.js';
import { DELETED, editRulesPath, GROUPS, groupPath } from './places.js';
import { RelatedResources } from './related-resources.js';
import { RulesTable } from './rules-table.js';

interface Props {
  readonly live: LiveLab;
  readonly group: SecurityGroup;
  readonly tab: string;
}

export function GroupPage({ live: { cloud }, group, tab }: Props) {
  const [isDeleting, setDeleting] = useState(false);
  const path = groupPath(group);
  return (
    <ResourcePage
      crumbs={[GROUPS]}
      title={`${group.id} - ${group.name}`}
      actions={<Actions group={group} onDelete={() => setDeleting(true)} />}
    >
      <FactsPanel title="Details" facts={factsOf(cloud, group)} />
      <ProofPanel place={path.join('/')} />
      <Tabs
        activeTabId={tab}
        ariaLabel="Of the security group"
        onChange={({ detail }) => go(path, { tab: detail.activeTabId })}
        tabs={[
          { id: 'inbound', label: 'Inbound rules', content: rulesOf(cloud, group, 'ingress') },
          { id: 'outbound', label: 'Outbound rules', content: rulesOf(cloud, group, 'egress') },
          { id: 'related', label: 'Related resources', content: <RelatedResources cloud={cloud} group={group} /> },
          { id: 'tags', label: 'Tags', content: <TagsPanel cloud={cloud} id={group.id} /> },
        ]}
      />
      {isDeleting && (
        <DeleteResources cloud={cloud} kind={DELETED} ids={[group.id]} onClose={() => setDeleting(false)} />
      )}
    </ResourcePage>
  );
}

function rulesOf(cloud: Cloud, group: SecurityGroup, direction: Direction) {
  const word = direction === 'ingress' ? 'inbound' : 'outbound';
  const edit = <Button href={href(editRulesPath(group, direction))}>{`Edit ${word} rules`}</Button>;
  return <RulesTable cloud={cloud} group={group} direction={direction} actions={edit} />;
}

function Actions({ group, onDelete }: { readonly group: SecurityGroup; readonly onDelete: () => void }) {
  return (
    <ButtonDropdown
      items={[
        { id: 'ingress', text: 'Edit inbound rules' },
        { id: 'egress', text: 'Edit outbound rules' },
        { id: 'delete', text: 'Delete security group' },
      ]}
      onItemClick={({ detail }) =>
        detail.id === 'delete' ? onDelete() : go(editRulesPath(group, detail.id as Direction))
      }
    >
      Actions
    </ButtonDropdown>
  );
}

function factsOf(cloud: Cloud, group: SecurityGroup) {
  const count = (direction: Direction) => group.rules.filter((rule) => rule.direction === direction).length;
  const entries = (number: number) => `${number} Permission ${number === 1 ? 'entry' : 'entries'}`;
  return [
    { label: 'Security group name', value: group.name },
    { label: 'Security group ID', value: group.id },
    { label: 'Description', value: group.description },
    { label: 'VPC ID', value: `${group.vpcId} (${byId(cloud.vpcs, group.vpcId).name})` },
    { label: 'Owner', value: cloud.accountId },
    { label: 'Inbound rules count', value: entries(count('ingress')) },
    { label: 'Outbound rules count', value: entries(count('egress')) },
  ];
}
