import StatusIndicator from '@cloudscape-design/components/status-indicator';
import type { RuleInForce } from '../../../observe/rules-in-force.js';
import { usePolled } from '../../live/use-polled.js';
import { KernelTable } from './kernel-table.js';

/** The rules of an interface, each with the packets that the kernel admitted because of it. */
export function RulesTab({ interfaceId }: { readonly interfaceId: string }) {
  const polled = usePolled('rulesInForce', { interfaceId });
  return (
    <KernelTable<RuleInForce>
      label="Security group rules"
      polled={polled}
      items={polled.answer?.rules ?? null}
      empty="No rule: nothing new passes."
      columns={[
        {
          id: 'direction',
          header: 'Direction',
          cell: ({ direction }) => (direction === 'ingress' ? 'Inbound' : 'Outbound'),
        },
        { id: 'rule', header: 'Rule', cell: ({ rule }) => rule, isRowHeader: true },
        { id: 'group', header: 'Security group', cell: ({ group }) => group },
        { id: 'id', header: 'Rule ID', cell: ({ id }) => id },
        { id: 'packets', header: 'Admitted', cell: admitted },
        { id: 'description', header: 'Description', cell: ({ description }) => description ?? '–' },
      ]}
    />
  );
}

function admitted({ packets, stale }: RuleInForce) {
  return stale ? <StatusIndicator type="warning">stale</StatusIndicator> : packets;
}
