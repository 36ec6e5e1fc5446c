/** The words of the lab that a command line is about, as far as this user may know them. */
import type { Cloud } from '../../cloud/types.js';
import { call, chooseLab, knownLabs } from '../../controller/client.js';
import { type Vocabulary, vocabularyOf } from './vocabulary.js';

/** @param typed words of the command line, of which one may name the lab @returns no words where nobody answers */
export async function askLab(typed: readonly string[]): Promise<Vocabulary> {
  return vocabularyOf(await cloudOf(typed), labs());
}

async function cloudOf(typed: readonly string[]): Promise<Cloud | null> {
  const at = typed.indexOf('--lab');
  try {
    return (await call(chooseLab(at === -1 ? undefined : typed[at + 1]), 'status', {})).cloud;
  } catch {
    return null;
  }
}

function labs(): readonly string[] {
  try {
    return knownLabs();
  } catch {
    return [];
  }
}
