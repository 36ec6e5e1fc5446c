import Alert from '@cloudscape-design/components/alert';
import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import ColumnLayout from '@cloudscape-design/components/column-layout';
import Container from '@cloudscape-design/components/container';
import ContentLayout from '@cloudscape-design/components/content-layout';
import Header from '@cloudscape-design/components/header';
import Link from '@cloudscape-design/components/link';
import SpaceBetween from '@cloudscape-design/components/space-between';
import StatusIndicator from '@cloudscape-design/components/status-indicator';
import { useMemo } from 'react';
import type { LessonView } from '../../../controller/console/protocol.js';
import { checkSentence, decisiveCheck } from '../../../lessons/feedback.js';
import type { GoalGrade } from '../../../lessons/types.js';
import type { LiveLab } from '../../live/lab-store.js';
import type { PageProps } from '../../shell/page.js';
import { go, href } from '../../shell/route.js';
import { requestOf } from '../reachability/choose.js';
import { Grid } from '../reachability/grid.js';
import { useLiveMatrix } from '../reachability/use-live-matrix.js';
import { storyParts } from './story.js';
import { type LessonState, useLesson } from './use-lesson.js';

export function LessonPage({ live }: PageProps) {
  const state = useLesson(live.change);
  const { lesson } = state;
  if (lesson === null) return <Box>This lab is of no lesson. `sudo sglab learn` lists them.</Box>;
  const number = lesson.number === null ? '' : `Lesson ${lesson.number}: `;
  return (
    <ContentLayout
      header={
        <Header variant="h1" description={lesson.idea}>
          {number}
          {lesson.title}
        </Header>
      }
    >
      <ColumnLayout columns={2} minColumnWidth={340}>
        <SpaceBetween size="l">
          <Story lesson={lesson} />
          <Goals lesson={lesson} state={state} />
          <Hints state={state} />
        </SpaceBetween>
        <LabBeside live={live} />
      </ColumnLayout>
    </ContentLayout>
  );
}

function Story({ lesson }: { readonly lesson: LessonView }) {
  return (
    <Container header={<Header variant="h2">Story</Header>}>
      {storyParts(lesson.story).map(({ isCommands, text }) =>
        isCommands ? (
          <pre key={text} style={{ whiteSpace: 'pre-wrap', overflowWrap: 'anywhere' }}>
            {text}
          </pre>
        ) : (
          <Box key={text} variant="p">
            {text}
          </Box>
        ),
      )}
    </Container>
  );
}

const STATUS = {
  passed: { type: 'success', text: 'met' },
  failed: { type: 'error', text: 'not met' },
  unknown: { type: 'warning', text: 'cannot be told' },
  untried: { type: 'pending', text: 'tried when the others are met' },
} as const;

function Goals({ lesson, state }: { readonly lesson: LessonView; readonly state: LessonState }) {
  const { grade, isBusy, check } = state;
  const { passed, checks } = lesson.progress;
  return (
    <Container
      header={
        <Header
          variant="h2"
          description={`Graded by packets after every change. ${checks === 1 ? '1 check' : `${checks} checks`} so far.`}
          actions={
            <Button loading={isBusy} loadingText="Grading" onClick={check}>
              Check
            </Button>
          }
        >
          Goals
        </Header>
      }
    >
      <SpaceBetween size="s">
        {passed !== null && (
          <Alert type="success" header="You have passed this lesson">
            {lesson.moral}
          </Alert>
        )}
        <ol aria-label="Goals">
          {lesson.goals.map((goal, at) => (
            <li key={goal}>
              {goal} <GoalStatus graded={grade?.goals[at] ?? null} />
            </li>
          ))}
        </ol>
      </SpaceBetween>
    </Container>
  );
}

function GoalStatus({ graded }: { readonly graded: GoalGrade | null }) {
  if (graded === null) return <StatusIndicator type="loading">being graded</StatusIndicator>;
  const { type, text } = STATUS[graded.status];
  const check = decisiveCheck(graded);
  return (
    <>
      <StatusIndicator type={type}>{text}</StatusIndicator>
      {check !== null && (
        <Box variant="small" display="block">
          {checkSentence(check)}.
        </Box>
      )}
    </>
  );
}

function Hints({ state: { hints, grade, askHint } }: { readonly state: LessonState }) {
  return (
    <Container
      header={
        <Header
          variant="h2"
          description="Each says a little more, about what is wrong now."
          actions={
            <Button disabled={grade === null || grade.status === 'passed'} onClick={askHint}>
              Hint
            </Button>
          }
        >
          Hints
        </Header>
      }
    >
      {hints.length === 0 && <Box color="text-body-secondary">You have asked for none yet.</Box>}
      <ol aria-label="Hints">
        {hints.map(({ goal, hint, number }, at) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: hints only come, and the same one may come again
          <li key={at}>
            {hint} <Box variant="small">{`${goal}, hint ${number}`}</Box>
          </li>
        ))}
      </ol>
    </Container>
  );
}

/** What one works on: the matrix, and the ways to the rest. */
function LabBeside({ live }: { readonly live: LiveLab }) {
  const { names, questions, rows, latest } = useLiveMatrix(
    live.page,
    requestOf({ machines: null, questions: null, fold: false }, live.cloud),
  );
  const folds = useMemo(() => names.map((name) => [name]), [names]);
  return (
    <Container header={<Header variant="h2">The lab, now</Header>}>
      <SpaceBetween size="s">
        <Grid
          label="Reachability"
          folds={folds}
          questions={questions}
          rows={rows}
          latest={latest}
          onChoose={(from, to, question) => go(['way'], { from, to, question })}
        />
        <SpaceBetween direction="horizontal" size="s">
          <Link href={href(['lab'])}>Resource map</Link>
          <Link href={href(['groups'])}>Security groups</Link>
          <Link href={href(['history'])}>History</Link>
        </SpaceBetween>
      </SpaceBetween>
    </Container>
  );
}
