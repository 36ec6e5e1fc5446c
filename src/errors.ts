/** Exit codes of every command (README.md). */
export const EXIT = { ok: 0, expectationFailed: 1, badInput: 2, hostCannot: 3, unknown: 4 } as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/**
 * What every error of sglab carries: a stable `code` for programs, a sentence for people, and the remedy.
 * Anything else that is thrown is a defect of sglab and is reported as such.
 */
export class SglabError extends Error {
  override readonly name: string = 'SglabError';
  readonly code: string;
  readonly exitCode: ExitCode;
  readonly hint: string | null;

  constructor(code: string, message: string, options: { exitCode?: ExitCode; hint?: string; cause?: unknown } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.exitCode = options.exitCode ?? EXIT.badInput;
    this.hint = options.hint ?? null;
  }
}

/** What is said about an error that sglab did not foresee. */
const DEFECT = { code: 'Defect', hint: 'this is a defect in sglab: please report it with the lines above' } as const;

/** An error for programs: the one document on stdout, and the answer of a controller. */
export function errorDocument(error: unknown): {
  error: { code: string; message: string; hint: string | null };
} {
  if (error instanceof SglabError) return { error: { code: error.code, message: error.message, hint: error.hint } };
  return {
    error: { code: DEFECT.code, message: error instanceof Error ? error.message : String(error), hint: DEFECT.hint },
  };
}
