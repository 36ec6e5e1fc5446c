import { SglabError } from '../errors.js';

/** One thing wrong with a file. */
export interface Problem {
  readonly file: string;
  /** From 1; null when it is about the file as a whole. */
  readonly line: number | null;
  readonly column: number | null;
  /** Such as `securityGroups.web.ingress[0].ports`. */
  readonly path: string;
  /** What the file has there; undefined where it has nothing. */
  readonly value: unknown;
  readonly message: string;
  /** The remedy: a clause that follows a semicolon, or a sentence. */
  readonly hint: string | null;
}

/** A definition file that cannot be used, with everything that is wrong with it. The message has one line for each. */
export class DefinitionError extends SglabError {
  override readonly name = 'DefinitionError';
  readonly problems: readonly Problem[];

  constructor(problems: readonly Problem[]) {
    super('InvalidDefinition', problems.map(problemLine).join('\n'));
    this.problems = problems;
  }
}

/** `scenarios/x.yaml:12:17: unknown key "ingres" in securityGroups.web; did you mean "ingress"?` */
export function problemLine({ file, line, column, message, hint }: Problem): string {
  const place = line === null ? file : `${file}:${line}:${column ?? 1}`;
  if (hint === null) return `${place}: ${message}`;
  const separator = /^[A-Z]/.test(hint) ? '.' : ';';
  return `${place}: ${message.replace(/\.$/, '')}${separator} ${hint}`;
}
