import type { Command } from 'commander';
import { EXIT } from '../errors.js';
import type { Matrix } from '../verdict/types.js';
import { readyHost } from './host.js';
import { print, writeOutput } from './output.js';
import type { ChangedCell } from './report/matrix-changes.js';

interface MatrixOptions {
  readonly json?: boolean;
  readonly lab?: string;
  readonly port?: string[];
  readonly since?: string;
}

export function registerMatrix(program: Command): void {
  program
    .command('matrix [machine...]')
    .summary('every pair')
    .description('Asks every pair of machines (all, or those named) and shows who reaches whom.')
    .option('--port <what...>', 'what to ask for: tcp/443, udp/53, icmp (default: all that anything listens on)')
    .option('--since <file>', 'mark the cells that changed since FILE was written; then write it anew')
    .option('--lab <name>', 'the lab (default: the only one that is up)')
    .option('--json', 'one JSON document on stdout')
    .addHelpText(
      'after',
      '\nExample:\n  $ sudo sglab matrix --port tcp/22 tcp/443 icmp\n  $ sudo sglab matrix --since before.json\n\nExit code: 0, or 4 if the outcome of any cell is unknown.',
    )
    .action(matrix);
}

async function matrix(machines: string[], { json = false, lab, port, since }: MatrixOptions): Promise<void> {
  await readyHost();
  const { call, chooseLab } = await import('../controller/client.js');
  const found = await call(chooseLab(lab), 'matrix', {
    machines: machines.length === 0 ? null : machines,
    questions: port ?? null,
  });
  const changes = since === undefined ? null : await changesSince(since, found);
  const { matrixDocument } = await import('./report/json.js');
  await print(
    json,
    () => ({ ...matrixDocument(found), ...(since === undefined ? {} : { changes }) }),
    async () => {
      const [{ formatMatrix }, { styleFor, widthOf }] = await Promise.all([
        import('./report/matrix.js'),
        import('./report/style.js'),
      ]);
      return formatMatrix(found, { style: styleFor(), width: widthOf(), changes });
    },
  );
  process.exitCode = found.cells.some(({ result }) => result.outcome === 'unknown') ? EXIT.unknown : EXIT.ok;
}

/** @returns null where FILE is new */
async function changesSince(file: string, matrix: Matrix): Promise<ChangedCell[] | null> {
  const [{ readOutcomes }, { changedCells, knownAfter }] = await Promise.all([
    import('./report/known-outcomes.js'),
    import('./report/matrix-changes.js'),
  ]);
  const known = readOutcomes(file);
  await writeOutput(file, JSON.stringify(knownAfter(known ?? {}, matrix)));
  return known === null ? null : changedCells(known, matrix);
}
