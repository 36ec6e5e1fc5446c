import { useEffect, useReducer } from 'react';
import type { MatrixEvent } from '../../../controller/console/protocol.js';
import type { MatrixRequest } from '../../../controller/protocol.js';
import { call } from '../../live/call.js';
import { onPageEvent } from '../../live/lab-store.js';
import { notifyFailure } from '../../shell/notices.js';
import { type MatrixState, NOTHING_KNOWN, withMatrixEvent } from './matrix-state.js';

/** The matrix, kept up to date for as long as the component is there. @param page its number: another one after a lost connection */
export function useLiveMatrix(page: number, { machines, questions }: MatrixRequest): MatrixState {
  const [state, take] = useReducer(
    (before: MatrixState, event: MatrixEvent) => withMatrixEvent(before, event, Date.now()),
    NOTHING_KNOWN,
  );
  useEffect(
    () =>
      onPageEvent((event) => {
        if (event.type === 'matrix' || event.type === 'cells') take(event);
      }),
    [],
  );
  const request = JSON.stringify({ machines, questions });
  useEffect(() => {
    look(page, JSON.parse(request) as MatrixRequest);
    return () => look(page, null);
  }, [page, request]);
  return state;
}

let turns: Promise<unknown> = Promise.resolve();

/** One after the other: the last one that was asked for is the one that stays. */
function look(page: number, matrix: MatrixRequest | null): void {
  turns = turns
    .then(() => call('watchMatrix', { page, matrix }))
    .catch((error) => matrix !== null && notifyFailure('The matrix cannot be shown', error));
}
