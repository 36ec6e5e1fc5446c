import Alert from '@cloudscape-design/components/alert';
import Box from '@cloudscape-design/components/box';
import Container from '@cloudscape-design/components/container';
import ContentLayout from '@cloudscape-design/components/content-layout';
import Header from '@cloudscape-design/components/header';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useCallback, useMemo } from 'react';
import { OUTCOME_SYMBOL, outcomeText } from '../../../verdict/phrases.js';
import { OUTCOMES } from '../../../verdict/types.js';
import type { PageProps } from '../../shell/page.js';
import { go } from '../../shell/route.js';
import { MatrixChoice } from './choice.js';
import { choiceOf, machinesOf, requestOf } from './choose.js';
import { foldAlike } from './fold.js';
import { Grid } from './grid.js';
import { cellAt, doubtful, type MatrixState } from './matrix-state.js';
import { TurnedTable } from './turned-table.js';
import { useLiveMatrix } from './use-live-matrix.js';

export function ReachabilityPage({ live: { cloud, page }, route }: PageProps) {
  const choice = choiceOf(route.query);
  const request = requestOf(choice, cloud);
  const state = useLiveMatrix(page, request);
  const folds = useFolds(state, choice.fold);
  const choose = useCallback((from: string, to: string, question: string) => go(['way'], { from, to, question }), []);
  const asked = [...state.rows.values()].reduce((sum, { size }) => sum + size, 0);
  return (
    <ContentLayout
      header={
        <Header variant="h1" description="Who reaches whom, by packets. It follows every change, whoever makes it.">
          Reachability
        </Header>
      }
    >
      <SpaceBetween size="l">
        <MatrixChoice choice={choice} machines={machinesOf(cloud)} asked={state.questions} />
        <Doubts state={state} />
        <Container
          header={
            <Header variant="h2" description={<Legend state={state} />}>
              Matrix
            </Header>
          }
        >
          {state.questions.length === 0 || state.names.length < 2 ? (
            <Box color="text-body-secondary">{nothingToAsk(state)}</Box>
          ) : (
            <Grid
              label={`Reachability, ${asked} cells`}
              folds={folds}
              questions={state.questions}
              rows={state.rows}
              latest={state.latest}
              onChoose={choose}
            />
          )}
        </Container>
        <TurnedTable turned={state.turned} />
      </SpaceBetween>
    </ContentLayout>
  );
}

function useFolds({ names, questions, rows }: MatrixState, isFolded: boolean): readonly (readonly string[])[] {
  return useMemo(() => {
    if (!isFolded) return names.map((name) => [name]);
    return foldAlike(names, (from, to) =>
      questions.map((question) => JSON.stringify(cellAt(rows, from, to, question)?.verdict.outcome ?? null)).join(),
    );
  }, [names, questions, rows, isFolded]);
}

function nothingToAsk({ names }: MatrixState): string {
  if (names.length < 2) return 'Packets need two machines, in the lab or on the internet beside it.';
  return 'Nothing in this lab listens. Choose a port to ask for.';
}

/** What the symbols mean, and how many cells have each. */
function Legend({ state }: { readonly state: MatrixState }) {
  const counts = new Map<string, number>();
  for (const row of state.rows.values()) {
    for (const { verdict } of row.values()) counts.set(verdict.outcome, (counts.get(verdict.outcome) ?? 0) + 1);
  }
  const words = OUTCOMES.filter((outcome) => counts.has(outcome)).map(
    (outcome) => `${OUTCOME_SYMBOL[outcome]} ${counts.get(outcome)} ${outcome}`,
  );
  const { names, questions } = state;
  const asked = [...counts.values()].reduce((sum, count) => sum + count, 0);
  const left = names.length * (names.length - 1) * questions.length - asked;
  const all = left > 0 ? [...words, `${left} not asked yet`] : words;
  return <span style={{ whiteSpace: 'pre-wrap' }}>{all.join('   ')}</span>;
}

/** More cells than these are counted, not listed. */
const LISTED = 8;

function Doubts({ state }: { readonly state: MatrixState }) {
  const { disputed, unknown } = useMemo(() => doubtful(state), [state]);
  return (
    <>
      {disputed.length > 0 && (
        <Alert type="warning" header={`Model and packets disagree about ${cellCount(disputed.length)}`}>
          <ul>
            {disputed.slice(0, LISTED).map(({ from, to, question, verdict, model }) => (
              <li key={`${from} ${to} ${question}`}>
                {from} → {to} {question}: packets {outcomeText(verdict)}, the model{' '}
                {model === null ? '' : outcomeText(model)}
              </li>
            ))}
          </ul>
        </Alert>
      )}
      {unknown.length > 0 && (
        <Alert type="warning" header={`Nobody can tell about ${cellCount(unknown.length)}`}>
          Packets do not meet the lab’s rules there, such as where somebody else has changed the kernel. `sglab status`
          says what differs, `sglab repair` takes it back.
        </Alert>
      )}
    </>
  );
}

function cellCount(count: number): string {
  return count === 1 ? '1 cell' : `${count} cells`;
}
