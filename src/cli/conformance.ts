import type { Command } from 'commander';
import { EXIT, type ExitCode } from '../errors.js';
import type { ConformanceReport } from '../verify/conformance/types.js';
import { readyHost } from './host.js';
import { endProgress, onInterrupt, print, progress, reportInterrupt } from './output.js';

export function registerConformance(program: Command): void {
  program
    .command('conformance [statement...]')
    .summary('which statements about AWS hold on this kernel')
    .description(
      'Builds a lab for each numbered statement of docs/aws-semantics.md, sends its packets, and says which hold.\n' +
        'STATEMENT is S58 or a range such as S60-S70; without any, all of them are run.',
    )
    .option('--json', 'one JSON document on stdout')
    .addHelpText(
      'after',
      '\nExample:\n  $ sudo sglab conformance S58 S60-S70\n\n' +
        'Exit code: 0 all that are covered hold, 1 one fails, 4 could not tell.',
    )
    .action(conformance);
}

async function conformance(words: string[], { json = false }: { json?: boolean }): Promise<void> {
  const [{ selectStatements }, { loadProofs }] = await Promise.all([
    import('../verify/conformance/select.js'),
    import('../verify/conformance/files.js'),
  ]);
  const proofs = await loadProofs(selectStatements(words));
  await readyHost();
  const { runConformance } = await import('../verify/conformance/run.js');
  await removeAbandonedLabs();
  const stop = onInterrupt();
  let report: ConformanceReport;
  try {
    const onProgress = (done: number, total: number) => progress(`${done} of ${total} statements`);
    report = await runConformance(proofs, { signal: stop, onProgress }).finally(endProgress);
  } catch (error) {
    if (!stop.aborted) throw error;
    return reportInterrupt();
  }
  const [{ conformanceDocument, formatConformance }, { styleFor, widthOf }] = await Promise.all([
    import('./report/conformance.js'),
    import('./report/style.js'),
  ]);
  await print(
    json,
    () => conformanceDocument(report),
    () => formatConformance(report, { style: styleFor(), width: widthOf() }),
  );
  process.exitCode = exitCode(report);
}

/** Removes the labs that killed runs left. */
async function removeAbandonedLabs(): Promise<void> {
  const [{ isAbandoned }, { labsOfHost }, { takeDown }, { LabInUseError }] = await Promise.all([
    import('../verify/conformance/labs.js'),
    import('../controller/client.js'),
    import('../controller/take-down.js'),
    import('../lab/errors.js'),
  ]);
  for (const lab of labsOfHost().filter(isAbandoned)) {
    await takeDown(lab).catch((error: unknown) => {
      // Another run may be removing it at this moment.
      if (!(error instanceof LabInUseError)) throw error;
    });
  }
}

/** A run without a single result is not a success: its exit code says that nothing is known. */
function exitCode({ counts }: ConformanceReport): ExitCode {
  if (counts.fails > 0) return EXIT.expectationFailed;
  return counts.unknown > 0 || counts.holds === 0 ? EXIT.unknown : EXIT.ok;
}
