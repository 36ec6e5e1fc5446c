import Alert from '@cloudscape-design/components/alert';
import Button from '@cloudscape-design/components/button';
import Container from '@cloudscape-design/components/container';
import Header from '@cloudscape-design/components/header';
import SpaceBetween from '@cloudscape-design/components/space-between';
import StatusIndicator from '@cloudscape-design/components/status-indicator';
import { CellsTable, OUTCOME_WIDTH, OutcomeStatus, RuleTexts } from './cells-table.js';
import { dismissProof, type Proof, type ProvedCell, useProof } from './proofs.js';
import { contradiction, decidingRules } from './verdicts.js';

/** After a change was saved at this place: what it turned, by packets. */
export function ProofPanel({ place }: { readonly place: string }) {
  const proof = useProof(place);
  return proof === null ? null : <Told proof={proof} />;
}

function Told({ proof }: { readonly proof: Proof }) {
  const { cells, left, texts } = proof;
  const waiting = cells.filter(({ result }) => result === null).length;
  const against = cells.filter((cell) => contradictionOf(cell) !== null).length;
  return (
    <Container
      header={
        <Header
          variant="h2"
          counter={`(${cells.length})`}
          description="The cells that your change turned, each probed by real packets."
          actions={<Button onClick={dismissProof}>Dismiss</Button>}
        >
          What changed, by packets
        </Header>
      }
    >
      <SpaceBetween size="s">
        {against > 0 && (
          <Alert type="error" header="The model and the packets contradict each other">
            {against} of {cells.length} cells: each says below what the model expected. If nobody changed the lab
            meanwhile, this is a defect of sglab; please report it.
          </Alert>
        )}
        <Summary waiting={waiting} against={against} count={cells.length} left={left} />
        {cells.length > 0 && (
          <CellsTable
            label="What changed"
            cells={cells}
            empty=""
            columns={[
              {
                id: 'now',
                header: 'Now, by packets',
                minWidth: OUTCOME_WIDTH,
                cell: (cell) => <Observed cell={cell} />,
              },
              { id: 'rule', header: 'Decided by', cell: (cell) => <Decided cell={cell} texts={texts} /> },
            ]}
          />
        )}
      </SpaceBetween>
    </Container>
  );
}

interface Counts {
  readonly waiting: number;
  readonly against: number;
  readonly count: number;
  readonly left: number;
}

function Summary({ waiting, against, count, left }: Counts) {
  const others = left === 0 ? '' : ` ${left} more turned by the model and were not probed.`;
  if (waiting > 0) return <StatusIndicator type="loading">{`${waiting} probes to go.${others}`}</StatusIndicator>;
  if (count === 0) return <StatusIndicator type="info">No cell turned.</StatusIndicator>;
  const agreed = against === 0 ? 'Packets met what the model said.' : 'Not all packets met what the model said.';
  return <StatusIndicator type={against === 0 ? 'success' : 'error'}>{`${agreed}${others}`}</StatusIndicator>;
}

function contradictionOf({ after, result }: ProvedCell): string | null {
  return result === null || typeof result === 'string' ? null : contradiction(after, result);
}

function Observed({ cell }: { readonly cell: ProvedCell }) {
  const { result } = cell;
  if (result === null) return <StatusIndicator type="loading">Probing</StatusIndicator>;
  if (typeof result === 'string') return <StatusIndicator type="error">{result}</StatusIndicator>;
  const against = contradictionOf(cell);
  return (
    <>
      <OutcomeStatus verdict={result} />
      {against === null ? null : <StatusIndicator type="error">{against}</StatusIndicator>}
    </>
  );
}

function Decided({ cell, texts }: { readonly cell: ProvedCell; readonly texts: Readonly<Record<string, string>> }) {
  const { result } = cell;
  if (result === null || typeof result === 'string') return null;
  const ids = decidingRules(result);
  if (ids.length === 0) return <>{result.explanation}</>;
  return <RuleTexts ids={ids} texts={texts} />;
}
