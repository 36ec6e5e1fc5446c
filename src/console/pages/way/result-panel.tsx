import Container from '@cloudscape-design/components/container';
import Header from '@cloudscape-design/components/header';
import KeyValuePairs from '@cloudscape-design/components/key-value-pairs';
import StatusIndicator, { type StatusIndicatorProps } from '@cloudscape-design/components/status-indicator';
import type { Agreement, Explanation } from '../../../verify/explain/types.js';
import { OutcomeStatus } from '../../editing/cells-table.js';

const AGREEMENT: Readonly<
  Record<Agreement['verdict'], { readonly type: StatusIndicatorProps.Type; readonly text: string }>
> = {
  agree: { type: 'success', text: 'They agree' },
  differ: { type: 'error', text: 'They differ: a defect in sglab' },
  unknown: { type: 'warning', text: 'They cannot be compared' },
};

interface Props {
  readonly explanation: Explanation;
  /** Whether it is being asked anew. */
  readonly isStale: boolean;
}

export function ResultPanel({ explanation, isStale }: Props) {
  const { probe, source, destination, kernel, model, agreement } = explanation;
  const isReachable = kernel.outcome === 'connected';
  const compared = AGREEMENT[agreement.verdict];
  return (
    <Container
      header={
        <Header
          variant="h2"
          description={`${probe} · ${source} → ${destination} · ${kernel.ms.toFixed(1)} ms`}
          actions={isStale ? <StatusIndicator type="loading">Asking again</StatusIndicator> : null}
        >
          <StatusIndicator type={isReachable ? 'success' : 'error'}>
            {isReachable ? 'Reachable' : 'Not reachable'}
          </StatusIndicator>
        </Header>
      }
    >
      <KeyValuePairs
        columns={3}
        items={[
          { label: 'Kernel', value: <OutcomeStatus verdict={kernel} /> },
          { label: 'Model', value: <OutcomeStatus verdict={model} /> },
          { label: 'Both opinions', value: <StatusIndicator type={compared.type}>{compared.text}</StatusIndicator> },
          { label: 'Explanation', value: kernel.explanation },
          { label: 'Explanation code', value: kernel.explanationCode ?? '–' },
          ...(agreement.note === null ? [] : [{ label: 'Note', value: agreement.note }]),
        ]}
      />
    </Container>
  );
}
