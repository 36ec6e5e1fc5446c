import { useCollection } from '@cloudscape-design/collection-hooks';
import Badge from '@cloudscape-design/components/badge';
import Box from '@cloudscape-design/components/box';
import Header from '@cloudscape-design/components/header';
import Link from '@cloudscape-design/components/link';
import Pagination from '@cloudscape-design/components/pagination';
import SegmentedControl from '@cloudscape-design/components/segmented-control';
import SpaceBetween from '@cloudscape-design/components/space-between';
import Table from '@cloudscape-design/components/table';
import TextFilter from '@cloudscape-design/components/text-filter';
import { useMemo, useState } from 'react';
import { href } from '../../shell/route.js';
import type { Line } from './timeline.js';

const PAGE_SIZE = 20;

const KINDS = [
  { id: 'all', text: 'Everything' },
  { id: 'change', text: 'Changes' },
  { id: 'verdict', text: 'Verdicts' },
  { id: 'drift', text: 'Drift' },
];
const COLOURS = { change: 'blue', verdict: 'grey', drift: 'red' } as const;

interface TimelineProps {
  /** null: they are under way. */
  readonly lines: readonly Line[] | null;
  /** The number of the change that the page shows. */
  readonly current: number;
}

export function TimelineTable({ lines, current }: TimelineProps) {
  const [kind, setKind] = useState('all');
  const chosen = useMemo(() => (lines ?? []).filter(({ type }) => kind === 'all' || type === kind), [lines, kind]);
  const { items, collectionProps, filterProps, paginationProps, filteredItemsCount } = useCollection(chosen, {
    pagination: { pageSize: PAGE_SIZE },
    filtering: {
      empty: 'Nothing has changed.',
      noMatch: 'Nothing matches.',
      filteringFunction: (line, text) => textOf(line).includes(text.toLowerCase()),
    },
  });
  return (
    <Table
      {...collectionProps}
      header={
        <Header variant="h2" counter={`(${chosen.length})`}>
          Timeline
        </Header>
      }
      ariaLabels={{ tableLabel: 'Timeline' }}
      items={items}
      loading={lines === null}
      loadingText="Reading the history"
      trackBy="key"
      wrapLines
      cellVerticalAlign="top"
      filter={
        <SpaceBetween direction="horizontal" size="s">
          <TextFilter
            {...filterProps}
            filteringPlaceholder="Find in the timeline"
            filteringAriaLabel="Filter the timeline"
            countText={`${filteredItemsCount} matches`}
          />
          <SegmentedControl
            label="Kind"
            selectedId={kind}
            options={KINDS}
            onChange={({ detail }) => setKind(detail.selectedId)}
          />
        </SpaceBetween>
      }
      pagination={<Pagination {...paginationProps} />}
      columnDefinitions={[
        { id: 'time', header: 'Time', width: 190, cell: ({ time }) => new Date(time).toLocaleString() },
        { id: 'kind', header: 'Kind', width: 110, cell: ({ type }) => <Badge color={COLOURS[type]}>{type}</Badge> },
        { id: 'who', header: 'Who', width: 130, cell: ({ who }) => who },
        { id: 'what', header: 'What', isRowHeader: true, cell: (line) => <What line={line} /> },
        { id: 'go', header: 'Moment', width: 150, cell: ({ number }) => <GoTo number={number} current={current} /> },
      ]}
    />
  );
}

function What({ line: { number, what, details } }: { readonly line: Line }) {
  return (
    <>
      <Box fontWeight="bold">{number === null ? what : `#${number} ${what}`}</Box>
      {details.map((detail) => (
        <Box key={detail} variant="small" display="block">
          {detail}
        </Box>
      ))}
    </>
  );
}

function GoTo({ number, current }: { readonly number: number | null; readonly current: number }) {
  if (number === null) return null;
  if (number === current) return <>shown above</>;
  return (
    <Link href={href(['history'], { at: String(number) })} ariaLabel={`Go to the lab after change ${number}`}>
      Go to
    </Link>
  );
}

function textOf({ who, what, details }: Line): string {
  return [who, what, ...details].join('\n').toLowerCase();
}
