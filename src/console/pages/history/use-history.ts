import { useEffect, useMemo, useState } from 'react';
import type { HistoryEntry } from '../../../records/history/types.js';
import { call } from '../../live/call.js';
import { useLab } from '../../live/lab-store.js';
import { notifyFailure } from '../../shell/notices.js';
import { joined } from './timeline.js';

/** Everything that the lab's history has, the oldest first; null before it came. */
export function useHistory(): readonly HistoryEntry[] | null {
  const { news } = useLab();
  const [loaded, setLoaded] = useState<readonly HistoryEntry[] | null>(null);
  useEffect(() => {
    call('history', {}).then(
      ({ entries }) => setLoaded(entries),
      (error) => notifyFailure('The history cannot be shown', error),
    );
  }, []);
  return useMemo(() => (loaded === null ? null : joined(loaded, news)), [loaded, news]);
}
