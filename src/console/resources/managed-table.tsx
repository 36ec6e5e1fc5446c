import Button from '@cloudscape-design/components/button';
import ButtonDropdown from '@cloudscape-design/components/button-dropdown';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useState } from 'react';
import type { Cloud } from '../../cloud/types.js';
import { go, href } from '../shell/route.js';
import { type Deleted, DeleteResources } from './delete-resources.js';
import { type ResourceColumn, type ResourceRow, ResourceTable } from './resource-table.js';

/** What can be done with one of them, on a page of its own. */
export interface Task {
  readonly text: string;
  readonly pathOf: (id: string) => readonly string[];
}

interface Props {
  readonly cloud: Cloud;
  readonly title: string;
  readonly kind: Deleted;
  readonly rows: readonly ResourceRow[];
  readonly columns: readonly ResourceColumn[];
  readonly tasks: readonly Task[];
  /** Of the page that creates one. */
  readonly createPath: readonly string[];
}

/** The list of a kind of resource that is created, changed and deleted here. */
export function ManagedTable({ cloud, title, kind, rows, columns, tasks, createPath }: Props) {
  const [selected, select] = useState<readonly string[]>([]);
  const [isDeleting, setDeleting] = useState(false);
  const chosen = selected.filter((id) => rows.some((row) => row.id === id));
  const act = (action: string) => {
    if (action === DELETE) return setDeleting(true);
    const task = tasks.find(({ text }) => text === action);
    if (task !== undefined) go(task.pathOf(chosen[0] ?? ''));
  };
  return (
    <>
      <ResourceTable
        title={title}
        noun={kind.noun}
        rows={rows}
        columns={columns}
        selected={chosen}
        onSelect={select}
        actions={
          <SpaceBetween direction="horizontal" size="xs">
            <ButtonDropdown items={itemsOf(kind, tasks, chosen.length)} onItemClick={({ detail }) => act(detail.id)}>
              Actions
            </ButtonDropdown>
            <Button variant="primary" href={href(createPath)}>{`Create ${kind.noun}`}</Button>
          </SpaceBetween>
        }
      />
      {isDeleting && <DeleteResources cloud={cloud} kind={kind} ids={chosen} onClose={() => setDeleting(false)} />}
    </>
  );
}

const DELETE = 'delete';

function itemsOf({ noun }: Deleted, tasks: readonly Task[], chosen: number) {
  return [
    ...tasks.map(({ text }) => ({ id: text, text, disabled: chosen !== 1 })),
    { id: DELETE, text: `Delete ${noun}s`, disabled: chosen === 0 },
  ];
}
