import AttributeEditor, { type AttributeEditorProps } from '@cloudscape-design/components/attribute-editor';
import Autosuggest from '@cloudscape-design/components/autosuggest';
import Box from '@cloudscape-design/components/box';
import Input from '@cloudscape-design/components/input';
import Select from '@cloudscape-design/components/select';
import { useMemo } from 'react';
import type { Direction, SecurityGroup } from '../../../cloud/groups/types.js';
import { findById } from '../../../cloud/lookup.js';
import type { Cloud } from '../../../cloud/types.js';
import { MeanwhileNote } from '../../editing/meanwhile-note.js';
import { type Row, type Rows, withLabValue, withNewRow, withoutRow, withValue } from '../../editing/rows.js';
import { peerSuggestions, type Suggestions } from './peer-suggestions.js';
import { ANYWHERE, type FormPeer, hostBlock, NEW_RULE, PEER_KINDS, type ReadRow, type RuleValue } from './rule-form.js';
import type { Traffic } from './rule-types.js';
import { PortsInput, ProtocolInput, TypeSelect } from './traffic-fields.js';

interface Props {
  readonly cloud: Cloud;
  readonly group: SecurityGroup;
  readonly direction: Direction;
  readonly form: Rows<RuleValue>;
  readonly onChange: (form: Rows<RuleValue>) => void;
  /** The rows of the form that are shown. */
  readonly read: readonly ReadRow[];
}

const PEER_LABELS: Readonly<Record<FormPeer['kind'], string>> = {
  custom: 'Custom',
  'anywhere-ipv4': 'Anywhere-IPv4',
  'anywhere-ipv6': 'Anywhere-IPv6',
  'my-ip': 'My IP',
};

const LAYOUT: readonly AttributeEditorProps.GridLayout[] = [
  { breakpoint: 'm', rows: [[3, 3, 2, 2, 6, 3]], removeButton: { width: 'auto' } },
  {
    breakpoint: 'xs',
    rows: [
      [3, 3, 2, 2],
      [6, 4],
    ],
    removeButton: { ownRow: false, width: 'auto' },
  },
  { rows: [[1, 1], [1, 1], [2], [2]] },
];

/** The rows of Edit inbound rules, as AWS's console has them. */
export function RulesEditor({ cloud, group, direction, form, onChange, read }: Props) {
  const suggestions = useMemo(() => peerSuggestions(cloud, group, direction), [cloud, group, direction]);
  const peer = direction === 'ingress' ? 'Source' : 'Destination';
  const set = ({ key, value }: Row<RuleValue>, change: Partial<RuleValue>) =>
    onChange(withValue(form, key, { ...value, ...change }));
  const control = (make: (props: FieldProps) => React.ReactNode) => (item: ReadRow, at: number) =>
    make({ cloud, suggestions, peer, row: item.row, at, set: (change) => set(item.row, change) });
  return (
    <AttributeEditor<ReadRow>
      items={read}
      empty="This security group has no such rules."
      addButtonText="Add rule"
      removeButtonText="Delete"
      removeButtonAriaLabel={({ row }) => `Delete rule ${row.item?.id ?? row.key}`}
      onAddButtonClick={() => onChange(withNewRow(form, NEW_RULE))}
      onRemoveButtonClick={({ detail }) => onChange(withoutRow(form, read[detail.itemIndex]?.row.key ?? ''))}
      gridLayout={LAYOUT}
      definition={[
        {
          label: 'Security group rule ID',
          control: ({ row }) => (
            <>
              <Box fontSize="body-s">{row.item?.id ?? '–'}</Box>
              <MeanwhileNote row={row} onTheirs={() => onChange(withLabValue(form, row.key))} />
            </>
          ),
        },
        { label: 'Type', control: control(TypeField) },
        { label: 'Protocol', control: control(ProtocolField) },
        { label: 'Port range', control: control(PortsField), errorText: (item) => problemOf(item, 'ports') },
        {
          label: peer,
          control: control(PeerField),
          errorText: (item) => problemOf(item, 'peer'),
          constraintText: ({ row }) => peerNote(cloud, row.value.peer),
        },
        {
          label: 'Description - optional',
          control: control(DescriptionField),
          errorText: (item) => problemOf(item, 'description'),
        },
      ]}
    />
  );
}

