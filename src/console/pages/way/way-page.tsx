/** The way of a packet, as AWS's Reachability Analyzer shows it, and beyond it: with real packets. */
import Alert from '@cloudscape-design/components/alert';
import ContentLayout from '@cloudscape-design/components/content-layout';
import Header from '@cloudscape-design/components/header';
import SpaceBetween from '@cloudscape-design/components/space-between';
import Spinner from '@cloudscape-design/components/spinner';
import { failureText } from '../../shell/notices.js';
import type { PageProps } from '../../shell/page.js';
import { PathPanel } from './path-panel.js';
import { formOf, questionOf } from './question.js';
import { QuestionPanel } from './question-panel.js';
import { RemediesPanel } from './remedies-panel.js';
import { ResultPanel } from './result-panel.js';
import { useExplanation } from './use-explanation.js';

export function WayPage({ live: { cloud }, route: { query } }: PageProps) {
  const form = formOf(query);
  const question = questionOf(form);
  const asked = useExplanation(question);
  return (
    <ContentLayout
      header={
        <Header
          variant="h1"
          description="One probe, sent now, and every stage on its way by two opinions: the model's and the kernel's."
        >
          Reachability Analyzer
        </Header>
      }
    >
      <SpaceBetween size="l">
        <QuestionPanel key={query.toString()} cloud={cloud} initial={form} onAgain={asked.ask} />
        {asked.error === null ? null : (
          <Alert type="error" header="The path could not be analyzed">
            {failureText(asked.error)}
          </Alert>
        )}
        {asked.isAsking && asked.explanation === null ? <Spinner size="large" /> : null}
        {asked.explanation === null || question === null ? null : (
          <SpaceBetween size="l">
            <ResultPanel explanation={asked.explanation} isStale={asked.isAsking} />
            <PathPanel key={asked.serial} cloud={cloud} explanation={asked.explanation} question={question} />
            <RemediesPanel cloud={cloud} explanation={asked.explanation} onApplied={asked.ask} />
          </SpaceBetween>
        )}
      </SpaceBetween>
    </ContentLayout>
  );
}
