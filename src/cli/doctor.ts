import type { Command } from 'commander';
import { EXIT } from '../errors.js';

export function registerDoctor(program: Command): void {
  program
    .command('doctor')
    .summary('what this host lacks, and how to get it')
    .description('Tries out everything sglab needs: tools, kernel features, npm modules. Leaves nothing behind.')
    .option('--json', 'one JSON document on stdout')
    .addHelpText('after', '\nExample:\n  $ sudo sglab doctor\n\nExit code: 0 labs can run here, 3 they cannot.')
    .action(doctor);
}

// Loaded when it runs: `sglab --help` pays for no command.
async function doctor({ json = false }: { json?: boolean }): Promise<void> {
  const { checkHost } = await import('../kernel/features.js');
  const report = await checkHost();
  process.stdout.write(json ? await asJson(report) : await asText(report));
  process.exitCode = report.ok ? EXIT.ok : EXIT.hostCannot;
}

type HostReport = import('../kernel/features.js').HostReport;

async function asJson(report: HostReport): Promise<string> {
  const { toJson } = await import('./report/json.js');
  return toJson(report);
}

async function asText(report: HostReport): Promise<string> {
  const [{ formatHost }, { styleFor, widthOf }] = await Promise.all([
    import('./report/host.js'),
    import('./report/style.js'),
  ]);
  return formatHost(report, { style: styleFor(), width: widthOf() });
}
