import type { Command } from 'commander';
import type { ReportOptions } from './report-pages.js';

export function registerReport(program: Command): void {
  program
    .command('report [lab]')
    .summary('a page about a lab that needs no server')
    .description(
      'Writes one HTML file about a running lab: picture, findings with their proofs, reachability. It opens from disk, prints,\n' +
        'and asks nobody for anything. Of a scenario file, `sglab run FILE --html REPORT` writes the same with its steps.',
    )
    .requiredOption('-o, --output <file>', 'where to write it')
    .option('--json', 'one JSON document on stdout')
    .addHelpText('after', '\nExample:\n  $ sudo sglab report shop -o shop.html')
    .action(async (lab: string | undefined, options: ReportOptions) => {
      const { report } = await import('./report-pages.js');
      await report(lab, options);
    });
}
