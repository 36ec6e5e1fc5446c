import type { Command } from 'commander';
import { SglabError } from '../errors.js';
import { readyHost } from './host.js';
import { print } from './output.js';

export function registerDown(program: Command): void {
  program
    .command('down [lab]')
    .summary('take a lab down')
    .description('Removes a lab with everything in it, also one whose controller was killed or whose files are lost.')
    .option('--all', 'every lab of this host, apart from those that a process of another SGLAB_RUN_DIR holds')
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
  const [{ chooseLab, knownLabs }, { takeDown }, { holderElsewhere }] = await Promise.all([
    import('../controller/client.js'),
    import('../controller/take-down.js'),
    import('../lab/run-directory.js'),
  ]);
  const known = knownLabs().map((each) => ({ lab: each, holder: holderElsewhere(each) }));
  const own = known.filter(({ holder }) => holder === null).map((each) => each.lab);
  const labs = all ? own : [chooseLab(lab, own)];
  const spared = all ? known.flatMap(({ lab: each, holder }) => (holder === null ? [] : { lab: each, holder })) : [];
  for (const each of labs) await takeDown(each);
  await print(
    json,
    () => ({ down: labs, spared: spared.map(({ lab: each, holder }) => ({ lab: each, ...holder })) }),
    async () => {
      if (known.length === 0) return 'no lab was up\n';
      const { describeHolder, howToEnd } = await import('../lab/errors.js');
      const stays = spared.map(
        ({ lab: each, holder }) => `${each} stays: ${describeHolder(holder)} holds it; ${howToEnd(each, holder)}\n`,
      );
      return [...labs.map((each) => `${each} is down\n`), ...stays].join('');
    },
  );
}
