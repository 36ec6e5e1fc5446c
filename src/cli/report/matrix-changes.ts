/** The changes between two matrices of a lab. */

import fs from 'node:fs';
import { z } from 'zod';
import { SglabError } from '../../errors.js';
import { type Matrix, OUTCOMES, type Outcome } from '../../verdict/types.js';

/** The outcome of each cell when it was last probed, by `from to question`. */
export type PreviousOutcomes = Readonly<Record<string, Outcome>>;

export interface ChangedCell {
  readonly from: string;
  readonly to: string;
  readonly question: string;
  readonly before: Outcome;
  readonly after: Outcome;
}

/** Cells that were probed before with another outcome, in the order of the matrix. */
export function changedCells(known: PreviousOutcomes, { cells }: Matrix): ChangedCell[] {
  return cells.flatMap(({ from, to, question, result: { outcome: after } }) => {
    const before = known[cellKey(from, to, question)];
    return before === undefined || before === after ? [] : [{ from, to, question, before, after }];
  });
}

/** Merges the matrix into the earlier outcomes: cells that it did not probe keep theirs. */
export function mergeOutcomes(known: PreviousOutcomes, { cells }: Matrix): PreviousOutcomes {
  const asked = cells.map(({ from, to, question, result }) => [cellKey(from, to, question), result.outcome] as const);
  return { ...known, ...Object.fromEntries(asked) };
}

/** Neither a name nor a question contains a blank, so that blanks can separate them. */
function cellKey(from: string, to: string, question: string): string {
  return `${from} ${to} ${question}`;
}

const FORM = z.record(z.string(), z.enum(OUTCOMES));

/**
 * @returns null if there is no such file yet
 * @throws SglabError for a file of another kind
 */
export function readOutcomes(file: string): PreviousOutcomes | null {
  const status = fs.statSync(file, { throwIfNoEntry: false });
  if (status === undefined) return null;
  try {
    if (!status.isFile()) throw new Error('reading a pipe or a device may never end');
    return FORM.parse(JSON.parse(fs.readFileSync(file, 'utf8')));
  } catch (cause) {
    throw new SglabError('NotAMatrix', `${JSON.stringify(file)} holds no matrix that --since wrote`, {
      hint: 'name a file that is not there yet',
      cause,
    });
  }
}
