import Alert from '@cloudscape-design/components/alert';
import Container from '@cloudscape-design/components/container';
import Header from '@cloudscape-design/components/header';
import SpaceBetween from '@cloudscape-design/components/space-between';
import StatusIndicator from '@cloudscape-design/components/status-indicator';
import { failureText } from '../shell/notices.js';
import { limitText } from './asked.js';
import { CellsTable, OUTCOME_WIDTH, OutcomeStatus, RuleTexts } from './cells-table.js';
import type { Change, Effects } from './change.js';
import type { Preview } from './use-preview.js';

interface Props {
  readonly preview: Preview;
  readonly change: Change | null;
}

/** Before a change is saved: the cells of the reachability matrix that would turn. */
export function PreviewPanel({ preview, change }: Props) {
  const effects = 'effects' in preview ? preview.effects : null;
  const limit = change === null ? null : limitText(change.asked);
  const counter = effects === null ? {} : { counter: `(${effects.turned.length})` };
  return (
    <Container
      header={
        <Header
          variant="h2"
          {...counter}
          description="Cells of the reachability matrix that would turn, by the model. Nothing changes before you save."
          actions={
            preview.state === 'asking' ? <StatusIndicator type="loading">Asking the model</StatusIndicator> : null
          }
        >
          Preview changes
        </Header>
      }
    >
      <SpaceBetween size="s">
        {limit !== null && <StatusIndicator type="info">{limit}</StatusIndicator>}
        <PreviewContent preview={preview} effects={effects} />
      </SpaceBetween>
    </Container>
  );
}

function PreviewContent({ preview, effects }: { readonly preview: Preview; readonly effects: Effects | null }) {
  if (preview.state === 'nothing') return <>There is no change to preview.</>;
  if (preview.state === 'refused') {
    return (
      <Alert type="error" header="This would be refused">
        {failureText(preview.error)}
      </Alert>
    );
  }
  const texts = effects?.texts ?? {};
  return (
    <CellsTable
      label="What would change"
      cells={effects?.turned ?? []}
      isLoading={preview.state === 'asking'}
      empty="No cell would turn."
      columns={[
        {
          id: 'after',
          header: 'After',
          minWidth: OUTCOME_WIDTH,
          cell: ({ after }) => <OutcomeStatus verdict={after} />,
        },
        { id: 'rule', header: 'Decided by', cell: ({ after }) => <RuleTexts ids={after.rules} texts={texts} /> },
      ]}
    />
  );
}
