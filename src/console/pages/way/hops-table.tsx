import StatusIndicator, { type StatusIndicatorProps } from '@cloudscape-design/components/status-indicator';
import Table from '@cloudscape-design/components/table';
import type { Verdict } from '../../../verdict/types.js';
import type { WayStep } from './steps.js';

interface Props {
  readonly steps: readonly WayStep[];
  readonly current: number;
  readonly onChoose: (at: number) => void;
}

const VERDICTS: Readonly<Record<Verdict, { readonly type: StatusIndicatorProps.Type; readonly text: string }>> = {
  pass: { type: 'success', text: 'passed' },
  drop: { type: 'error', text: 'dropped' },
  refuse: { type: 'warning', text: 'refused' },
};

/** Of `refused` on one line. Pixels. */
const VERDICT_WIDTH = 120;

/** One of them is where the packet is. */
export function HopsTable({ steps, current, onChoose }: Props) {
  return (
    <Table
      variant="embedded"
      contentDensity="compact"
      wrapLines
      trackBy="number"
      selectionType="single"
      selectedItems={steps.slice(current, current + 1)}
      onSelectionChange={({
        detail: {
          selectedItems: [chosen],
        },
      }) => chosen !== undefined && onChoose(chosen.number - 1)}
      onRowClick={({ detail }) => onChoose(detail.item.number - 1)}
      ariaLabels={{
        tableLabel: 'Hops',
        selectionGroupLabel: 'Hop of the packet',
        itemSelectionLabel: (_, { number }) => `Go to hop ${number}`,
      }}
      items={steps}
      columnDefinitions={[
        { id: 'number', header: 'Hop', cell: ({ number }) => number },
        { id: 'leg', header: 'Leg', cell: ({ view }) => view.leg },
        { id: 'stage', header: 'Stage', cell: ({ view }) => view.stage, isRowHeader: true },
        { id: 'where', header: 'Component', cell: ({ view }) => view.where || 'gateway' },
        {
          id: 'model',
          header: 'Model',
          minWidth: VERDICT_WIDTH,
          cell: ({ view }) => <VerdictStatus verdict={view.model} />,
        },
        {
          id: 'kernel',
          header: 'Kernel',
          minWidth: VERDICT_WIDTH,
          cell: ({ view }) => <VerdictStatus verdict={view.kernel} />,
        },
        { id: 'because', header: 'Reason', cell: ({ view }) => view.because },
      ]}
    />
  );
}

function VerdictStatus({ verdict }: { readonly verdict: Verdict | null }) {
  if (verdict === null) return '–';
  const { type, text } = VERDICTS[verdict];
  return <StatusIndicator type={type}>{text}</StatusIndicator>;
}