/** Nobody is told that something is wrong where nothing was written yet. */
function problemOf({ row, problem }: ReadRow, field: string): string | null {
  const { kind, text } = row.value.peer;
  const isUnwritten = row.value === NEW_RULE || (field === 'peer' && kind === 'custom' && text === '');
  return isUnwritten || problem?.field !== field ? null : problem.text;
}

function peerNote(cloud: Cloud, { kind, text }: FormPeer): string | null {
  if (kind === 'my-ip') return hostBlock(cloud, text);
  if (kind !== 'custom') return ANYWHERE[kind];
  return (findById(cloud.securityGroups, text) ?? findById(cloud.prefixLists, text))?.name ?? null;
}

interface FieldProps {
  readonly cloud: Cloud;
  readonly suggestions: readonly Suggestions[];
  /** `Source` or `Destination`. */
  readonly peer: string;
  readonly row: Row<RuleValue>;
  readonly at: number;
  readonly set: (change: Partial<RuleValue>) => void;
}

/** Rows have no labels of their own on wide screens, so each control says which rule it is of. */
function named(label: string, { peer, at }: FieldProps) {
  return { ariaLabel: `${label} of ${peer === 'Source' ? 'inbound' : 'outbound'} rule ${at + 1}`, ariaLabelledby: '' };
}

function TypeField(props: FieldProps) {
  return <TypeSelect {...named('Type', props)} {...trafficOfRow(props)} />;
}

function ProtocolField(props: FieldProps) {
  return <ProtocolInput {...named('Protocol', props)} {...trafficOfRow(props)} />;
}

function PortsField(props: FieldProps) {
  return <PortsInput {...named('Port range', props)} {...trafficOfRow(props)} />;
}

function trafficOfRow({ row, set }: FieldProps) {
  return { traffic: row.value.traffic, onChange: (traffic: Traffic) => set({ traffic }) };
}

function PeerField(props: FieldProps) {
  const { row, peer: label, set } = props;
  const { peer } = row.value;
  const choose = (kind: FormPeer['kind']) => {
    const [host = ''] = Object.keys(props.cloud.externalHosts);
    set({ peer: { kind, text: kind === 'my-ip' ? host : '' } });
  };
  const isWritten = peer.kind === 'custom' || peer.kind === 'my-ip';
  return (
    <div style={{ display: 'grid', gridTemplateColumns: isWritten ? '2fr 3fr' : '1fr', gap: 8 }}>
      <Select
        {...named(`${label} type`, props)}
        controlId={`${row.key}-peer-kind`}
        selectedOption={{ value: peer.kind, label: PEER_LABELS[peer.kind] }}
        options={PEER_KINDS.map((kind) => ({ value: kind, label: PEER_LABELS[kind] }))}
        expandToViewport
        onChange={({ detail }) => choose(detail.selectedOption.value as FormPeer['kind'])}
      />
      {peer.kind === 'custom' && <CustomPeer {...props} />}
      {peer.kind === 'my-ip' && <HostPeer {...props} />}
    </div>
  );
}

function CustomPeer(props: FieldProps) {
  const { row, peer, set, suggestions } = props;
  return (
    <Autosuggest
      {...named(peer, props)}
      controlId={`${row.key}-peer`}
      value={row.value.peer.text}
      options={suggestions.map(({ label, options }) => ({ label, options }))}
      virtualScroll
      expandToViewport
      enteredTextLabel={(text) => `Use: "${text}"`}
      placeholder="CIDR, security group or prefix list"
      onChange={({ detail }) => set({ peer: { kind: 'custom', text: detail.value } })}
    />
  );
}

function HostPeer(props: FieldProps) {
  const { cloud, row, peer, set } = props;
  const { text } = row.value.peer;
  return (
    <Select
      {...named(`${peer} host`, props)}
      controlId={`${row.key}-peer`}
      selectedOption={text === '' ? null : { value: text, label: text }}
      options={Object.keys(cloud.externalHosts).map((name) => ({
        value: name,
        label: name,
        description: hostBlock(cloud, name),
      }))}
      placeholder="A host of the internet"
      empty="The lab has no host on the internet"
      expandToViewport
      onChange={({ detail }) => set({ peer: { kind: 'my-ip', text: detail.selectedOption.value ?? '' } })}
    />
  );
}

function DescriptionField(props: FieldProps) {
  const { row, set } = props;
  return (
    <Input
      {...named('Description', props)}
      value={row.value.description}
      onChange={({ detail }) => set({ description: detail.value })}
    />
  );
}
