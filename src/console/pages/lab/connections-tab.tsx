import { useEffect, useState } from 'react';
import type { Connection } from '../../../observe/connections.js';
import { endText } from '../../../verdict/phrases.js';
import { call } from '../../live/call.js';
import { usePolled } from '../../live/use-polled.js';
import { KernelTable } from './kernel-table.js';

/** The flows that the interface's card tracks at this moment. */
export function ConnectionsTab({ interfaceId }: { readonly interfaceId: string }) {
  const polled = usePolled('connections', { interfaceId });
  const items = polled.answer?.connections ?? null;
  const texts = useRuleTexts((items ?? []).flatMap(({ rule }) => rule ?? []));
  return (
    <KernelTable<Connection>
      label="Tracked connections"
      polled={polled}
      items={items}
      empty="No connection is tracked."
      columns={[
        { id: 'protocol', header: 'Protocol', cell: ({ protocol }) => protocol },
        { id: 'state', header: 'State', cell: stateOf },
        { id: 'from', header: 'From', cell: (each) => endOf(each, 'source') },
        { id: 'to', header: 'To', cell: (each) => endOf(each, 'destination') },
        { id: 'left', header: 'Time left', cell: ({ secondsLeft }) => `${secondsLeft} s` },
        {
          id: 'tracked',
          header: 'Tracking',
          cell: ({ tracked, why }) => `${tracked ? 'Tracked' : 'Untracked'}: ${why}`,
        },
        {
          id: 'rule',
          header: 'Admitted by',
          cell: ({ rule }) => (rule === null ? 'no rule of now' : (texts[rule] ?? rule)),
        },
      ]}
    />
  );
}

function stateOf({ state, unreplied }: Connection): string {
  return state ?? (unreplied ? 'unanswered' : 'answered');
}

function endOf({ protocolNumber, original }: Connection, side: 'source' | 'destination'): string {
  return endText(protocolNumber, original[side], original[`${side}Port`] ?? 0);
}

/** Rules as people recognise them, by id. */
function useRuleTexts(ids: readonly string[]): Readonly<Record<string, string>> {
  const [texts, setTexts] = useState<Readonly<Record<string, string>>>({});
  const wanted = [...new Set(ids)].sort().join(' ');
  useEffect(() => {
    if (wanted === '') return;
    const gone = new AbortController();
    // Without the texts the ids stand there.
    call('describeRules', { ids: wanted.split(' ') }, gone.signal).then(
      (answer) => setTexts(answer.texts),
      () => {},
    );
    return () => gone.abort();
  }, [wanted]);
  return texts;
}
