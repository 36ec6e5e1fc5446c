import type { Command } from 'commander';
import { SglabError } from '../errors.js';
import { readyHost } from './host.js';
import { print } from './output.js';

export function registerDown(program: Command): void {
  program
    .command('down [lab]')
    .summary('take a lab down')
    .description('Removes a lab with everything in it, also one whose controller was killed or whose files are lost.')
    .option('--all', 'every lab of this host')
    .option('--json', 'one JSON document on stdout')
    .addHelpText('after', '\nExample:\n  $ sudo sglab down securecart-web')
    .action(down);
}

async function down(
  lab: string | undefined,
  { all = false, json = false }: { all?: boolean; json?: boolean },
): Promise<void> {
  await readyHost();
  if (all && lab !== undefined) {
    throw new SglabError('BadUsage', 'name a lab or say --all, not both', { hint: 'sglab down --all' });
  }
  const [{ chooseLab, knownLabs }, { takeDown }] = await Promise.all([
    import('../control/client.js'),
    import('../control/take-down.js'),
  ]);
  const labs = all ? knownLabs() : [chooseLab(lab, knownLabs())];
  for (const each of labs) await takeDown(each);
  await print(
    json,
    () => ({ down: labs }),
    () => labs.map((each) => `${each} is down\n`).join('') || 'no lab was up\n',
  );
}
