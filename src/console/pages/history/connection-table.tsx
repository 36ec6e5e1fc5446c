import FormField from '@cloudscape-design/components/form-field';
import Select from '@cloudscape-design/components/select';
import SpaceBetween from '@cloudscape-design/components/space-between';
import Table from '@cloudscape-design/components/table';
import { useEffect, useState } from 'react';
import type { Cloud } from '../../../cloud/types.js';
import type { Connection } from '../../../observe/connections.js';
import { endText } from '../../../verdict/phrases.js';
import { call } from '../../live/call.js';

/** Milliseconds between looks. */
const LOOK_MS = 2000;

interface ConnectionProps {
  readonly cloud: Cloud;
  /** Counts how often time was advanced: the table is looked up anew. */
  readonly aged: number;
}

/** What an interface remembers, with the time that each connection has left. */
export function ConnectionTable({ cloud, aged }: ConnectionProps) {
  const options = Object.values(cloud.networkInterfaces).map(({ id, instanceId, deviceIndex }) => ({
    value: id,
    label: `${cloud.instances[instanceId]?.name ?? instanceId}.eth${deviceIndex}`,
  }));
  const [chosen, choose] = useState<string | null>(null);
  const option = options.find(({ value }) => value === chosen) ?? options[0] ?? null;
  const connections = useConnections(option?.value ?? null, aged);
  return (
    <SpaceBetween size="s">
      <FormField label="Tracked connections of">
        <Select
          options={options}
          selectedOption={option}
          filteringType={options.length > 10 ? 'auto' : 'none'}
          placeholder="No interface"
          onChange={({ detail }) => choose(detail.selectedOption.value ?? null)}
        />
      </FormField>
      <Table
        variant="embedded"
        contentDensity="compact"
        ariaLabels={{ tableLabel: 'Tracked connections' }}
        items={connections}
        empty="It remembers no connection."
        columnDefinitions={[
          { id: 'protocol', header: 'Protocol', cell: ({ protocol }) => protocol },
          { id: 'state', header: 'State', cell: stateText },
          { id: 'from', header: 'From', isRowHeader: true, cell: (each) => end(each, 'source') },
          { id: 'to', header: 'To', cell: (each) => end(each, 'destination') },
          { id: 'left', header: 'Time left', cell: ({ secondsLeft }) => `${secondsLeft} s` },
          { id: 'tracked', header: 'Tracked', cell: ({ tracked, why }) => `${tracked ? 'yes' : 'no'}: ${why}` },
        ]}
      />
    </SpaceBetween>
  );
}

function useConnections(interfaceId: string | null, aged: number): readonly Connection[] {
  const [connections, setConnections] = useState<readonly Connection[]>([]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: they are others after time has passed
  useEffect(() => {
    if (interfaceId === null) return setConnections([]);
    const gone = new AbortController();
    // An interface that is gone meanwhile remembers nothing.
    const look = () =>
      call('connections', { interfaceId }, gone.signal).then(
        (told) => gone.signal.aborted || setConnections(told.connections),
        () => gone.signal.aborted || setConnections([]),
      );
    void look();
    const timer = window.setInterval(() => document.hidden || void look(), LOOK_MS);
    return () => {
      window.clearInterval(timer);
      gone.abort();
    };
  }, [interfaceId, aged]);
  return connections;
}

function stateText({ state, unreplied }: Connection): string {
  return state ?? (unreplied ? 'unanswered' : 'answered');
}

function end({ protocolNumber, original }: Connection, side: 'source' | 'destination'): string {
  return endText(protocolNumber, original[side], original[`${side}Port`] ?? 0);
}
