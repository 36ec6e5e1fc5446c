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
    const matrix = JSON.parse(request) as MatrixRequest;
    call('watchMatrix', { page, matrix }).catch((error) => notifyFailure('The matrix cannot be shown', error));
    return () => {
      call('watchMatrix', { page, matrix: null }).catch(() => {}); // the controller is gone, and with it the matrix
    };
  }, [page, request]);
  return state;
}
