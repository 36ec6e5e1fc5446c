import Alert from '@cloudscape-design/components/alert';
import Box from '@cloudscape-design/components/box';
import Header from '@cloudscape-design/components/header';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { findById } from '../../../cloud/lookup.js';
import { escapeInvisible } from '../../../cloud/text/quote.js';
import type { Cloud } from '../../../cloud/types.js';
import { PlaceLink } from '../../resources/facts.js';
import { NotThere } from '../../resources/resource-page.js';
import type { PageProps } from '../../shell/page.js';
import { MachineTerminal } from './machine-terminal.js';
import { TERMINAL, terminalPath } from './places.js';

export function TerminalPage({ live: { cloud, terminals }, route }: PageProps) {
  const [, machine] = route.path;
  if (!terminals) {
    return (
      <Alert type="info" header="No terminals">
        Run <code>sudo sglab console --terminals</code> and open the URL that it prints.
      </Alert>
    );
  }
  if (machine === undefined) return <Machines cloud={cloud} />;
  const name = nameOf(cloud, machine);
  if (name === null) return <NotThere crumbs={[TERMINAL]} id={machine} />;
  return <MachineTerminal key={machine} machine={machine} title={`Terminal in ${escapeInvisible(name)}`} />;
}

function nameOf({ instances, externalHosts }: Cloud, machine: string): string | null {
  return (findById(instances, machine) ?? findById(externalHosts, machine))?.name ?? null;
}

function Machines({ cloud: { instances, externalHosts } }: { readonly cloud: Cloud }) {
  const machines = [
    ...Object.values(instances).filter(({ kind }) => kind !== 'nat-gateway'),
    ...Object.values(externalHosts).map(({ name }) => ({ id: name, name })),
  ];
  return (
    <SpaceBetween size="m">
      <Header variant="h1" description="Choose where the shell is to run.">
        {TERMINAL.text}
      </Header>
      {machines.length === 0 && <Box>The lab has no machine.</Box>}
      <SpaceBetween size="xs">
        {machines.map(({ id, name }) => (
          <PlaceLink key={id} path={terminalPath(id)} text={escapeInvisible(name)} />
        ))}
      </SpaceBetween>
    </SpaceBetween>
  );
}
