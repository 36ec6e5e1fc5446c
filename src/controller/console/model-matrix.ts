/** The matrix by the model: what packets would meet in a cloud that nobody built. */
import { makeProbe } from '../../cloud/text/probe.js';
import type { Cloud } from '../../cloud/types.js';
import { SglabError } from '../../errors.js';
import { ModelOpinion, modelAnswer } from '../../verify/model-opinion.js';
import { cellsToAsk } from '../matrix.js';
import type { CellVerdict, PageCalls, TurnedCell } from './protocol.js';

/** Cells whose outcome, or whose place of stopping, differs in the other cloud; only those that both clouds have. */
export function turnedCells(before: Cloud, after: Cloud, request: Omit<Preview, 'requests'>): TurnedCell[] {
  const [old, now] = [new ModelOpinion(before), new ModelOpinion(after)];
  const involved = request.involving === undefined ? null : new Set(request.involving);
  const isAsked = ({ from, to }: Cell) => involved === null || involved.has(from) || involved.has(to);
  return cellsToAsk(after, request)
    .cells.filter(isAsked)
    .flatMap((cell) => {
      const [was, is] = [verdictOf(old, cell), verdictOf(now, cell)];
      if (was === null || is === null || isSame(was, is)) return [];
      return [{ ...cell, before: was, after: is }];
    });
}

type Preview = PageCalls['preview']['request'];

interface Cell {
  readonly from: string;
  readonly to: string;
  readonly question: string;
}

/** null: the cloud does not have such a machine, or the two have no address family in common. */
function verdictOf(opinion: ModelOpinion, { from, to, question }: Cell): CellVerdict | null {
  try {
    const { outcome, stage, leg, rules } = modelAnswer(opinion.verdictOf(makeProbe({ from, to, what: question })));
    return { outcome: outcome as CellVerdict['outcome'], stage, leg, rules };
  } catch (error) {
    if (error instanceof SglabError) return null;
    throw error;
  }
}

function isSame(one: CellVerdict, other: CellVerdict): boolean {
  return one.outcome === other.outcome && one.stage === other.stage && one.leg === other.leg;
}
