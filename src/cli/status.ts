import type { Command } from 'commander';
import { readyHost } from './host.js';
import { print } from './output.js';

export function registerStatus(program: Command): void {
  program
    .command('status [lab]')
    .summary('the machines of a lab')
    .description('Shows the machines of a lab: addresses, security groups, what they listen on.')
    .option('--json', 'one JSON document on stdout')
    .addHelpText('after', '\nExample:\n  $ sudo sglab status')
    .action(status);
}

async function status(lab: string | undefined, { json = false }: { json?: boolean }): Promise<void> {
  await readyHost();
  const { call, chooseLab } = await import('../controller/client.js');
  const found = await call(chooseLab(lab), 'status', {});
  await print(
    json,
    () => found,
    async () => {
      const [{ formatStatus }, { styleFor, widthOf }] = await Promise.all([
        import('./report/status.js'),
        import('./report/style.js'),
      ]);
      return formatStatus(found, { style: styleFor(), width: widthOf() });
    },
  );
}
