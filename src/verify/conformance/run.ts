/** Builds, runs and takes down the labs of statements, a few at once. */
import path from 'node:path';
import pMap from 'p-map';
import { SglabError } from '../../errors.js';
import { runScenario } from '../../scenario/run-scenario.js';
import { type Proof, reasonNotCovered, type StatementFile } from './files.js';
import { labOf } from './labs.js';
import { SECTIONS } from './statements/index.js';
import type { ConformanceReport, FileResult, StatementResult, StatementStatus } from './types.js';

/**
 * A build mostly waits for nft and ip, so that a third lab fills the gaps of two cores. A fourth would block: each live
 * lab keeps one of the four threads of Node's pool waiting in epoll_wait, and none would be left to read a file.
 */
const LABS_AT_ONCE = 3;

export interface ConformanceOptions {
  /** Ends the run; every lab is down when it throws. */
  readonly signal: AbortSignal;
  readonly onProgress: (done: number, total: number) => void;
}

/**
 * An SglabError of a statement's lab becomes that statement's result.
 * @throws any other error, and the signal's reason
 */
export async function runConformance(
  proofs: readonly Proof[],
  { signal, onProgress }: ConformanceOptions,
): Promise<ConformanceReport> {
  const started = performance.now();
  // A defect in one run stops the others between two steps, so that no lab stays behind.
  const defect = new AbortController();
  const stop = AbortSignal.any([signal, defect.signal]);
  let done = 0;
  onProgress(done, proofs.length);
  const settled = await pMap(
    proofs,
    async (proof) => {
      try {
        return await runStatement(proof, stop);
      } catch (error) {
        defect.abort(error);
        return null;
      } finally {
        done += 1;
        onProgress(done, proofs.length);
      }
    },
    { concurrency: LABS_AT_ONCE },
  );
  stop.throwIfAborted();
  return conformanceReport(
    settled.filter((result) => result !== null),
    performance.now() - started,
  );
}

async function runStatement({ statement, files }: Proof, signal: AbortSignal): Promise<StatementResult> {
  const started = performance.now();
  if (files.length === 0) {
    return { statement, status: 'not-covered', reason: reasonNotCovered(statement.id), files: [], ms: 0 };
  }
  const results: FileResult[] = [];
  for (const each of files) results.push(await runFile(each, signal));
  return { statement, status: statusOf(results), reason: null, files: results, ms: performance.now() - started };
}

async function runFile({ file, scenario }: StatementFile, signal: AbortSignal): Promise<FileResult> {
  signal.throwIfAborted();
  const base = { file: path.basename(file), report: null, error: null, describeRule: (id: string) => id };
  try {
    const options = { file, lab: labOf(scenario.name), keep: false, signal, onProgress: () => {} };
    const ran = await runScenario(scenario, options);
    signal.throwIfAborted();
    return { ...base, ...ran };
  } catch (error) {
    if (signal.aborted || !(error instanceof SglabError)) throw error;
    return { ...base, error: error.message };
  }
}

function statusOf(results: readonly FileResult[]): StatementStatus {
  if (results.some(({ report }) => report !== null && report.failed > 0)) return 'fails';
  if (results.some(({ report }) => report === null || report.unknown > 0)) return 'unknown';
  return 'holds';
}

function conformanceReport(results: readonly StatementResult[], ms: number): ConformanceReport {
  const count = (status: StatementStatus) => results.filter((result) => result.status === status).length;
  const sections = SECTIONS.map((section) => ({
    section,
    results: results.filter(({ statement }) => section.statements.includes(statement)),
  }));
  return {
    sections: sections.filter((each) => each.results.length > 0),
    counts: {
      holds: count('holds'),
      fails: count('fails'),
      unknown: count('unknown'),
      'not-covered': count('not-covered'),
    },
    ms,
  };
}
