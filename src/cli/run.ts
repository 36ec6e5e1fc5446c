import type { Command } from 'commander';
import type { ReportPart } from '../console/report/document.js';
import { EXIT } from '../errors.js';
import type { ImportReport } from '../source/import-report.js';
import type { RunReport } from '../verdict/types.js';
import { readyHost } from './host.js';
import {
  endProgress,
  noteImport,
  onInterrupt,
  print,
  progress,
  reportInterrupt,
  write,
  writeOutput,
} from './output.js';

interface RunOptions {
  readonly json?: boolean;
  readonly junit?: string;
  readonly html?: string;
  readonly keep?: boolean;
  readonly lab?: string;
}

export function registerRun(program: Command): void {
  program
    .command('run <file...>')
    .summary('build, run the steps, report, tear down')
    .description('Builds the lab of each scenario file, runs its steps with real packets, and takes it down again.')
    .option('--json', 'one JSON document on stdout')
    .option('--junit <file>', 'also write a JUnit report')
    .option(
      '--html <file>',
      'also write a page that needs no server: picture, steps, matrix, the way of each failed step',
    )
    .option('--keep', 'leave the lab up afterwards, as `sglab up` would')
    .option('--lab <name>', 'name of the lab (default: the name in the file)')
    .addHelpText('after', '\nExample:\n  $ sudo sglab run scenarios/securecart-web.yaml')
    .action(run);
}

async function run(files: string[], options: RunOptions): Promise<void> {
  const { loadScenario } = await import('../import/load.js');
  // All files are read before the first lab is built, so that a mistake in the last one shows up at once and not after
  // minutes.
  const scenarios = await Promise.all(files.map(loadScenario));
  for (const { imported } of scenarios) noteImport(imported);
  await readyHost();
  const { runScenario } = await import('../scenario/run-scenario.js');
  const stop = onInterrupt();
  const reports: RunReport[] = [];
  const parts: ReportPart[] = [];
  for (const [at, scenario] of scenarios.entries()) {
    const file = files[at] ?? '';
    try {
      const page = options.html === undefined ? null : new (await import('./report-pages.js')).RunPage(stop);
      const { report, describeRule } = await runScenario(scenario, {
        file,
        lab: options.lab ?? null,
        keep: options.keep ?? false,
        signal: stop,
        onProgress: (text) => progress(text),
        ...(page === null ? {} : { beforeDown: (live) => page.see(live) }),
      });
      endProgress();
      reports.push(report);
      if (page !== null) parts.push(page.part(report, describeRule));
      if (!options.json) await printReport(report, describeRule);
    } catch (error) {
      endProgress();
      if (!stop.aborted) throw error;
      return reportInterrupt();
    }
  }
  if (options.html !== undefined) await (await import('./report-pages.js')).writePage(options.html, parts);
  await finish(reports, options);
}

async function printReport(report: RunReport, describeRule: (id: string) => string): Promise<void> {
  const [{ formatRun }, { styleFor, widthOf }] = await Promise.all([
    import('./report/run.js'),
    import('./report/style.js'),
  ]);
  write(`${formatRun(report, { style: styleFor(), width: widthOf(), describeRule })}\n`);
}

async function finish(reports: readonly RunReport[], { json, junit }: RunOptions): Promise<void> {
  if (junit !== undefined) {
    const { junit: toJunit } = await import('./report/junit.js');
    await writeOutput(junit, toJunit(reports));
  }
  if (json) {
    const { runDocument } = await import('./report/json.js');
    const documents = reports.map(runDocument);
    await print(
      true,
      () => (documents.length === 1 ? documents[0] : documents),
      () => '',
    );
  }
  const failed = reports.some((report) => report.failed > 0);
  const unknown = reports.some((report) => report.unknown > 0);
  process.exitCode = failed ? EXIT.expectationFailed : unknown ? EXIT.unknown : EXIT.ok;
}

export function registerValidate(program: Command): void {
  program
    .command('validate <file...>')
    .summary('check files without root and without touching the kernel')
    .description('Checks scenario files: form, names, addresses, quotas. Needs neither root nor the kernel.')
    .option('--json', 'one JSON document on stdout')
    .addHelpText('after', '\nExample:\n  $ sglab validate scenarios/*.yaml')
    .action(validate);
}

async function validate(files: string[], { json = false }: { json?: boolean }): Promise<void> {
  const [{ loadScenario }, { DefinitionError }] = await Promise.all([
    import('../import/load.js'),
    import('../source/problems.js'),
  ]);
  const problems: InstanceType<typeof DefinitionError>['problems'][number][] = [];
  const valid: { file: string; name: string; instances: number; steps: number; imported: ImportReport | null }[] = [];
  for (const file of files) {
    try {
      const { name, cloud, steps, imported } = await loadScenario(file);
      noteImport(imported);
      valid.push({ file, name, instances: Object.keys(cloud.instances).length, steps: steps.length, imported });
    } catch (error) {
      if (!(error instanceof DefinitionError)) throw error;
      problems.push(...error.problems);
    }
  }
  const document = { valid, problems };
  await print(
    json,
    () => document,
    () =>
      valid
        .map(({ file, name, instances, steps }) => `${file}: ok (${name}: ${instances} instances, ${steps} steps)\n`)
        .join(''),
  );
  if (problems.length === 0) return;
  const error = new DefinitionError(problems);
  process.exitCode = error.exitCode;
  if (json) return;
  const [{ formatError }, { styleFor }] = await Promise.all([import('./report/error.js'), import('./report/style.js')]);
  process.stderr.write(formatError(error, styleFor(process.stderr)));
}
