import type { Command } from 'commander';
import { readyHost } from './host.js';
import { print } from './output.js';

export function registerLs(program: Command): void {
  program
    .command('ls')
    .summary('the labs of this host')
    .description('Lists every lab of this host, also those that a killed process left behind.')
    .option('--json', 'one JSON document on stdout')
    .addHelpText('after', '\nExample:\n  $ sudo sglab ls')
    .action(ls);
}

const KEPT_BY = {
  controller: 'up',
  run: 'in a run',
  elsewhere: 'of another run directory',
  nobody: 'left behind: `sglab up FILE` takes it over, `sglab down` removes it',
} as const;

async function ls({ json = false }: { json?: boolean }): Promise<void> {
  await readyHost();
  const [{ knownLabs }, { keeperOf }] = await Promise.all([
    import('../controller/client.js'),
    import('../controller/take-down.js'),
  ]);
  const labs = await Promise.all(knownLabs().map(async (lab) => ({ lab, ...(await keeperOf(lab)) })));
  await print(
    json,
    () => ({ labs }),
    async () => {
      if (labs.length === 0) return 'no lab is up\n';
      const { table } = await import('./report/table.js');
      const rows = labs.map(({ lab, keeper, pid, runDirectory }) => [
        lab,
        KEPT_BY[keeper],
        pid === null ? '' : `process ${pid}${keeper === 'elsewhere' ? `, SGLAB_RUN_DIR=${runDirectory}` : ''}`,
      ]);
      return `${table(rows, [{}, {}, {}])}\n`;
    },
  );
}
