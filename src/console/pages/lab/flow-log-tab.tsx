import StatusIndicator from '@cloudscape-design/components/status-indicator';
import type { FlowRecord } from '../../../records/flow-logs/types.js';
import { endText, protocolText } from '../../../verdict/phrases.js';
import { usePolled } from '../../live/use-polled.js';
import { KernelTable } from './kernel-table.js';

/** The newest first; a panel is no archive. */
const MAX_RECORDS = 50;

/** What was accepted and rejected at the interface, as flow logs tell it. */
export function FlowLogTab({ interfaceId }: { readonly interfaceId: string }) {
  const polled = usePolled('flowLogs', { interfaceIds: [interfaceId] });
  const records = polled.answer?.interfaces.flatMap((each) => each.records) ?? null;
  return (
    <KernelTable<FlowRecord>
      label="Flow log records"
      polled={polled}
      items={records?.toReversed().slice(0, MAX_RECORDS) ?? null}
      empty="No record: no packet came by since the lab is recorded."
      columns={[
        { id: 'end', header: 'Time', cell: ({ end }) => new Date(end * 1000).toLocaleTimeString('en-GB') },
        { id: 'action', header: 'Action', cell: actionOf },
        { id: 'direction', header: 'Direction', cell: ({ direction }) => direction },
        { id: 'protocol', header: 'Protocol', cell: ({ protocol }) => protocolText(protocol) },
        {
          id: 'source',
          header: 'Source',
          cell: ({ protocol, srcaddr, srcport }) => endText(protocol, srcaddr, srcport),
        },
        {
          id: 'to',
          header: 'Destination',
          cell: ({ protocol, dstaddr, dstport }) => endText(protocol, dstaddr, dstport),
        },
        { id: 'packets', header: 'Packets', cell: ({ packets, bytes }) => `${packets} (${bytes} bytes)` },
        { id: 'stage', header: 'Rejected at', cell: ({ stage }) => stage ?? '–' },
      ]}
    />
  );
}

function actionOf({ action }: FlowRecord) {
  return <StatusIndicator type={action === 'ACCEPT' ? 'success' : 'stopped'}>{action}</StatusIndicator>;
}
