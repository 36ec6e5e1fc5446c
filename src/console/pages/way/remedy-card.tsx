import Alert from '@cloudscape-design/components/alert';
import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import ExpandableSection from '@cloudscape-design/components/expandable-section';
import SpaceBetween from '@cloudscape-design/components/space-between';
import StatusIndicator from '@cloudscape-design/components/status-indicator';
import { useEffect, useMemo, useState } from 'react';
import type { Cloud } from '../../../cloud/types.js';
import type { PageCalls } from '../../../controller/console/protocol.js';
import type { Remedy } from '../../../verify/explain/types.js';
import { CellsTable, OUTCOME_WIDTH, OutcomeStatus } from '../../editing/cells-table.js';
import { call } from '../../live/call.js';
import { failureText, notify, notifyFailure } from '../../shell/notices.js';
import { MOST_MACHINES, machinesOf, requestOf } from '../reachability/choose.js';

interface Props {
  readonly cloud: Cloud;
  readonly remedy: Remedy;
  readonly onApplied: () => void;
}

export function RemedyCard({ cloud, remedy, onApplied }: Props) {
  const { changes, obstacle, provided } = remedy;
  const [isApplying, setApplying] = useState(false);
  const apply = async () => {
    setApplying(true);
    try {
      for (const { mutation } of changes) await call('mutate', { mutation });
      notify({ type: 'success', header: 'Applied', content: changes.map(({ words }) => words).join('; ') });
    } catch (error) {
      notifyFailure('The proposal was not applied', error);
    } finally {
      setApplying(false);
      onApplied();
    }
  };
  return (
    <SpaceBetween size="s">
      {changes.map(({ words, stage, where, alsoAffects }) => (
        <Box key={words}>
          <Box variant="code">{words}</Box>
          <Box color="text-body-secondary">
            {`${stage} of ${where || 'a gateway'}${alsoAffects.length === 0 ? '' : `; concerns ${alsoAffects.join(', ')} too`}`}
          </Box>
        </Box>
      ))}
      {obstacle === null ? null : <Alert type="warning">{`This is not enough: ${obstacle}`}</Alert>}
      {provided === null ? null : <Alert type="info">{`Provided that ${provided}`}</Alert>}
      {changes.length === 0 ? null : <Effects cloud={cloud} remedy={remedy} />}
      {changes.length === 0 ? null : (
        <Button loading={isApplying} onClick={() => void apply()}>
          {changes.length === 1 ? 'Apply this change' : `Apply these ${changes.length} changes`}
        </Button>
      )}
    </SpaceBetween>
  );
}

type Answer = PageCalls['preview']['response'];

/** The cells of the matrix that the proposal would turn, that of the question among them. */
function Effects({ cloud, remedy }: Omit<Props, 'onApplied'>) {
  const [answer, setAnswer] = useState<Answer | null>(null);
  const [error, setError] = useState<unknown>(null);
  const mutations = useMemo(() => remedy.changes.map(({ mutation }) => mutation), [remedy]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the proposal is of one moment, and so are its effects
  useEffect(() => {
    const gone = new AbortController();
    const request = { requests: [], mutations, ...requestOf({ machines: null, questions: null, fold: false }, cloud) };
    call('preview', request, gone.signal).then(setAnswer, (reason: unknown) => gone.signal.aborted || setError(reason));
    return () => gone.abort();
  }, [mutations]);
  const all = machinesOf(cloud).length;
  const limit =
    all > MOST_MACHINES ? `The lab has ${all} machines; cells between the first ${MOST_MACHINES} are shown.` : null;
  if (error !== null) return <Alert type="warning">{failureText(error)}</Alert>;
  const count = answer === null ? '' : ` (${answer.turned.length})`;
  return (
    <ExpandableSection headerText={`Cells of the reachability matrix that it would turn${count}`}>
      {limit !== null && <StatusIndicator type="info">{limit}</StatusIndicator>}
      <CellsTable
        label="What the proposal would turn"
        cells={answer?.turned ?? []}
        isLoading={answer === null}
        empty="No cell of the matrix would turn."
        columns={[
          {
            id: 'after',
            header: 'After',
            minWidth: OUTCOME_WIDTH,
            cell: ({ after }) => <OutcomeStatus verdict={after} />,
          },
        ]}
      />
    </ExpandableSection>
  );
}
