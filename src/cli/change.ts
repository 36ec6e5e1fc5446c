/** The changes of a running lab: when one of these commands returns, the next packet meets the new rules. */
import type { Command } from 'commander';
import type { Mutation } from '../changes/mutation.js';
import { readyHost } from './host.js';
import { print } from './output.js';

interface ChangeOptions {
  readonly json?: boolean;
  readonly lab?: string;
}

export function registerChanges(program: Command): void {
  changeCommand(
    program,
    'authorize <group> <rule...>',
    'add a rule to a security group',
    'authorize db tcp/3306 from web',
  ).action(async (group: string, rule: string[], options: ChangeOptions) => {
    const { authorizeByWords } = await import('../changes/change-words.js');
    await change(authorizeByWords(group, rule.join(' ')), options);
  });
  changeCommand(
    program,
    'revoke <group> <rule...>',
    'remove a rule, by its words or its id',
    'revoke db tcp/3306 from web',
  ).action(async (group: string, rule: string[], options: ChangeOptions) => {
    const { revokeByWords } = await import('../changes/change-words.js');
    await change(revokeByWords(group, rule.join(' ')), options);
  });
  changeCommand(
    program,
    'modify <group> <rule> <words...>',
    'change what a rule says, named by its id or description',
    'modify web "SSH from the office" tcp/22 from 198.51.100.11/32',
  ).action(async (group: string, rule: string, words: string[], options: ChangeOptions) => {
    const { modificationByWords } = await import('../changes/change-words.js');
    await change(modificationByWords(group, rule, words.join(' ')), options);
  });
  changeCommand(
    program,
    'attach <instance> <group>',
    'attach a security group to an instance or interface',
    'attach web-1 admin',
  ).action((instance: string, group: string, options: ChangeOptions) =>
    change({ type: 'attach', instance, group }, options),
  );
  changeCommand(
    program,
    'change <step>',
    'make any change that a step of a scenario file can make: network ACLs, routes, listeners, …',
    "change 'networkAcl: { name: strict, remove: { inbound: 90 } }'",
  ).action(async (step: string, options: ChangeOptions) => {
    const { parseChange } = await import('../scenario/parse-change.js');
    await change(parseChange(step), options);
  });
  changeCommand(program, 'detach <instance> <group>', 'detach a security group', 'detach web-1 admin').action(
    (instance: string, group: string, options: ChangeOptions) => change({ type: 'detach', instance, group }, options),
  );
}

function changeCommand(program: Command, usage: string, summary: string, example: string): Command {
  return program
    .command(usage)
    .summary(summary)
    .description(`${summary[0]?.toUpperCase()}${summary.slice(1)}. When it returns, the next packet meets the change.`)
    .option('--lab <name>', 'the lab (default: the only one that is up)')
    .option('--json', 'one JSON document on stdout')
    .addHelpText('after', `\nExample:\n  $ sudo sglab ${example}`);
}

async function change(mutation: Mutation, { json = false, lab }: ChangeOptions): Promise<void> {
  await readyHost();
  const [{ call, chooseLab }, { mutationWords }] = await Promise.all([
    import('../controller/client.js'),
    import('../changes/mutation.js'),
  ]);
  const name = chooseLab(lab);
  await call(name, 'mutate', { mutation });
  await print(
    json,
    () => ({ lab: name, done: mutation }),
    () => `${mutationWords(mutation)}: in force\n`,
  );
}
