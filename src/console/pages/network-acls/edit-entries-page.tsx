import Container from '@cloudscape-design/components/container';
import { useMemo, useState } from 'react';
import type { Direction } from '../../../cloud/groups/types.js';
import type { NetworkAcl } from '../../../cloud/network/types.js';
import type { Cloud } from '../../../cloud/types.js';
import { askedOf, askedQuestions, servedQuestions } from '../../editing/asked.js';
import type { Change } from '../../editing/change.js';
import { EditPage, MeanwhileAlert } from '../../editing/edit-page.js';
import { shownRows } from '../../editing/rows.js';
import { useRows } from '../../editing/use-rows.js';
import type { LiveLab } from '../../live/lab-store.js';
import { idAndLabName } from '../../resources/names.js';
import { EntriesEditor } from './entries-editor.js';
import { entryChanges, entryItems, entryRequests, type ReadEntry, readEntries } from './entry-form.js';
import { aclPath, NETWORK_ACLS } from './places.js';

interface Props {
  readonly live: LiveLab;
  readonly acl: NetworkAcl;
  readonly direction: Direction;
}

const TEXTS = {
  ingress: {
    title: 'Edit inbound rules',
    description: 'Inbound rules control the incoming traffic that’s allowed to reach the VPC.',
  },
  egress: {
    title: 'Edit outbound rules',
    description: 'Outbound rules control the outgoing traffic that’s allowed to leave the VPC.',
  },
} as const;

export function EditEntriesPage({ live, acl, direction }: Props) {
  const { cloud } = live;
  const [isSaving, setSaving] = useState(false);
  const items = useMemo(() => entryItems(acl, direction), [acl, direction]);
  const [form, setForm] = useRows(items, isSaving);
  const rows = shownRows(form);
  const read = readEntries(direction, rows);
  const isWrong = read.some(({ problem }) => problem !== null);
  return (
    <EditPage
      {...TEXTS[direction]}
      live={live}
      crumbs={[NETWORK_ACLS, { text: idAndLabName(cloud, acl), path: aclPath(acl.id) }]}
      change={isWrong ? null : changeOf(cloud, acl, direction, read)}
      isWrong={isWrong}
      saving={{ isSaving, setSaving }}
      back={aclPath(acl.id)}
      saveText="Save changes"
    >
      <MeanwhileAlert what="The network ACL" rows={rows} gone={form.gone} />
      <Container>
        <EntriesEditor direction={direction} form={form} onChange={setForm} read={read} />
      </Container>
    </EditPage>
  );
}

function changeOf(cloud: Cloud, acl: NetworkAcl, direction: Direction, read: readonly ReadEntry[]): Change | null {
  const wanted = read.flatMap(({ entry }) => entry ?? []);
  const changes = entryChanges(acl, direction, wanted);
  const ways = [false, true].map((isFull) => entryRequests(acl.id, changes, isFull));
  if (ways[0]?.length === 0) return null;
  // An entry meets the replies of other ports, too.
  const own = askedQuestions(cloud, [...changes.create, ...changes.replace, ...changes.remove]);
  const questions = [...new Set([...own, ...servedQuestions(cloud)])];
  return { ways, asked: askedOf(cloud, questions) };
}
