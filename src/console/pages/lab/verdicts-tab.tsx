import Table from '@cloudscape-design/components/table';
import type { VerdictEntry } from '../../../records/history/types.js';
import { flowVerdictText } from '../../../verdict/phrases.js';
import { useLab } from '../../live/lab-store.js';

/** Flows of the machine that got another verdict since the page was opened. */
export function VerdictsTab({ names }: { readonly names: readonly string[] }) {
  const { news } = useLab();
  const items = news
    .filter((entry): entry is VerdictEntry => entry.type === 'verdict')
    .filter(({ from, to }) => names.includes(from) || names.includes(to))
    .toReversed();
  return (
    <Table
      variant="embedded"
      contentDensity="compact"
      ariaLabels={{ tableLabel: 'Verdicts that turned' }}
      items={items}
      empty="No flow of this machine has turned since the page was opened."
      columnDefinitions={[
        { id: 'time', header: 'Time', cell: ({ time }) => new Date(time).toLocaleTimeString('en-GB') },
        {
          id: 'flow',
          header: 'Flow',
          cell: ({ from, to, traffic }) => `${from} → ${to} ${traffic}`,
          isRowHeader: true,
        },
        { id: 'before', header: 'Before', cell: ({ before }) => flowVerdictText(before) },
        { id: 'after', header: 'After', cell: ({ after }) => flowVerdictText(after) },
        {
          id: 'changes',
          header: 'Because of change',
          cell: ({ changes }) => changes.map((each) => `#${each}`).join(', '),
        },
      ]}
    />
  );
}
