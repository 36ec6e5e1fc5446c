import { useEffect, useState } from 'react';
import { type Change, type Effects, rehearse } from './change.js';

export type Preview =
  | { readonly state: 'nothing' }
  /** `effects`: of the form a moment ago. */
  | { readonly state: 'asking'; readonly effects: Effects | null }
  | { readonly state: 'told'; readonly effects: Effects }
  | { readonly state: 'refused'; readonly error: unknown };

/** Milliseconds without a change of the form before the model is asked. */
const DEBOUNCE_MS = 250;

/** What the change would turn in the lab as it is, asked anew whenever either is another. */
export function usePreview(change: Change | null, labChange: number): Preview {
  const [preview, setPreview] = useState<Preview>({ state: 'nothing' });
  const key = change === null ? null : JSON.stringify([change, labChange]);
  useEffect(() => {
    if (key === null) return setPreview({ state: 'nothing' });
    const [asked] = JSON.parse(key) as [Change, number];
    setPreview((before) => ({ state: 'asking', effects: 'effects' in before ? before.effects : null }));
    const gone = new AbortController();
    const timer = window.setTimeout(() => {
      rehearse(asked, gone.signal).then(
        ({ effects }) => gone.signal.aborted || setPreview({ state: 'told', effects }),
        (error: unknown) => gone.signal.aborted || setPreview({ state: 'refused', error }),
      );
    }, DEBOUNCE_MS);
    return () => {
      window.clearTimeout(timer);
      gone.abort();
    };
  }, [key]);
  return preview;
}
