import type { Command } from 'commander';
import type { LabSource } from '../controller/lab-source.js';
import type { Ready } from '../controller/start-controller.js';
import { readyHost } from './host.js';
import { noteImport } from './note-import.js';
import { onInterrupt, print, progress, reportInterrupt, unlessInterrupted } from './output.js';
import { portOption } from './port-option.js';

interface UpOptions {
  readonly json?: boolean;
  readonly lab?: string;
  readonly port?: number;
}

export function registerUp(program: Command): void {
  program
    .command('up <file>')
    .summary('build a lab and keep it up')
    .description(
      'Builds the lab of a scenario file and keeps it up, with a controller that serves the other commands, and the EC2 API.',
    )
    .option('--json', 'one JSON document on stdout')
    .option('--lab <name>', 'name of the lab (default: the name in the file)')
    .addOption(portOption())
    .addHelpText(
      'after',
      '\nExample:\n  $ sudo sglab up scenarios/securecart-web.yaml\n  $ sudo sglab probe office web-1 tcp/22',
    )
    .action((file: string, { lab, ...options }: UpOptions) =>
      up({ file, lab: lab ?? null, region: null }, options, ({ lab: name, machines }, state) => {
        return `${name} ${state}: ${machines} machines. Try \`sglab matrix\`, end it with \`sglab down ${name}\`.\n`;
      }),
    );
}

/** @param words of a lab that is up */
export async function up(
  source: LabSource,
  { json = false, port }: UpOptions,
  words: (ready: Ready, state: string) => string,
): Promise<void> {
  await readyHost();
  const { startController } = await import('../controller/start-controller.js');
  const stop = onInterrupt();
  const started = performance.now();
  const ready = await unlessInterrupted(
    stop,
    startController(source, {
      port: port ?? null,
      signal: stop,
      onProgress: (done, total) => progress(`building the lab, step ${done + 1} of ${total}`),
    }),
  );
  if (ready === null) return reportInterrupt();
  noteImport(ready.imported);
  const ms = Math.round(performance.now() - started);
  await print(
    json,
    () => ({ ...ready, ms }),
    () => {
      const state = ready.already ? 'is already up' : `is up after ${(ms / 1000).toFixed(1)} s`;
      return `${words(ready, state)}EC2 API: ${ready.endpoint}. \`eval "$(sudo sglab env ${ready.lab})"\` points aws, boto3 and terraform at it.\n`;
    },
  );
}
