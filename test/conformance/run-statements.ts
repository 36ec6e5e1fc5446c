import type { Result, TestHost } from '../kernel/support/test-host.js';
import { MAIN } from '../kernel/support/test-host.js';

/** The part of the document of `sglab conformance --json` that the tests read. */
interface Document {
  readonly total: number;
  readonly holds: number;
  readonly fails: number;
  readonly unknown: number;
  readonly notCovered: number;
  readonly statements: readonly {
    readonly id: string;
    readonly title: string;
    readonly status: 'holds' | 'fails' | 'unknown' | 'not-covered';
    readonly reason: string | null;
    readonly files: readonly {
      readonly file: string;
      readonly error: string | null;
      readonly run: { readonly steps: readonly Step[] } | null;
    }[];
  }[];
}

interface Step {
  readonly name: string;
  readonly status: 'passed' | 'failed' | 'unknown';
  readonly outcome: string;
  readonly expected: string | null;
  readonly stage: string | null;
  readonly explanation: string;
}

export interface StatementRun {
  readonly id: string;
  readonly status: string;
  readonly reason: string | null;
  /** How many steps ran. */
  readonly steps: number;
  /** Unexpected results, as text. */
  readonly problems: readonly string[];
}

export interface ConformanceRun extends Result {
  readonly document: Omit<Document, 'statements'> & { readonly statements: readonly StatementRun[] };
}

/**
 * Runs the command, by default that of this checkout.
 * @param main path of another checkout's main.js
 */
export async function runStatements(host: TestHost, words: readonly string[], main = MAIN): Promise<ConformanceRun> {
  const result = await host.start(process.execPath, [main, 'conformance', ...words, '--json']).result;
  if (result.stdout === '') throw new Error(`sglab conformance ended with ${result.code}: ${result.stderr}`);
  const { statements, ...rest } = JSON.parse(result.stdout) as Document;
  if (statements === undefined) throw new Error(`sglab conformance ended with ${result.code}: ${result.stderr}`);
  return { ...result, document: { ...rest, statements: statements.map(statementRun) } };
}

function statementRun({ id, status, reason, files }: Document['statements'][number]): StatementRun {
  const steps = files.flatMap(({ file, run }) => (run?.steps ?? []).map((step) => ({ file, ...step })));
  const errors = files.flatMap(({ file, error }) => (error === null ? [] : [`${file}: ${error}`]));
  const wrong = steps.filter((step) => step.status !== 'passed');
  return { id, status, reason, steps: steps.length, problems: [...errors, ...wrong.map(problem)] };
}

function problem({ file, name, outcome, stage, expected, explanation }: Step & { readonly file: string }): string {
  return `${file}: ${name}: ${outcome}${stage === null ? '' : ` at ${stage}`}, expected ${expected}: ${explanation}`;
}
