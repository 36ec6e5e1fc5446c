import type { Command } from 'commander';
import { readyHost } from './host.js';
import { print } from './output.js';

export function registerAdvance(program: Command): void {
  program
    .command('advance <duration> [lab]')
    .summary('let time pass for every tracked connection, at once')
    .description(
      'Ages everything that connection tracking remembers in a lab by so much silence, on the kernel’s own records;\n' +
        'what then has outlived its idle time-out is gone. DURATION is whole seconds: 50s, 10m, 2h or 5d.',
    )
    .option('--json', 'one JSON document on stdout')
    .addHelpText('after', '\nExample:\n  $ sudo sglab advance 5d')
    .action(advance);
}

async function advance(duration: string, lab: string | undefined, { json = false }: { json?: boolean }): Promise<void> {
  const { parseWholeSeconds } = await import('../scenario/words.js');
  const seconds = parseWholeSeconds(duration);
  await readyHost();
  const { call, chooseLab } = await import('../controller/client.js');
  const name = chooseLab(lab);
  const aged = await call(name, 'advance', { seconds });
  const { agedWords } = await import('../verdict/aged.js');
  await print(
    json,
    () => ({ lab: name, seconds, ...aged }),
    () => `${duration} later: ${agedWords(aged)}\n`,
  );
}
