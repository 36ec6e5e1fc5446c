import Container from '@cloudscape-design/components/container';
import { useMemo, useState } from 'react';
import type { RuleBody } from '../../../cloud/groups/rules.js';
import type { Direction, SecurityGroup } from '../../../cloud/groups/types.js';
import type { Cloud } from '../../../cloud/types.js';
import { askedOf, askedQuestions } from '../../editing/asked.js';
import type { Change } from '../../editing/change.js';
import { EditPage, MeanwhileAlert } from '../../editing/edit-page.js';
import { shownRows } from '../../editing/rows.js';
import { useRows } from '../../editing/use-rows.js';
import type { LiveLab } from '../../live/lab-store.js';
import { GROUPS, groupPath } from './places.js';
import { type ReadRow, readRows, ruleItems } from './rule-form.js';
import { type RuleChanges, ruleChanges, ruleRequests } from './rule-requests.js';
import { RulesEditor } from './rules-editor.js';

interface Props {
  readonly live: LiveLab;
  readonly group: SecurityGroup;
  readonly direction: Direction;
}

const TEXTS = {
  ingress: {
    title: 'Edit inbound rules',
    description: 'Inbound rules control the incoming traffic that’s allowed to reach the instance.',
  },
  egress: {
    title: 'Edit outbound rules',
    description: 'Outbound rules control the outgoing traffic that’s allowed to leave the instance.',
  },
} as const;

export function EditRulesPage({ live, group, direction }: Props) {
  const { cloud } = live;
  const [isSaving, setSaving] = useState(false);
  const items = useMemo(() => ruleItems(group, direction), [group, direction]);
  const [form, setForm] = useRows(items, isSaving);
  const rows = shownRows(form);
  const read = readRows(cloud, group, direction, rows);
  const isWrong = read.some(({ problem }) => problem !== null);
  const crumbs = [GROUPS, { text: `${group.id} - ${group.name}`, path: groupPath(group) }];
  return (
    <EditPage
      {...TEXTS[direction]}
      live={live}
      crumbs={crumbs}
      change={isWrong ? null : changeOf(cloud, group, direction, read)}
      isWrong={isWrong}
      saving={{ isSaving, setSaving }}
      back={groupPath(group)}
      saveText="Save rules"
    >
      <MeanwhileAlert what="The security group" rows={rows} gone={form.gone} />
      <Container>
        <RulesEditor cloud={cloud} group={group} direction={direction} form={form} onChange={setForm} read={read} />
      </Container>
    </EditPage>
  );
}

function changeOf(cloud: Cloud, group: SecurityGroup, direction: Direction, read: readonly ReadRow[]): Change | null {
  const rules = group.rules.filter((rule) => rule.direction === direction);
  const wanted = read.flatMap(({ row, body }) => (body === null ? [] : [{ ruleId: row.item?.id ?? null, body }]));
  const changes = ruleChanges(rules, wanted);
  const ways = (['opening-first', 'closing-first'] as const).map((order) =>
    ruleRequests({ groupId: group.id, direction }, changes, order),
  );
  if (ways[0]?.length === 0) return null;
  return { ways, asked: askedOf(cloud, askedQuestions(cloud, changedRules(group, changes))) };
}

/** What was said and what will be, of all rules that come, go or say something else. */
function changedRules({ rules }: SecurityGroup, { authorize, modify, revoke }: RuleChanges): readonly RuleBody[] {
  const touched = new Set([...revoke, ...modify.map(({ ruleId }) => ruleId)]);
  return [...authorize, ...modify.map(({ body }) => body), ...rules.filter(({ id }) => touched.has(id))];
}
