import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import type { Row } from './rows.js';

const MEANWHILE = {
  added: 'Added meanwhile',
  changed: 'Changed meanwhile',
  conflict: 'Changed meanwhile, too',
  gone: 'Deleted meanwhile: will be added again',
} as const;

interface Props {
  readonly row: Row<unknown>;
  readonly onTheirs: () => void;
}

/** In a row whose item somebody else changed while the form was open. */
export function MeanwhileNote({ row: { meanwhile }, onTheirs }: Props) {
  if (meanwhile === null) return null;
  return (
    <Box color="text-status-warning">
      {MEANWHILE[meanwhile]}{' '}
      {meanwhile === 'conflict' && (
        <Button variant="inline-link" onClick={onTheirs}>
          Use theirs
        </Button>
      )}
    </Box>
  );
}
