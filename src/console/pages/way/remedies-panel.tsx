import Alert from '@cloudscape-design/components/alert';
import Container from '@cloudscape-design/components/container';
import Header from '@cloudscape-design/components/header';
import SpaceBetween from '@cloudscape-design/components/space-between';
import type { Cloud } from '../../../cloud/types.js';
import type { Explanation, Remedy } from '../../../verify/explain/types.js';
import { RemedyCard } from './remedy-card.js';

interface Props {
  readonly cloud: Cloud;
  readonly explanation: Explanation;
  readonly onApplied: () => void;
}

/** The smallest changes that would turn the verdict, each with what else it would turn. */
export function RemediesPanel({ cloud, explanation: { toPass, toStop, instead }, onApplied }: Props) {
  const remedies = toPass === null ? toStop : [toPass];
  if (remedies.length === 0 && instead === null) return null;
  const title = toPass === null ? 'What would stop it' : 'What would make it pass';
  return (
    <Container
      header={
        <Header variant="h2" description="Tried on the model. Nothing changes before you apply it.">
          {title}
        </Header>
      }
    >
      <SpaceBetween size="l">
        {instead === null ? null : (
          <Alert type="info">{`The private address ${instead.address} passes without any change: ${instead.probe}`}</Alert>
        )}
        {remedies.map((remedy) => (
          <RemedyCard key={keyOf(remedy)} cloud={cloud} remedy={remedy} onApplied={onApplied} />
        ))}
      </SpaceBetween>
    </Container>
  );
}

function keyOf({ changes, obstacle }: Remedy): string {
  return JSON.stringify([changes.map(({ words }) => words), obstacle]);
}
