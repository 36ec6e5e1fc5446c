import type { Command } from 'commander';
import { readyHost } from './host.js';
import { print } from './output.js';

export function registerRepair(program: Command): void {
  program
    .command('repair [lab]')
    .summary('take back what somebody else has changed in the kernel')
    .description(
      'Compares the namespaces of a lab with what sglab wrote there (rulesets, links, addresses, routes, kernel parameters, marks), ' +
        'takes back what differs, and prints what it was. Until then verdicts that it may concern are unknown.',
    )
    .option('--json', 'one JSON document on stdout')
    .addHelpText('after', '\nExample:\n  $ sudo sglab repair\n  $ sudo sglab up lab.yaml --repair')
    .action(repair);
}

async function repair(word: string | undefined, { json = false }: { json?: boolean }): Promise<void> {
  await readyHost();
  const { call, chooseLab } = await import('../controller/client.js');
  const lab = chooseLab(word);
  const { mended } = await call(lab, 'repair', {});
  await print(
    json,
    () => ({ lab, mended }),
    async () => {
      const { formatDrift } = await import('./report/status.js');
      return mended.length === 0 ? `${lab} is as sglab made it\n` : `mended:\n${formatDrift(mended)}`;
    },
  );
}
