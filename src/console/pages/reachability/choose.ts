/** Which matrix the page shows: it stands in the URL, so that it can be kept and passed on. Pure. */
import type { Cloud } from '../../../cloud/types.js';
import type { MatrixRequest } from '../../../controller/protocol.js';

/** Machines that are asked for where nobody chose: more make a page that nobody reads. */
export const MOST_MACHINES = 100;

export interface Choice {
  /** null: all, or the first hundred. */
  readonly machines: readonly string[] | null;
  /** null: every port that anything in the lab listens on. */
  readonly questions: readonly string[] | null;
  readonly fold: boolean;
}

export function choiceOf(query: URLSearchParams): Choice {
  return {
    machines: query.has('machine') ? query.getAll('machine') : null,
    questions: query.has('question') ? query.getAll('question') : null,
    fold: query.get('fold') === 'alike',
  };
}

/** The fragment of the choice's place. */
export function placeOf({ machines, questions, fold }: Choice): string {
  const query = new URLSearchParams([
    ...(machines ?? []).map((name) => ['machine', name]),
    ...(questions ?? []).map((question) => ['question', question]),
    ...(fold ? [['fold', 'alike']] : []),
  ]).toString();
  return `#/reachability${query === '' ? '' : `?${query}`}`;
}

/** Whoever sends probes and answers them, in the order of the lab. */
export function machinesOf({ externalHosts, instances }: Cloud): string[] {
  const running = Object.values(instances).filter(({ kind }) => kind !== 'nat-gateway');
  return [...Object.keys(externalHosts), ...running.map(({ name }) => name)];
}

export function requestOf({ machines, questions }: Choice, cloud: Cloud): MatrixRequest {
  if (machines !== null) return { machines, questions };
  const all = machinesOf(cloud);
  return { machines: all.length > MOST_MACHINES ? all.slice(0, MOST_MACHINES) : null, questions };
}
