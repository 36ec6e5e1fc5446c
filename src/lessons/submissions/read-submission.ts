/** Reads what somebody handed in, whatever form it has, as the lab that it makes of the lesson's. */
import { readText } from '../../source/open.js';
import { fileError } from '../../source/problems.js';
import type { Lesson } from '../types.js';
import { readCommands } from './commands.js';
import { readDefinition } from './definition.js';
import type { Submission } from './types.js';

/** A definition, by its first key, or JSON: no line of a shell begins so. */
const DEFINITION = /^(?:\s*(?:#.*)?\n|---\s*\n)*(?:[\w-]+:\s|[\w-]+:$|[[{])/;

/** @throws DefinitionError for a file that cannot be used at all */
export async function readSubmission(file: string, lesson: Lesson): Promise<Submission> {
  const text = await readText(file);
  if (text.trim() === '') throw fileError(file, 'the file is empty');
  if (text.includes('\0')) throw fileError(file, 'the file is not text: it has NUL characters');
  return /\.(ya?ml|json)$/i.test(file) || DEFINITION.test(text)
    ? readDefinition(file, lesson)
    : readCommands(text, lesson);
}
