import Alert from '@cloudscape-design/components/alert';
import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import Container from '@cloudscape-design/components/container';
import Header from '@cloudscape-design/components/header';
import SpaceBetween from '@cloudscape-design/components/space-between';
import Spinner from '@cloudscape-design/components/spinner';
import StatusIndicator from '@cloudscape-design/components/status-indicator';
import Table from '@cloudscape-design/components/table';
import Tabs from '@cloudscape-design/components/tabs';
import { useEffect, useMemo, useState } from 'react';
import type { Moment } from '../../../controller/console/protocol.js';
import { call } from '../../live/call.js';
import type { LiveLab } from '../../live/lab-store.js';
import { failureText } from '../../shell/notices.js';
import { go, href } from '../../shell/route.js';
import { requestOf } from '../reachability/choose.js';
import { Grid } from '../reachability/grid.js';
import { NOTHING_KNOWN, withMatrixEvent } from '../reachability/matrix-state.js';
import { type RuleThen, rulesThen } from './rules-then.js';

interface MomentProps {
  readonly change: number;
  readonly live: LiveLab;
}

/** The lab as it was after a change. */
export function MomentPanel({ change, live }: MomentProps) {
  const [moment, failure] = useMoment(change, live);
  return (
    <Container
      header={
        <Header
          variant="h2"
          description="Rules from the history. The matrix is the model’s: packets meet the lab as it is now."
          actions={
            <SpaceBetween direction="horizontal" size="xs">
              <Button disabled={change <= 1} onClick={() => goTo(change - 1)}>
                Change before
              </Button>
              <Button disabled={change >= live.change} onClick={() => goTo(change + 1)}>
                Change after
              </Button>
              <Button variant="primary" href={href(['history'])}>
                Back to now
              </Button>
            </SpaceBetween>
          }
        >
          The lab after change #{change}
        </Header>
      }
    >
      {failure !== null && <Alert type="error">{failureText(failure)}</Alert>}
      {moment === null && failure === null && <Spinner />}
      {moment !== null && <MomentTabs moment={moment} live={live} />}
    </Container>
  );
}

function goTo(change: number): void {
  go(['history'], { at: String(change) });
}

function useMoment(change: number, live: LiveLab): readonly [Moment | null, unknown] {
  const [moment, setMoment] = useState<Moment | null>(null);
  const [failure, setFailure] = useState<unknown>(null);
  const request = JSON.stringify({
    change,
    matrix: requestOf({ machines: null, questions: null, fold: false }, live.cloud),
  });
  // What it is compared with is another lab after each change.
  const now = live.change;
  // biome-ignore lint/correctness/useExhaustiveDependencies: it is asked for anew after each change
  useEffect(() => {
    const gone = new AbortController();
    call('moment', JSON.parse(request), gone.signal).then(
      (told) => gone.signal.aborted || setMoment(told),
      (error: unknown) => gone.signal.aborted || setFailure(error),
    );
    return () => gone.abort();
  }, [request, now]);
  return [moment, failure];
}

function MomentTabs({ moment, live }: { readonly moment: Moment; readonly live: LiveLab }) {
  return (
    <Tabs
      ariaLabel="The lab as it was"
      tabs={[
        { id: 'matrix', label: 'Reachability', content: <MatrixThen moment={moment} /> },
        { id: 'rules', label: 'Security group rules', content: <RulesThen moment={moment} live={live} /> },
      ]}
    />
  );
}

function MatrixThen({ moment }: { readonly moment: Moment }) {
  const { names, questions, cells, turned } = moment;
  const folds = useMemo(() => names.map((name) => [name]), [names]);
  const state = useMemo(() => {
    const all = { type: 'matrix', names, questions, cells: cells.map((cell) => ({ ...cell, model: null })) } as const;
    const later = turned.map((cell) => ({ ...cell, rules: [], cause: null }));
    return withMatrixEvent(withMatrixEvent(NOTHING_KNOWN, all, 0), { type: 'cells', cells: [], turned: later }, 0);
  }, [names, questions, cells, turned]);
  return (
    <SpaceBetween size="s">
      <Box>{turned.length === 0 ? 'As it is now.' : `${turned.length} cells are others now: they are framed.`}</Box>
      <Grid
        label="Reachability then"
        folds={folds}
        questions={questions}
        rows={state.rows}
        latest={state.latest}
        onChoose={() => {}}
      />
    </SpaceBetween>
  );
}

const NOW = { 'the same': 'success', gone: 'stopped', 'not there yet': 'info' } as const;

function RulesThen({ moment, live }: { readonly moment: Moment; readonly live: LiveLab }) {
  const rules = useMemo(() => rulesThen(moment.cloud, live.cloud), [moment.cloud, live.cloud]);
  return (
    <Table
      variant="embedded"
      ariaLabels={{ tableLabel: 'Security group rules then' }}
      items={rules}
      trackBy="id"
      empty="There was no rule."
      columnDefinitions={[
        { id: 'group', header: 'Security group', cell: ({ group }) => group },
        { id: 'direction', header: 'Direction', cell: ({ direction }) => direction },
        { id: 'rule', header: 'Rule', isRowHeader: true, cell: ({ rule }: RuleThen) => rule },
        { id: 'description', header: 'Description', cell: ({ description }) => description || '–' },
        {
          id: 'now',
          header: 'Now',
          cell: ({ now }) => <StatusIndicator type={NOW[now]}>{nowText(now)}</StatusIndicator>,
        },
      ]}
    />
  );
}

function nowText(now: RuleThen['now']): string {
  return now === 'not there yet' ? 'came later' : now;
}
