import type { Command } from 'commander';
import { quote, shown } from '../cloud/text/quote.js';
import type { ReportPart } from '../console/report/document.js';
import { EXIT, SglabError } from '../errors.js';
import type { Scenario } from '../scenario/types.js';
import type { ImportReport } from '../source/import-report.js';
import type { DescribeRule } from '../verdict/describe-rule.js';
import type { RunReport, StepResult } from '../verdict/types.js';
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
  readonly tap?: string;
  readonly github?: boolean;
  readonly only?: string;
  readonly list?: boolean;
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
    .option(
      '--only <name>',
      'run the steps (or scenarios) of this name, `*` for any text, and what changes the lab before them',
    )
    .option('--list', 'show the names of the steps, and run nothing')
    .option('--junit <file>', 'also write a JUnit report')
    .option('--tap <file>', 'also write a report of the Test Anything Protocol')
    .option('--github', 'also print what went wrong as annotations of GitHub Actions')
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
  const all = await Promise.all(files.map(async (file) => ({ file, scenario: await loadScenario(file) })));
  const chosen = options.only === undefined ? all : await choose(all, options.only);
  if (options.list) return listSteps(chosen, options.json ?? false);
  for (const { scenario } of chosen) noteImport(scenario.imported);
  await readyHost();
  const stop = onInterrupt();
  const reports: RunReport[] = [];
  const parts: ReportPart[] = [];
  for (const each of chosen) reports.push(await runOne(each, options, stop, parts));
  if (options.html !== undefined && !stop.aborted) {
    await (await import('./report-pages.js')).writePage(options.html, parts);
  }
  await finish(reports, options);
  if (stop.aborted) reportInterrupt();
}

interface RunFile {
  readonly file: string;
  readonly scenario: Scenario;
}

/** @returns the report of what ran; the rest of a run that was stopped counts as not run */
async function runOne(
  { file, scenario }: RunFile,
  options: RunOptions,
  stop: AbortSignal,
  parts: ReportPart[],
): Promise<RunReport> {
  const [{ runScenario }, { runReport }] = await Promise.all([
    import('../scenario/run-scenario.js'),
    import('../scenario/run-steps.js'),
  ]);
  const story = options.json ? null : await storyOf(scenario);
  if (stop.aborted) return runReport(scenario, [], 0);
  const page = options.html === undefined ? null : new (await import('./report-pages.js')).RunPage(stop);
  try {
    const { report, describeRule } = await runScenario(scenario, {
      file,
      lab: options.lab ?? null,
      keep: options.keep ?? false,
      signal: stop,
      onProgress: progress,
      onResults(results, describe) {
        endProgress();
        story?.tell(results, describe);
      },
      ...(page === null ? {} : { beforeDown: (live) => page.see(live) }),
    });
    if (page !== null && !stop.aborted) parts.push(page.part(report, describeRule));
    endProgress();
    story?.end(report);
    return report;
  } catch (error) {
    endProgress();
    if (!stop.aborted) throw error;
    const report = runReport(scenario, [], 0);
    story?.end(report);
    return report;
  }
}

interface Story {
  tell(results: readonly StepResult[], describeRule: DescribeRule): void;
  end(report: RunReport): void;
}

/** Tells a run while it goes on: each step as it ends. A run that is refused has no title. */
async function storyOf({ name, description, steps }: Scenario): Promise<Story> {
  const [{ formatResults, layoutOf, runSummary, runTitle }, { styleFor, widthOf }] = await Promise.all([
    import('./report/run.js'),
    import('./report/style.js'),
  ]);
  const style = styleFor();
  const layout = layoutOf(steps);
  let title = `${runTitle({ name, description }, style)}\n\n`;
  const tell = (text: string) => {
    write(`${title}${text}`);
    title = '';
  };
  return {
    tell: (results, describeRule) =>
      tell(`${formatResults(results, layout, { style, width: widthOf(), describeRule })}\n`),
    end(report) {
      const left = report.steps.filter(({ status }) => status === 'not-run');
      if (left.length > 0) tell(`${formatResults(left, layout, { style, width: widthOf() })}\n`);
      tell(`${steps.length === 0 ? '' : '\n'}${runSummary(report, style)}\n\n`);
    },
  };
}

/** @throws SglabError if the word means nothing in any of the files */
async function choose(files: readonly RunFile[], only: string): Promise<RunFile[]> {
  const { selectSteps } = await import('../scenario/select-steps.js');
  const chosen = files.flatMap(({ file, scenario }) => {
    const part = selectSteps(scenario, only);
    return part === null ? [] : [{ file, scenario: part }];
  });
  if (chosen.length > 0) return chosen;
  const [{ hintFor }, names] = [
    await import('../cloud/text/suggest.js'),
    files.flatMap(({ scenario }) => [scenario.name, ...scenario.steps.map(({ name }) => name)]),
  ];
  throw new SglabError('NothingToRun', `no step and no scenario is called ${quote(only)}`, {
    hint: hintFor(only, [...new Set(names)]) ?? '`sglab run FILE --list` shows the names; `*` stands for any text',
    exitCode: EXIT.badInput,
  });
}

/** The steps by their names, without running any. */
function listSteps(files: readonly RunFile[], json: boolean): Promise<void> {
  const list = files.map(({ file, scenario }) => ({
    scenario: scenario.name,
    steps: scenario.steps.map(({ name, type, line, file: own }) => ({ name, kind: type, file: own ?? file, line })),
  }));
  return print(
    json,
    () => (list.length === 1 ? list[0] : list),
    () =>
      list
        .flatMap(({ scenario, steps }) => [
          scenario,
          ...steps.map(({ name, file, line }) => `  ${name}  (${file}:${line})`),
        ])
        .map((line) => `${line}\n`)
        .join(''),
  );
}

async function finish(reports: readonly RunReport[], { json, junit, tap, github }: RunOptions): Promise<void> {
  if (junit !== undefined) await writeOutput(junit, (await import('./report/junit.js')).junit(reports));
  if (tap !== undefined) await writeOutput(tap, (await import('./report/tap.js')).tap(reports));
  if (github) {
    // GitHub reads both; with --json, stdout is the document's.
    const annotations = (await import('./report/github.js')).githubAnnotations(reports);
    if (json) process.stderr.write(shown(annotations));
    else write(annotations);
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
  const [{ formatError }, { styleFor, widthOf }] = await Promise.all([
    import('./report/error.js'),
    import('./report/style.js'),
  ]);
  process.stderr.write(formatError(error, styleFor(process.stderr), widthOf(process.stderr)));
}
