import type { Command } from 'commander';
import { readyHost } from './host.js';
import { print, write } from './output.js';

interface RulesOptions {
  readonly json?: boolean;
  readonly lab?: string;
  readonly nft?: boolean;
}

export function registerRules(program: Command): void {
  program
    .command('rules <instance>')
    .summary('the rules of an instance, with what the kernel counted')
    .description('Shows the rules that apply to an instance, of all its groups, with the packets that each one judged.')
    .option('--nft', "print the card's ruleset as the kernel has it")
    .option('--lab <name>', 'the lab (default: the only one that is up)')
    .option('--json', 'one JSON document on stdout')
    .addHelpText('after', '\nExample:\n  $ sudo sglab rules web-1')
    .action(rules);
}

async function rules(instance: string, { json = false, lab, nft = false }: RulesOptions): Promise<void> {
  await readyHost();
  const [{ call, chooseLab }, { cardText, rulesInForce }] = await Promise.all([
    import('../controller/client.js'),
    import('../observe/rules-in-force.js'),
  ]);
  const { cloud } = await call(chooseLab(lab), 'status', {});
  if (nft) return write(`${await cardText(cloud, instance)}\n`);
  const found = await rulesInForce(cloud, instance);
  await print(
    json,
    () => found,
    async () => {
      const [{ formatRules }, { styleFor, widthOf }] = await Promise.all([
        import('./report/rules.js'),
        import('./report/style.js'),
      ]);
      return formatRules(found, { style: styleFor(), width: widthOf() });
    },
  );
}
