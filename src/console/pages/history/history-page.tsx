import ContentLayout from '@cloudscape-design/components/content-layout';
import Header from '@cloudscape-design/components/header';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useMemo } from 'react';
import type { PageProps } from '../../shell/page.js';
import { AdvancePanel } from './advance-panel.js';
import { MomentPanel } from './moment-panel.js';
import { linesOf } from './timeline.js';
import { TimelineTable } from './timeline-table.js';
import { useHistory } from './use-history.js';

export function HistoryPage({ live, route }: PageProps) {
  const entries = useHistory();
  const lines = useMemo(() => (entries === null ? null : linesOf(entries)), [entries]);
  const at = Number(route.query.get('at'));
  return (
    <ContentLayout
      header={
        <Header variant="h1" description="Who changed what, what became of packets since, and the lab as it was.">
          History
        </Header>
      }
    >
      <SpaceBetween size="l">
        {Number.isInteger(at) && at > 0 && <MomentPanel key={at} change={at} live={live} />}
        <TimelineTable lines={lines} current={at} />
        <AdvancePanel cloud={live.cloud} />
      </SpaceBetween>
    </ContentLayout>
  );
}
