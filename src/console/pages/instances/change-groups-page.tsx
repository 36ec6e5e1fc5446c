import Container from '@cloudscape-design/components/container';
import FormField from '@cloudscape-design/components/form-field';
import Header from '@cloudscape-design/components/header';
import Multiselect from '@cloudscape-design/components/multiselect';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useMemo, useState } from 'react';
import { isUsableIn } from '../../../cloud/groups/members.js';
import type { SecurityGroup } from '../../../cloud/groups/types.js';
import type { Instance } from '../../../cloud/instances/types.js';
import { getAnyInterface, interfaceName, vpcIdOfInterface } from '../../../cloud/lookup.js';
import { escapeInvisible } from '../../../cloud/text/quote.js';
import type { Cloud } from '../../../cloud/types.js';
import { askedOf, servedQuestions } from '../../editing/asked.js';
import type { Change } from '../../editing/change.js';
import { EditPage, MeanwhileAlert } from '../../editing/edit-page.js';
import { type Row, shownRows, withValue } from '../../editing/rows.js';
import { useRows } from '../../editing/use-rows.js';
import type { LiveLab } from '../../live/lab-store.js';
import { chosenGroups, type GroupChoice, groupChoice, groupItems, groupRequests } from './group-choice.js';
import { INSTANCES, instancePath } from './places.js';

interface Props {
  readonly live: LiveLab;
  readonly instance: Instance;
}

export function ChangeGroupsPage({ live, instance }: Props) {
  const { cloud } = live;
  const [isSaving, setSaving] = useState(false);
  const items = useMemo(() => groupItems(cloud, instance), [cloud, instance]);
  const [form, setForm] = useRows(items, isSaving);
  const rows = shownRows(form).filter(({ item }) => item !== null);
  const isWrong = rows.some(({ value }) => chosenGroups(value).length === 0);
  const name = `${instance.id} (${escapeInvisible(instance.name)})`;
  return (
    <EditPage
      live={live}
      title="Change security groups"
      description="Amazon EC2 evaluates all the rules of the selected security groups to control inbound and outbound traffic to and from your instance."
      crumbs={[INSTANCES, { text: name, path: instancePath(instance.id) }]}
      change={isWrong ? null : changeOf(cloud, instance, rows)}
      isWrong={isWrong}
      saving={{ isSaving, setSaving }}
      back={instancePath(instance.id)}
      saveText="Save"
    >
      <MeanwhileAlert what="The instance" rows={rows} gone={form.gone} />
      <Container header={<Header variant="h2">Associated security groups</Header>}>
        <SpaceBetween size="l">
          {rows.map((row) => (
            <GroupsOfInterface
              key={row.key}
              cloud={cloud}
              row={row}
              onChange={(value) => setForm(withValue(form, row.key, value))}
            />
          ))}
        </SpaceBetween>
      </Container>
    </EditPage>
  );
}

function changeOf(cloud: Cloud, { name }: Instance, rows: readonly Row<GroupChoice>[]): Change | null {
  const requests = groupRequests(rows);
  if (requests.length === 0) return null;
  return { ways: [requests], asked: askedOf(cloud, servedQuestions(cloud), name) };
}

interface InterfaceProps {
  readonly cloud: Cloud;
  readonly row: Row<GroupChoice>;
  readonly onChange: (choice: GroupChoice) => void;
}

function GroupsOfInterface({ cloud, row, onChange }: InterfaceProps) {
  const chosen = chosenGroups(row.value);
  const options = usableGroups(cloud, row.key).map(({ id, name }) => ({ value: id, label: id, description: name }));
  const choose = (ids: readonly string[]) => onChange(groupChoice(ids));
  return (
    <FormField
      label={`Security groups of ${interfaceName(cloud, row.key)} (${row.key})`}
      errorText={chosen.length === 0 ? 'You must specify at least one security group' : null}
    >
      <Multiselect
        selectedOptions={options.filter(({ value }) => chosen.includes(value))}
        options={options}
        filteringType="auto"
        filteringAriaLabel="Find security groups"
        placeholder="Select security groups"
        deselectAriaLabel={({ value }) => `Remove ${value}`}
        virtualScroll
        onChange={({ detail }) => choose(detail.selectedOptions.flatMap(({ value }) => value ?? []))}
      />
    </FormField>
  );
}

function usableGroups(cloud: Cloud, interfaceId: string): readonly SecurityGroup[] {
  const vpcId = vpcIdOfInterface(cloud, getAnyInterface(cloud, interfaceId));
  return Object.values(cloud.securityGroups).filter((group) => isUsableIn(group, vpcId));
}
