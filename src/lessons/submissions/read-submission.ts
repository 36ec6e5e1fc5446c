/** Reads what somebody handed in, whatever form it has, as the lab that it makes of the lesson's. */
import { readLooseText } from '../../source/open.js';
import { fileError } from '../../source/problems.js';
import type { Lesson } from '../types.js';
import { readCommands } from './commands.js';
import { readDefinition } from './definition.js';
import type { Submission } from './types.js';

/** A definition, by its first key, or JSON: no line of a shell begins so. */
const DEFINITION = /^(?:\s*(?:#.*)?\n|---\s*\n)*(?:[\w-]+:\s|[\w-]+:$|[[{])/;

/** @throws DefinitionError for a file that cannot be used at all */
export async function readSubmission(file: string, lesson: Lesson): Promise<Submission> {
  const text = await readLooseText(file);
  if (text.trim() === '') throw fileError(file, 'the file is empty');
  if (isBinary(text))
    throw fileError(file, 'the file is not text', 'Hand in commands, or what `sglab learn submit` writes.');
  return /\.(ya?ml|json)$/i.test(file) || DEFINITION.test(text)
    ? readDefinition(file, lesson)
    : readCommands(text, lesson);
}

/** A history of zsh has a few bytes that are no UTF-8; a picture or a document has many. */
function isBinary(text: string): boolean {
  const strange = text.match(/[\0\ufffd]/g)?.length ?? 0;
  return text.includes('\0') || strange > text.length / 20;
}
