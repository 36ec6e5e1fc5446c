import Box from '@cloudscape-design/components/box';
import Header from '@cloudscape-design/components/header';
import SpaceBetween from '@cloudscape-design/components/space-between';
import StatusIndicator from '@cloudscape-design/components/status-indicator';
import Table from '@cloudscape-design/components/table';
import type { RuleView, StageView } from '../../../verify/explain/types.js';
import type { WayStep } from './steps.js';

/** What was evaluated at the hop, and what the kernel says of it. */
export function HopDetails({ step: { number, view } }: { readonly step: WayStep }) {
  const evidence = evidenceOf(view);
  return (
    <SpaceBetween size="s">
      <Header variant="h3" description={view.packet}>{`Hop ${number}: ${view.stage} ${view.where}`}</Header>
      {view.rules.length === 0 ? null : <EvaluatedRules rules={view.rules} />}
      <Box>
        {evidence.length === 0
          ? 'The kernel reports nothing here: it tells of first packets and of drops, not of what routers pass.'
          : evidence.map((line) => <div key={line}>{line}</div>)}
      </Box>
    </SpaceBetween>
  );
}

function EvaluatedRules({ rules }: { readonly rules: readonly RuleView[] }) {
  return (
    <Table
      variant="embedded"
      contentDensity="compact"
      wrapLines
      ariaLabels={{ tableLabel: 'Rules that were evaluated' }}
      items={rules}
      columnDefinitions={[
        { id: 'rule', header: 'Rule', cell: ({ of, rule }) => `${of}: ${rule}`, isRowHeader: true },
        { id: 'id', header: 'ID', cell: ({ id }) => id },
        { id: 'matches', header: 'Matches', cell: matchOf },
        { id: 'packets', header: 'Counter', cell: counterOf },
        { id: 'description', header: 'Description', cell: ({ description }) => description ?? '–' },
      ]}
    />
  );
}

function matchOf({ matches, mismatches, decidedInKernel }: RuleView) {
  if (!matches) return <StatusIndicator type="stopped">{mismatches.join('; ')}</StatusIndicator>;
  return <StatusIndicator type="success">{decidedInKernel ? 'the kernel names it' : 'matches'}</StatusIndicator>;
}

function counterOf({ packets }: RuleView): string {
  return packets === null ? '–' : `${packets.before} → ${packets.after}`;
}

const PAST = { pass: 'passed', drop: 'dropped', refuse: 'refused' } as const;

function evidenceOf({ seen, connection }: StageView): string[] {
  const reports = seen.map(
    ({ place, verdict, rule }) => `Kernel: ${place} ${PAST[verdict]} the packet${rule === null ? '' : ` by ${rule}`}.`,
  );
  if (connection === null) return reports;
  const { state, secondsLeft, tracked, why } = connection;
  return [
    ...reports,
    `Connection: ${state ?? 'known'}, ${secondsLeft} s left, ${tracked ? 'tracked' : 'untracked'}: ${why}.`,
  ];
}
