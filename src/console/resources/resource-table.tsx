import { useCollection } from '@cloudscape-design/collection-hooks';
import Box from '@cloudscape-design/components/box';
import Header from '@cloudscape-design/components/header';
import Pagination from '@cloudscape-design/components/pagination';
import PropertyFilter from '@cloudscape-design/components/property-filter';
import Table from '@cloudscape-design/components/table';
import type { ReactNode } from 'react';

/** A resource as its table shows it: everything that can be sorted and filtered by, by column. */
export interface ResourceRow {
  readonly id: string;
  readonly [column: string]: string | number;
}

export interface ResourceColumn {
  readonly key: string;
  readonly header: string;
  /** What stands in the cell, unless it is the text itself. */
  readonly cell?: (row: ResourceRow) => ReactNode;
  readonly isNumber?: boolean;
}

interface Props {
  /** In AWS's words: `Security groups`. */
  readonly title: string;
  /** One of them: `security group`. */
  readonly noun: string;
  readonly rows: readonly ResourceRow[];
  readonly columns: readonly ResourceColumn[];
  readonly selected: readonly string[];
  readonly onSelect: (ids: readonly string[]) => void;
  readonly actions: ReactNode;
  /** How one comes by the first one, where the page cannot make it. */
  readonly hint?: ReactNode;
}

const PAGE_SIZE = 50;
const OPERATORS = ['=', '!=', ':', '!:', '^'] as const;
const NUMBER_OPERATORS = ['=', '!=', '<', '<=', '>', '>='] as const;

export function ResourceTable({ title, noun, rows, columns, selected, onSelect, actions, hint }: Props) {
  const {
    items,
    collectionProps,
    paginationProps,
    propertyFilterProps,
    filteredItemsCount,
    actions: ask,
  } = useCollection(rows, {
    propertyFiltering: {
      filteringProperties: columns.map(({ key, header, isNumber = false }) => ({
        key,
        propertyLabel: header,
        groupValuesLabel: header,
        operators: isNumber ? NUMBER_OPERATORS : OPERATORS,
      })),
      empty: (
        <Box textAlign="center">
          {`No ${noun}s`}
          {hint}
        </Box>
      ),
      noMatch: <Box textAlign="center">No matches</Box>,
    },
    pagination: { pageSize: PAGE_SIZE },
    sorting: {},
  });
  return (
    <Table
      {...collectionProps}
      variant="full-page"
      stickyHeader
      contentDensity="compact"
      trackBy="id"
      selectionType="multi"
      selectedItems={rows.filter(({ id }) => selected.includes(id))}
      onSelectionChange={({ detail }) => onSelect(detail.selectedItems.map(({ id }) => id))}
      items={items}
      ariaLabels={{
        tableLabel: title,
        selectionGroupLabel: `Select ${noun}s`,
        allItemsSelectionLabel: () => `Select all ${noun}s of this page`,
        itemSelectionLabel: (_, row) => `Select ${row.id}`,
      }}
      header={
        <Header variant="h1" counter={countText(selected.length, rows.length)} actions={actions}>
          {title}
        </Header>
      }
      columnDefinitions={columns.map(({ key, header, cell }) => ({
        id: key,
        header,
        sortingField: key,
        cell: (row: ResourceRow) => cell?.(row) ?? row[key],
      }))}
      filter={
        <PropertyFilter
          {...propertyFilterProps}
          countText={`${filteredItemsCount ?? 0} matches`}
          filteringAriaLabel={`Find ${noun}s by attribute or tag`}
          filteringPlaceholder={`Find ${noun}s by attribute or tag`}
          expandToViewport
          onChange={({ detail }) => ask.setPropertyFiltering(detail)}
        />
      }
      pagination={<Pagination {...paginationProps} />}
    />
  );
}

function countText(selected: number, all: number): string {
  return selected === 0 ? `(${all})` : `(${selected}/${all})`;
}
