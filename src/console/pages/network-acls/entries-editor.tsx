import AttributeEditor, { type AttributeEditorProps } from '@cloudscape-design/components/attribute-editor';
import Input from '@cloudscape-design/components/input';
import Select from '@cloudscape-design/components/select';
import type { Direction } from '../../../cloud/groups/types.js';
import { MeanwhileNote } from '../../editing/meanwhile-note.js';
import { type Row, type Rows, withLabValue, withNewRow, withoutRow, withValue } from '../../editing/rows.js';
import { PortsInput, ProtocolInput, TypeSelect } from '../groups/traffic-fields.js';
import { type EntryValue, newEntry, type ReadEntry } from './entry-form.js';

interface Props {
  readonly direction: Direction;
  readonly form: Rows<EntryValue>;
  readonly onChange: (form: Rows<EntryValue>) => void;
  readonly read: readonly ReadEntry[];
}

const LAYOUT: readonly AttributeEditorProps.GridLayout[] = [
  { breakpoint: 'xs', rows: [[2, 3, 2, 2, 3, 2]], removeButton: { width: 'auto' } },
  {
    rows: [
      [1, 1],
      [1, 1],
      [1, 1],
    ],
  },
];

const ACTIONS = [
  { value: 'allow', label: 'Allow' },
  { value: 'deny', label: 'Deny' },
] as const;

export function EntriesEditor({ direction, form, onChange, read }: Props) {
  const peer = direction === 'ingress' ? 'Source' : 'Destination';
  const set = ({ key, value }: Row<EntryValue>, change: Partial<EntryValue>) =>
    onChange(withValue(form, key, { ...value, ...change }));
  const named = (label: string, at: number) => ({ ariaLabel: `${label} of entry ${at + 1}`, ariaLabelledby: '' });
  const traffic = ({ row }: ReadEntry, label: string, at: number) => ({
    ...named(label, at),
    traffic: row.value.traffic,
    onChange: (changed: EntryValue['traffic']) => set(row, { traffic: changed }),
  });
  return (
    <AttributeEditor<ReadEntry>
      items={read}
      empty="Without entries everything is denied."
      addButtonText="Add new rule"
      removeButtonText="Remove"
      removeButtonAriaLabel={({ row }) => `Remove entry ${row.value.number}`}
      onAddButtonClick={() => onChange(withNewRow(form, newEntry(form.rows)))}
      onRemoveButtonClick={({ detail }) => onChange(withoutRow(form, read[detail.itemIndex]?.row.key ?? ''))}
      gridLayout={LAYOUT}
      definition={[
        {
          label: 'Rule number',
          control: ({ row }, at) => (
            <>
              <Input
                {...named('Rule number', at)}
                value={row.value.number}
                inputMode="numeric"
                onChange={({ detail }) => set(row, { number: detail.value })}
              />
              <MeanwhileNote row={row} onTheirs={() => onChange(withLabValue(form, row.key))} />
            </>
          ),
          errorText: (item) => problemOf(item, 'number'),
        },
        { label: 'Type', control: (item, at) => <TypeSelect {...traffic(item, 'Type', at)} /> },
        { label: 'Protocol', control: (item, at) => <ProtocolInput {...traffic(item, 'Protocol', at)} /> },
        {
          label: 'Port range',
          control: (item, at) => <PortsInput {...traffic(item, 'Port range', at)} />,
          errorText: (item) => problemOf(item, 'ports'),
        },
        {
          label: peer,
          control: ({ row }, at) => (
            <Input
              {...named(peer, at)}
              value={row.value.cidr}
              onChange={({ detail }) => set(row, { cidr: detail.value })}
            />
          ),
          errorText: (item) => problemOf(item, 'cidr'),
        },
        {
          label: 'Allow/Deny',
          control: ({ row }, at) => (
            <Select
              {...named('Allow/Deny', at)}
              selectedOption={ACTIONS.find(({ value }) => value === row.value.action) ?? ACTIONS[0]}
              options={ACTIONS}
              expandToViewport
              onChange={({ detail }) => set(row, { action: detail.selectedOption.value === 'deny' ? 'deny' : 'allow' })}
            />
          ),
        },
      ]}
    />
  );
}

/** Nobody is told that a row is wrong before a block was written into it. */
function problemOf({ row, problem }: ReadEntry, field: string): string | null {
  const isBegun = row.item !== null || row.value.cidr !== '';
  return isBegun && problem?.field === field ? problem.text : null;
}
