import type { Command } from 'commander';
import { readyHost } from './host.js';
import { noteImport } from './note-import.js';
import { endProgress, onInterrupt, print, progress, reportInterrupt } from './output.js';

export function registerUp(program: Command): void {
  program
    .command('up <file>')
    .summary('build a lab and keep it up')
    .description('Builds the lab of a scenario file and keeps it up, with a controller that serves the other commands.')
    .option('--json', 'one JSON document on stdout')
    .option('--lab <name>', 'name of the lab (default: the name in the file)')
    .addHelpText(
      'after',
      '\nExample:\n  $ sudo sglab up scenarios/securecart-web.yaml\n  $ sudo sglab probe office web-1 tcp/22',
    )
    .action(up);
}

async function up(file: string, { json = false, lab }: { json?: boolean; lab?: string }): Promise<void> {
  await readyHost();
  const { startController } = await import('../control/start-controller.js');
  const stop = onInterrupt();
  const started = performance.now();
  const ready = await startController(file, lab ?? null, {
    signal: stop,
    onProgress: (done, total) => progress(`building the lab, step ${done + 1} of ${total}`),
  })
    .finally(endProgress)
    .catch((error: unknown) => {
      if (!stop.aborted) throw error;
      return null;
    });
  if (ready === null) return reportInterrupt();
  noteImport(ready.imported);
  const ms = Math.round(performance.now() - started);
  await print(
    json,
    () => ({ ...ready, ms }),
    () => {
      const state = ready.already ? 'is already up' : `is up after ${(ms / 1000).toFixed(1)} s`;
      return `${ready.lab} ${state}: ${ready.machines} machines. Try \`sglab matrix\`, end it with \`sglab down ${ready.lab}\`.\n`;
    },
  );
}
