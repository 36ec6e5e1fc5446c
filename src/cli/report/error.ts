import { SglabError } from '../../errors.js';
import { PLAIN, type Style } from './style.js';

/** What is said about an error that sglab did not foresee. */
const DEFECT = { code: 'Defect', hint: 'this is a defect of sglab: please report it with the lines above' } as const;

/** An error for people: the sentence, and on the next line what to do about it. Goes to stderr. */
export function formatError(error: unknown, style: Style = PLAIN): string {
  const { message, hint } = describe(error);
  const trace = error instanceof SglabError || !(error instanceof Error) ? [] : stackLines(error).map(style.dim);
  const lines = [`${style.red(style.bold('error:'))} ${message}`, ...trace];
  return `${[...lines, ...(hint === null ? [] : [`${style.cyan('hint:')}  ${hint}`])].join('\n')}\n`;
}

/** The same for programs, as the one document on stdout. */
export function errorDocument(error: unknown) {
  return { error: describe(error) };
}

function describe(error: unknown): { code: string; message: string; hint: string | null } {
  if (error instanceof SglabError) return { code: error.code, message: error.message, hint: error.hint };
  return { code: DEFECT.code, message: error instanceof Error ? error.message : String(error), hint: DEFECT.hint };
}

/** Without the first lines, which repeat the message. */
function stackLines(error: Error): string[] {
  return (error.stack ?? '').split('\n').filter((line) => /^\s+at /.test(line));
}
