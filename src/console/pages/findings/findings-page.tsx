import Badge from '@cloudscape-design/components/badge';
import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import ContentLayout from '@cloudscape-design/components/content-layout';
import Header from '@cloudscape-design/components/header';
import SpaceBetween from '@cloudscape-design/components/space-between';
import StatusIndicator from '@cloudscape-design/components/status-indicator';
import Table from '@cloudscape-design/components/table';
import { useState } from 'react';
import { ruleText } from '../../../cloud/text/rule.js';
import type { Cloud } from '../../../cloud/types.js';
import { typeOf } from '../../../verify/audit/catalogue.js';
import type { Audited, Finding, Proof } from '../../../verify/audit/types.js';
import type { PageProps } from '../../shell/page.js';
import { remediesOf } from './remedies.js';
import { RemedyModal } from './remedy-modal.js';
import { useAudit } from './use-audit.js';

const SEVERITY = {
  critical: 'severity-critical',
  high: 'severity-high',
  medium: 'severity-medium',
  low: 'severity-low',
} as const;

const PROOF = {
  proved: { type: 'error', text: 'Proved by packets' },
  refuted: { type: 'success', text: 'Refuted by packets' },
  'not-tried': { type: 'pending', text: 'Not tried' },
} as const;

export function FindingsPage({ live }: PageProps) {
  const [asked, ask] = useState(0);
  const { audited, isBusy } = useAudit(live.change, asked);
  const [chosen, choose] = useState<Finding | null>(null);
  return (
    <ContentLayout
      header={
        <Header
          variant="h1"
          description="What is wrong with the rules, each proved or refuted by packets. Audited again after every change."
          actions={
            <Button iconName="refresh" loading={isBusy} loadingText="Auditing" onClick={() => ask(asked + 1)}>
              Audit again
            </Button>
          }
        >
          Findings
        </Header>
      }
    >
      <Table
        ariaLabels={{ tableLabel: 'Findings' }}
        header={
          <Header variant="h2" counter={`(${audited?.length ?? 0})`}>
            Findings
          </Header>
        }
        items={audited ?? []}
        loading={audited === null}
        loadingText="Auditing the lab"
        trackBy={keyOf}
        wrapLines
        cellVerticalAlign="top"
        empty={<Box color="text-body-secondary">Nothing was found.</Box>}
        columnDefinitions={[
          { id: 'severity', header: 'Severity', width: 110, cell: ({ finding }) => <Severity finding={finding} /> },
          {
            id: 'title',
            header: 'Finding',
            minWidth: 240,
            isRowHeader: true,
            cell: ({ finding }) => <Title finding={finding} />,
          },
          { id: 'rule', header: 'Rule', minWidth: 110, cell: ({ finding }) => placeText(live.cloud, finding) },
          { id: 'proof', header: 'Proof', minWidth: 170, cell: ({ proof }) => <ProofText proof={proof} /> },
          {
            id: 'remedy',
            header: 'Remedy',
            minWidth: 180,
            cell: ({ finding }) => <RemedyCell cloud={live.cloud} finding={finding} onChoose={() => choose(finding)} />,
          },
        ]}
      />
      {chosen !== null && <RemedyModal live={live} finding={chosen} onClose={() => choose(null)} />}
    </ContentLayout>
  );
}

function keyOf({ finding: { kind, groupId, rule } }: Audited): string {
  return `${kind} ${groupId} ${rule?.id ?? ''}`;
}

function Severity({ finding }: { readonly finding: Finding }) {
  const { severity } = typeOf(finding.kind);
  return <Badge color={SEVERITY[severity]}>{severity}</Badge>;
}

function Title({ finding }: { readonly finding: Finding }) {
  const { id, title } = typeOf(finding.kind);
  return (
    <>
      <Box fontWeight="bold">{`${id} ${title}`}</Box>
      <Box variant="small">{finding.explanation}.</Box>
    </>
  );
}

/** A rule that is gone meanwhile is named by its id until the next audit. */
function placeText(cloud: Cloud, { groupId, rule }: Finding): string {
  const group = cloud.securityGroups[groupId];
  if (rule === null) return group?.name ?? groupId;
  const isThere = group?.rules.some(({ id }) => id === rule.id) ?? false;
  return `${group?.name ?? groupId}: ${isThere ? ruleText(cloud, rule) : rule.id}`;
}

function ProofText({ proof }: { readonly proof: Proof }) {
  const { type, text } = PROOF[proof.status];
  return (
    <>
      <StatusIndicator type={type}>{text}</StatusIndicator>
      <Box variant="small" display="block">
        {proof.reason}
      </Box>
    </>
  );
}

interface RemedyCellProps {
  readonly cloud: Cloud;
  readonly finding: Finding;
  readonly onChoose: () => void;
}

function RemedyCell({ cloud, finding, onChoose }: RemedyCellProps) {
  const hasRemedy = remediesOf(cloud, finding).length > 0;
  return (
    <SpaceBetween size="xs">
      <Box variant="small" display="block">
        {finding.remedy}.
      </Box>
      {hasRemedy && (
        <Button ariaLabel={`Remedy ${typeOf(finding.kind).id}: ${placeText(cloud, finding)}`} onClick={onChoose}>
          Remedy
        </Button>
      )}
    </SpaceBetween>
  );
}
