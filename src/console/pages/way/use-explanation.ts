import { useCallback, useEffect, useState } from 'react';
import type { Explanation } from '../../../verify/explain/types.js';
import { call } from '../../live/call.js';
import { probeOf, type Question } from './question.js';

interface Asked {
  /** Of the question, or of the one before it while the new one is under way. */
  readonly explanation: Explanation | null;
  readonly error: unknown;
  readonly isAsking: boolean;
  /** Another one for each answer. */
  readonly serial: number;
}

/** Sends the probe of the question, once for each question and each time it is asked again. */
export function useExplanation(question: Question | null): Asked & { readonly ask: () => void } {
  const [asked, setAsked] = useState<Asked>({ explanation: null, error: null, isAsking: false, serial: 0 });
  const [times, setTimes] = useState(0);
  const key = question === null ? null : JSON.stringify({ question, times });
  useEffect(() => {
    if (key === null) return;
    const gone = new AbortController();
    setAsked((before) => ({ ...before, error: null, isAsking: true }));
    const told = (next: Partial<Asked>) => {
      if (gone.signal.aborted) return;
      const nothing = { explanation: null, error: null, isAsking: false };
      setAsked(({ serial }) => ({ ...nothing, ...next, serial: serial + 1 }));
    };
    const { question: current } = JSON.parse(key) as { question: Question };
    // A question that is none is told like one that the controller refuses.
    Promise.resolve()
      .then(() => call('explain', { probe: probeOf(current) }, gone.signal))
      .then(
        (explanation) => told({ explanation }),
        (error: unknown) => told({ error }),
      );
    return () => gone.abort();
  }, [key]);
  return { ...asked, ask: useCallback(() => setTimes((before) => before + 1), []) };
}
