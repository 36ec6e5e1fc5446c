import Container from '@cloudscape-design/components/container';
import FormField from '@cloudscape-design/components/form-field';
import Header from '@cloudscape-design/components/header';
import Input from '@cloudscape-design/components/input';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useState } from 'react';
import type { Direction, SecurityGroup } from '../../../cloud/groups/types.js';
import type { Cloud } from '../../../cloud/types.js';
import { type Rows, rowsOf, shownRows, withNewRow } from '../../editing/rows.js';
import type { LiveLab } from '../../live/lab-store.js';
import { FormActions } from '../../resources/form-actions.js';
import { ResourcePage } from '../../resources/resource-page.js';
import { type Tag, TagsContainer } from '../../resources/tags-editor.js';
import { firstVpc, VpcField } from '../../resources/vpc-field.js';
import { notify, notifyFailure } from '../../shell/notices.js';
import { go } from '../../shell/route.js';
import { addRules, createGroup, type NewGroup } from './create-group.js';
import { GROUPS, groupPath } from './places.js';
import { NEW_RULE, type ReadRow, type RuleValue, readRows } from './rule-form.js';
import { ruleType, trafficOfType } from './rule-types.js';
import { RulesEditor } from './rules-editor.js';

interface Details {
  readonly name: string;
  readonly description: string;
  readonly vpcId: string;
}

const EVERYTHING_OUT: RuleValue = {
  ...NEW_RULE,
  traffic: trafficOfType(ruleType('All traffic')),
  peer: { kind: 'anywhere-ipv4', text: '' },
};

export function CreateGroupPage({ live: { cloud } }: { readonly live: LiveLab }) {
  const [details, setDetails] = useState<Details>(() => ({ name: '', description: '', vpcId: firstVpc(cloud) }));
  const [tags, setTags] = useState<readonly Tag[]>([]);
  const [inbound, setInbound] = useState<Rows<RuleValue>>(() => rowsOf([]));
  const [outbound, setOutbound] = useState<Rows<RuleValue>>(() => withNewRow(rowsOf([]), EVERYTHING_OUT));
  const [isSaving, setSaving] = useState(false);
  // It has no id yet, so that no rule can refer to it.
  const group: SecurityGroup = { ...details, id: '', associatedVpcIds: [], rules: [] };
  const readIn = readRows(cloud, group, 'ingress', shownRows(inbound));
  const readOut = readRows(cloud, group, 'egress', shownRows(outbound));
  const isWrong = [...readIn, ...readOut].some(({ problem }) => problem !== null);
  const save = async () => {
    setSaving(true);
    await create({ ...details, tags }, readIn, readOut);
    setSaving(false);
  };
  return (
    <ResourcePage
      crumbs={[GROUPS]}
      title="Create security group"
      description="A security group acts as a virtual firewall for your instance to control inbound and outbound traffic. It changes nothing before a network interface has it."
    >
      <BasicDetails cloud={cloud} details={details} onChange={setDetails} />
      {(['ingress', 'egress'] as const).map((direction) => (
        <Container key={direction} header={<Header variant="h2">{titleOf(direction)}</Header>}>
          <RulesEditor
            cloud={cloud}
            group={group}
            direction={direction}
            form={direction === 'ingress' ? inbound : outbound}
            onChange={direction === 'ingress' ? setInbound : setOutbound}
            read={direction === 'ingress' ? readIn : readOut}
          />
        </Container>
      ))}
      <TagsContainer tags={tags} onChange={setTags} />
      <FormActions
        text="Create security group"
        isWrong={isWrong}
        isSaving={isSaving}
        back={GROUPS.path}
        onSave={save}
      />
    </ResourcePage>
  );
}

const titleOf = (direction: Direction) => (direction === 'ingress' ? 'Inbound rules' : 'Outbound rules');

/** A group whose rules are refused is there, as in AWS; its page shows what it lacks. */
async function create(details: NewGroup, inbound: readonly ReadRow[], outbound: readonly ReadRow[]): Promise<void> {
  const wanted = (read: readonly ReadRow[]) => read.flatMap(({ body }) => body ?? []);
  let id: string;
  try {
    id = await createGroup(details);
  } catch (error) {
    return notifyFailure('The security group was not created', error);
  }
  try {
    await addRules(id, wanted(inbound), wanted(outbound));
    notify({ type: 'success', header: `Security group ${id} (${details.name}) was created` });
  } catch (error) {
    notifyFailure(`Security group ${id} was created, but not all of its rules`, error);
  }
  go(groupPath({ id }));
}

interface BasicProps {
  readonly cloud: Cloud;
  readonly details: Details;
  readonly onChange: (details: Details) => void;
}

function BasicDetails({ cloud, details, onChange }: BasicProps) {
  return (
    <Container header={<Header variant="h2">Basic details</Header>}>
      <SpaceBetween size="m">
        <FormField label="Security group name" constraintText="Name cannot be edited after creation.">
          <Input value={details.name} onChange={({ detail }) => onChange({ ...details, name: detail.value })} />
        </FormField>
        <FormField label="Description">
          <Input
            value={details.description}
            onChange={({ detail }) => onChange({ ...details, description: detail.value })}
          />
        </FormField>
        <VpcField cloud={cloud} vpcId={details.vpcId} onChange={(vpcId) => onChange({ ...details, vpcId })} />
      </SpaceBetween>
    </Container>
  );
}
