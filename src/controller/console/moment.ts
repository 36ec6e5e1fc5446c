/** The lab as it was, from its history. */
import { SglabError } from '../../errors.js';
import { readHistory } from '../../lab/history-file.js';
import type { Lab } from '../../lab/lab.js';
import { undoChanges } from '../../records/history/undo.js';
import type { MatrixRequest } from '../protocol.js';
import { askedOf, modelVerdicts, turnedCells } from './model-matrix.js';
import type { Moment } from './protocol.js';

/** @throws SglabError for a change that the history does not have, or not all that came after it */
export async function momentOf(live: Lab, change: number, request: MatrixRequest): Promise<Moment> {
  const now = live.cloud;
  const { last } = live.history;
  const since = readHistory(live.name).flatMap((entry) =>
    entry.type === 'change' && entry.number > change ? [entry] : [],
  );
  if (change > last || since.some(({ number }, at) => number !== change + 1 + at) || since.length !== last - change) {
    throw new SglabError('NoSuchMoment', `the history does not reach back to change ${change}`, {
      hint: 'the oldest changes of a long history are dropped',
    });
  }
  const cloud = undoChanges(now, since);
  const { names, questions, cells } = askedOf(cloud, request);
  const verdicts = await modelVerdicts(cloud, cells);
  const asked = { machines: names, questions };
  return {
    cloud,
    names,
    questions,
    cells: cells.flatMap((cell, at) => {
      const verdict = verdicts[at] ?? null;
      return verdict === null ? [] : [{ ...cell, verdict }];
    }),
    turned: questions.length === 0 ? [] : await turnedCells(cloud, now, asked),
  };
}
