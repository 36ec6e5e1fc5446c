/** The matrix by the model: what packets would meet in a cloud that nobody built. */
import { setImmediate as nextTurn } from 'node:timers/promises';
import { makeProbe } from '../../cloud/text/probe.js';
import type { Cloud } from '../../cloud/types.js';
import { SglabError } from '../../errors.js';
import type { Stopped } from '../../verdict/types.js';
import { ModelOpinion, modelAnswer } from '../../verify/model-opinion.js';
import { type AskedCell, type AskedMatrix, cellsToAsk } from '../matrix.js';
import type { MatrixRequest } from '../protocol.js';
import { concernOf } from './concern.js';
import type { CellVerdict, PageCalls, TurnedCell } from './protocol.js';

/** Milliseconds for which the model may keep everybody else waiting. */
const SLICE_MS = 8;

/** Cells whose outcome, or whose place of stopping, differs in the other cloud; only those that both clouds have. */
export async function turnedCells(
  before: Cloud,
  after: Cloud,
  request: Omit<PageCalls['preview']['request'], 'requests' | 'mutations'>,
): Promise<TurnedCell[]> {
  const concerned = cellsToAsk(after, request).cells.filter(concernOf(before, after));
  const [old, now] = [await modelVerdicts(before, concerned), await modelVerdicts(after, concerned)];
  return concerned.flatMap((cell, at) => {
    const [was, is] = [old[at] ?? null, now[at] ?? null];
    if (was === null || is === null || isSameVerdict(was, is)) return [];
    return [{ ...cell, before: was, after: is }];
  });
}

/** Where nothing listens, and nobody named a question, there is nothing to ask. */
export function askedOf(cloud: Cloud, request: MatrixRequest): AskedMatrix {
  try {
    return cellsToAsk(cloud, request);
  } catch (error) {
    if (!(error instanceof SglabError) || error.code !== 'NothingToAsk') throw error;
    return { names: [], questions: [], cells: [] };
  }
}

/** The verdicts in the order of the cells; null for one that the cloud does not have. Others have their turns in between. */
export async function modelVerdicts(cloud: Cloud, cells: readonly AskedCell[]): Promise<(CellVerdict | null)[]> {
  const verdicts: (CellVerdict | null)[] = [];
  let began = performance.now();
  for (const cell of cells) {
    verdicts.push(modelVerdict(cloud, cell));
    if (performance.now() - began < SLICE_MS) continue;
    await nextTurn();
    began = performance.now();
  }
  return verdicts;
}

/** null: the cloud does not have such a machine, or the two have no address family in common. */
function modelVerdict(cloud: Cloud, { from, to, question }: AskedCell): CellVerdict | null {
  try {
    // Each packet meets a cloud that remembers no other.
    const opinion = new ModelOpinion(cloud);
    const { outcome, stage, leg, rules } = modelAnswer(opinion.verdictOf(makeProbe({ from, to, what: question })));
    return { outcome: outcome as CellVerdict['outcome'], stage, leg, rules };
  } catch (error) {
    if (error instanceof SglabError) return null;
    throw error;
  }
}

interface Told extends Stopped {
  readonly outcome: string;
}

export function isSameVerdict(one: Told, other: Told): boolean {
  return one.outcome === other.outcome && one.stage === other.stage && one.leg === other.leg;
}
