import { useEffect, useState } from 'react';
import type { Audited } from '../../../verify/audit/types.js';
import { call } from '../../live/call.js';
import { notifyFailure } from '../../shell/notices.js';

/** Milliseconds without a change of the lab before it is audited again. */
const DEBOUNCE_MS = 500;

export interface Audit {
  /** Of the lab a moment ago, where it is being audited; null before the first time. */
  readonly audited: readonly Audited[] | null;
  readonly isBusy: boolean;
}

/** Audits the lab, and again after each change. @param asked counts how often somebody asked for it */
export function useAudit(change: number, asked: number): Audit {
  const [audit, setAudit] = useState<Audit>({ audited: null, isBusy: true });
  // biome-ignore lint/correctness/useExhaustiveDependencies: each of them asks for another audit
  useEffect(() => {
    const gone = new AbortController();
    setAudit(({ audited }) => ({ audited, isBusy: true }));
    const run = async () => {
      try {
        const { audited } = await call('audit', {}, gone.signal);
        if (!gone.signal.aborted) setAudit({ audited, isBusy: false });
      } catch (error) {
        if (gone.signal.aborted) return;
        notifyFailure('The lab could not be audited', error);
        setAudit(({ audited }) => ({ audited, isBusy: false }));
      }
    };
    const timer = window.setTimeout(() => void run(), DEBOUNCE_MS);
    return () => {
      window.clearTimeout(timer);
      gone.abort();
    };
  }, [change, asked]);
  return audit;
}
