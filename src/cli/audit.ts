import type { Command } from 'commander';
import { SglabError } from '../errors.js';
import type { Severity } from '../verify/audit/catalogue.js';
import type { AuditReport } from '../verify/audit/types.js';
import { readyHost } from './host.js';
import { onInterrupt, print, progress, reportInterrupt, unlessInterrupted, writeOutput } from './output.js';

interface AuditOptions {
  readonly json?: boolean;
  readonly sarif?: string;
  readonly failOn: string;
  readonly probe: boolean;
}

export function registerAudit(program: Command): void {
  program
    .command('audit [file-or-lab]')
    .summary('what is wrong with the rules, proved by packets')
    .description(
      'Finds rules that are too wide, useless or dangerous, and sends the packet that proves or refutes each finding:\n' +
        'of a scenario file in a lab that is built for it, of a running lab in that lab, to which nothing is added.',
    )
    .option('--json', 'one JSON document on stdout')
    .option('--sarif <file>', 'also write a SARIF 2.1.0 report')
    .option('--fail-on <severity>', 'critical, high, medium or low: what makes the exit code 1', 'high')
    .option('--no-probe', 'send nothing: findings alone; for a file without root')
    .addHelpText(
      'after',
      '\nExample:\n  $ sudo sglab audit scenarios/securecart-web.yaml --fail-on medium' +
        '\n\nExit code: 1 for findings of that severity or higher that no packet\nrefuted; 4 if a probe had no verdict, or not all rules of a group are known.',
    )
    .action(audit);
}

async function audit(word: string | undefined, options: AuditOptions): Promise<void> {
  const failOn = await severityOf(options.failOn);
  const stop = onInterrupt();
  const report = await unlessInterrupted(stop, reportOn(word, options.probe, stop));
  if (report === null) return reportInterrupt();
  if (options.sarif !== undefined) await writeSarif(options.sarif, report);
  const [{ auditDocument, formatAudit }, { exitCodeOf }, { styleFor, widthOf }] = await Promise.all([
    import('./report/audit.js'),
    import('../verify/audit/threshold.js'),
    import('./report/style.js'),
  ]);
  await print(
    options.json ?? false,
    () => auditDocument(report, failOn),
    () => formatAudit(report, failOn, { style: styleFor(), width: widthOf() }),
  );
  process.exitCode = exitCodeOf(report, failOn);
}

/** A word that can be a lab's name and is no file means a lab; without a word, the lab that is up is audited. */
async function reportOn(word: string | undefined, probe: boolean, signal: AbortSignal): Promise<AuditReport> {
  const [{ existsSync }, { isLabName }, runAudit] = await Promise.all([
    import('node:fs'),
    import('../kernel/lab-names.js'),
    import('./run-audit.js'),
  ]);
  const options = { signal, onProgress: progress };
  if (word === undefined || (isLabName(word) && !existsSync(word))) {
    await readyHost();
    const { chooseLab } = await import('../controller/client.js');
    return runAudit.auditLab(chooseLab(word), probe, options);
  }
  if (!probe) return runAudit.findInFile(word);
  await readyHost();
  return runAudit.auditFile(word, options);
}

async function severityOf(word: string): Promise<Severity> {
  const [{ SEVERITIES }, { hintFor }] = await Promise.all([
    import('../verify/audit/catalogue.js'),
    import('../cloud/text/suggest.js'),
  ]);
  const found = SEVERITIES.find((each) => each === word);
  if (found !== undefined) return found;
  throw new SglabError('BadUsage', `${JSON.stringify(word)} is not a severity`, {
    hint: hintFor(word, SEVERITIES) ?? `use one of ${SEVERITIES.join(', ')}`,
  });
}

async function writeSarif(file: string, report: AuditReport): Promise<void> {
  const [{ sarifDocument }, { toJson }] = await Promise.all([import('./report/sarif.js'), import('./report/json.js')]);
  await writeOutput(file, toJson(sarifDocument(report, process.cwd())));
}
