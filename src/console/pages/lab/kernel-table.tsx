import Alert from '@cloudscape-design/components/alert';
import Table, { type TableProps } from '@cloudscape-design/components/table';
import type { Polled } from '../../live/use-polled.js';
import { failureText } from '../../shell/notices.js';

interface Props<Item> {
  readonly label: string;
  readonly polled: Pick<Polled<unknown>, 'error'>;
  /** null: not known yet. */
  readonly items: readonly Item[] | null;
  readonly columns: readonly TableProps.ColumnDefinition<Item>[];
  readonly empty: string;
}

/** What the kernel says at this moment. */
export function KernelTable<Item>({ label, polled: { error }, items, columns, empty }: Props<Item>) {
  if (error !== null) return <Alert type="warning">{failureText(error)}</Alert>;
  return (
    <Table
      variant="embedded"
      contentDensity="compact"
      wrapLines
      ariaLabels={{ tableLabel: label }}
      loading={items === null}
      loadingText="Asking the kernel"
      items={items ?? []}
      columnDefinitions={columns}
      empty={empty}
    />
  );
}
