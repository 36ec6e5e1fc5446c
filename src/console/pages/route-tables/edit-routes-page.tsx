import AttributeEditor, { type AttributeEditorProps } from '@cloudscape-design/components/attribute-editor';
import Container from '@cloudscape-design/components/container';
import Input from '@cloudscape-design/components/input';
import Select from '@cloudscape-design/components/select';
import { useMemo, useState } from 'react';
import type { RouteTable } from '../../../cloud/network/types.js';
import type { Cloud } from '../../../cloud/types.js';
import { askedOf, servedQuestions } from '../../editing/asked.js';
import type { Change } from '../../editing/change.js';
import { EditPage, MeanwhileAlert } from '../../editing/edit-page.js';
import { MeanwhileNote } from '../../editing/meanwhile-note.js';
import { type Rows, shownRows, withLabValue, withNewRow, withoutRow, withValue } from '../../editing/rows.js';
import { useRows } from '../../editing/use-rows.js';
import type { LiveLab } from '../../live/lab-store.js';
import { idAndLabName } from '../../resources/names.js';
import { ROUTE_TABLES, tablePath } from './places.js';
import {
  isLocalRoute,
  NEW_ROUTE,
  type ReadRoute,
  type RouteValue,
  readRoutes,
  routeItems,
  routeRequests,
  targetsOf,
} from './route-form.js';

interface Props {
  readonly live: LiveLab;
  readonly table: RouteTable;
}

export function EditRoutesPage({ live, table }: Props) {
  const { cloud } = live;
  const [isSaving, setSaving] = useState(false);
  const items = useMemo(() => routeItems(cloud, table), [cloud, table]);
  const [form, setForm] = useRows(items, isSaving);
  const rows = shownRows(form);
  const read = readRoutes(cloud, rows);
  const isWrong = read.some(({ problem }) => problem !== null);
  return (
    <EditPage
      live={live}
      title="Edit routes"
      description="Routes say where network traffic from the subnets of the route table is directed."
      crumbs={[ROUTE_TABLES, { text: idAndLabName(cloud, table), path: tablePath(table.id) }]}
      change={isWrong ? null : changeOf(cloud, table, read)}
      isWrong={isWrong}
      saving={{ isSaving, setSaving }}
      back={tablePath(table.id)}
      saveText="Save changes"
    >
      <MeanwhileAlert what="The route table" rows={rows} gone={form.gone} />
      <Container>
        <RoutesEditor cloud={cloud} table={table} form={form} onChange={setForm} read={read} />
      </Container>
    </EditPage>
  );
}

function changeOf(cloud: Cloud, table: RouteTable, read: readonly ReadRoute[]): Change | null {
  const requests = routeRequests(cloud, table, read);
  if (requests.length === 0) return null;
  return { ways: [requests], asked: askedOf(cloud, servedQuestions(cloud)) };
}

const LAYOUT: readonly AttributeEditorProps.GridLayout[] = [
  { breakpoint: 'xs', rows: [[1, 1]], removeButton: { width: 'auto' } },
  { rows: [[1], [1]] },
];

interface EditorProps {
  readonly cloud: Cloud;
  readonly table: RouteTable;
  readonly form: Rows<RouteValue>;
  readonly onChange: (form: Rows<RouteValue>) => void;
  readonly read: readonly ReadRoute[];
}

function RoutesEditor({ cloud, table, form, onChange, read }: EditorProps) {
  const targets = useMemo(() => targetsOf(cloud, table), [cloud, table]);
  const set = ({ row }: ReadRoute, change: Partial<RouteValue>) =>
    onChange(withValue(form, row.key, { ...row.value, ...change }));
  const named = (label: string, at: number) => ({ ariaLabel: `${label} of route ${at + 1}`, ariaLabelledby: '' });
  return (
    <AttributeEditor<ReadRoute>
      items={read}
      addButtonText="Add route"
      removeButtonText="Remove"
      removeButtonAriaLabel={({ row }) => `Remove route ${row.value.destination}`}
      isItemRemovable={({ row }) => !isLocalRoute(cloud, table, row)}
      onAddButtonClick={() => onChange(withNewRow(form, NEW_ROUTE))}
      onRemoveButtonClick={({ detail }) => onChange(withoutRow(form, read[detail.itemIndex]?.row.key ?? ''))}
      gridLayout={LAYOUT}
      definition={[
        {
          label: 'Destination',
          control: (item, at) => (
            <>
              <Input
                {...named('Destination', at)}
                value={item.row.value.destination}
                disabled={isLocalRoute(cloud, table, item.row)}
                onChange={({ detail }) => set(item, { destination: detail.value })}
              />
              <MeanwhileNote row={item.row} onTheirs={() => onChange(withLabValue(form, item.row.key))} />
            </>
          ),
          errorText: ({ row, problem }) =>
            row.value.destination !== '' && problem?.field === 'destination' ? problem.text : null,
        },
        {
          label: 'Target',
          control: (item, at) => (
            <Select
              {...named('Target', at)}
              selectedOption={optionOf(item.row.value.target)}
              options={targets.map(({ label, options }) => ({ label, options }))}
              placeholder="Choose a target"
              filteringType="auto"
              filteringAriaLabel="Find a target"
              expandToViewport
              onChange={({ detail }) => set(item, { target: detail.selectedOption.value ?? '' })}
            />
          ),
        },
      ]}
    />
  );
}

function optionOf(target: string) {
  return target === '' ? null : { value: target, label: target };
}
