import Box from '@cloudscape-design/components/box';
import Header from '@cloudscape-design/components/header';
import Link from '@cloudscape-design/components/link';
import Table from '@cloudscape-design/components/table';
import { OUTCOME_SYMBOL, outcomeText } from '../../../verdict/phrases.js';
import { href } from '../../shell/route.js';
import type { Turned } from './matrix-state.js';

/** More are counted, not listed. */
const LISTED = 100;

/** What turned since the page looks, and because of which rule. */
export function TurnedTable({ turned }: { readonly turned: readonly Turned[] }) {
  return (
    <Table
      variant="container"
      header={
        <Header variant="h2" counter={`(${turned.length})`} description="Since this page was opened, the newest first.">
          Turned cells
        </Header>
      }
      ariaLabels={{ tableLabel: 'Turned cells' }}
      items={turned.slice(0, LISTED)}
      trackBy={({ at, from, to, question }) => `${at} ${from} ${to} ${question}`}
      wrapLines
      empty={<Box color="text-body-secondary">No cell has turned.</Box>}
      columnDefinitions={[
        { id: 'time', header: 'Time', width: 110, cell: ({ at }) => new Date(at).toLocaleTimeString() },
        {
          id: 'cell',
          header: 'Cell',
          isRowHeader: true,
          cell: ({ from, to, question }) => (
            <Link href={href(['way'], { from, to, question })}>{`${from} → ${to} ${question}`}</Link>
          ),
        },
        { id: 'before', header: 'Before', cell: ({ before }) => verdictText(before) },
        { id: 'after', header: 'After', cell: ({ after }) => verdictText(after) },
        { id: 'rule', header: 'Rule', cell: ({ rules }) => rules.join(', ') || '–' },
        { id: 'change', header: 'Change', cell: ({ cause }) => causeText(cause) },
      ]}
    />
  );
}

function verdictText(verdict: Turned['before']): string {
  return `${OUTCOME_SYMBOL[verdict.outcome]} ${outcomeText(verdict)}`;
}

function causeText(cause: Turned['cause']): string {
  return cause === null ? 'none that the model knows of' : `#${cause.number} ${cause.action} (${cause.caller})`;
}
