/** The file in which `sglab matrix --since` keeps what it saw. */
import fs from 'node:fs';
import { z } from 'zod';
import { SglabError } from '../../errors.js';
import { OUTCOMES } from '../../verdict/types.js';
import type { KnownOutcomes } from './matrix-changes.js';

const FORM = z.record(z.string(), z.enum(OUTCOMES));

/** @returns null where there is no such file yet @throws SglabError for a file of another kind */
export function readOutcomes(file: string): KnownOutcomes | null {
  if (!fs.existsSync(file)) return null;
  try {
    return FORM.parse(JSON.parse(fs.readFileSync(file, 'utf8')));
  } catch (cause) {
    throw new SglabError('NotAMatrix', `${JSON.stringify(file)} holds no matrix that --since wrote`, {
      hint: 'name a file that is not there yet',
      cause,
    });
  }
}
