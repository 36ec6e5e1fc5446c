import { useCollection } from '@cloudscape-design/collection-hooks';
import Box from '@cloudscape-design/components/box';
import Pagination from '@cloudscape-design/components/pagination';
import StatusIndicator, { type StatusIndicatorProps } from '@cloudscape-design/components/status-indicator';
import Table, { type TableProps } from '@cloudscape-design/components/table';
import type { CellVerdict, TurnedCell } from '../../controller/console/protocol.js';
import { outcomeText } from '../../verdict/phrases.js';
import type { Outcome } from '../../verdict/types.js';

const PAGE_SIZE = 10;
/** Of `timed-out at sg-ingress` on one line. Pixels. */
export const OUTCOME_WIDTH = 220;

const STATUS: Readonly<Record<Outcome, StatusIndicatorProps.Type>> = {
  connected: 'success',
  refused: 'warning',
  'timed-out': 'stopped',
  unreachable: 'stopped',
  unknown: 'info',
};

export function OutcomeStatus({ verdict }: { readonly verdict: Pick<CellVerdict, 'outcome' | 'stage' | 'leg'> }) {
  return <StatusIndicator type={STATUS[verdict.outcome]}>{outcomeText(verdict)}</StatusIndicator>;
}

export function RuleTexts({
  ids,
  texts,
}: {
  readonly ids: readonly string[];
  readonly texts: Readonly<Record<string, string>>;
}) {
  if (ids.length === 0) return <>no rule lets it pass</>;
  return ids.map((id) => <Box key={id}>{texts[id] ?? id}</Box>);
}

/** Of `web-1`. Pixels. */
const NAME_WIDTH = 120;

interface Props<Cell extends TurnedCell> {
  readonly label: string;
  readonly cells: readonly Cell[];
  /** Beside those that say which cell it is. */
  readonly columns: readonly TableProps.ColumnDefinition<Cell>[];
  readonly empty: string;
  readonly isLoading?: boolean;
}

export function CellsTable<Cell extends TurnedCell>({ label, cells, columns, empty, isLoading = false }: Props<Cell>) {
  const { items, collectionProps, paginationProps } = useCollection(cells, {
    pagination: { pageSize: PAGE_SIZE },
    sorting: {},
  });
  return (
    <Table
      {...collectionProps}
      variant="embedded"
      contentDensity="compact"
      wrapLines
      ariaLabels={{ tableLabel: label }}
      items={items}
      loading={isLoading && cells.length === 0}
      loadingText="Asking"
      empty={empty}
      columnDefinitions={[
        {
          id: 'from',
          header: 'From',
          minWidth: NAME_WIDTH,
          cell: ({ from }) => from,
          sortingField: 'from',
          isRowHeader: true,
        },
        { id: 'to', header: 'To', minWidth: NAME_WIDTH, cell: ({ to }) => to, sortingField: 'to' },
        { id: 'question', header: 'Traffic', cell: ({ question }) => question, sortingField: 'question' },
        {
          id: 'before',
          header: 'Before',
          minWidth: OUTCOME_WIDTH,
          cell: ({ before }) => <OutcomeStatus verdict={before} />,
        },
        ...columns,
      ]}
      pagination={cells.length > PAGE_SIZE ? <Pagination {...paginationProps} /> : null}
    />
  );
}
