import { useEffect, useState } from 'react';
import type { PageCalls } from '../../controller/console/protocol.js';
import { call } from './call.js';

/** Milliseconds between two questions about what the kernel counts: it tells nobody by itself. */
const INTERVAL_MS = 1500;

export interface Polled<T> {
  readonly answer: T | null;
  readonly error: unknown;
}

/** What a call answers, asked again as long as somebody looks. */
export function usePolled<Name extends keyof PageCalls>(
  name: Name,
  request: PageCalls[Name]['request'],
): Polled<PageCalls[Name]['response']> {
  const [polled, setPolled] = useState<Polled<PageCalls[Name]['response']>>({ answer: null, error: null });
  const key = JSON.stringify(request);
  useEffect(() => {
    const gone = new AbortController();
    let timer = 0;
    const ask = async () => {
      try {
        const answer = await call(name, JSON.parse(key) as PageCalls[Name]['request'], gone.signal);
        setPolled({ answer, error: null });
      } catch (error) {
        if (gone.signal.aborted) return;
        setPolled((before) => ({ ...before, error }));
      }
      const again = () => (document.hidden ? wait() : void ask());
      const wait = () => {
        if (!gone.signal.aborted) timer = window.setTimeout(again, INTERVAL_MS);
      };
      wait();
    };
    void ask();
    return () => {
      gone.abort();
      window.clearTimeout(timer);
    };
  }, [name, key]);
  return polled;
}
