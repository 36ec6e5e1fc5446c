/** Commands that change a running lab: when one of them returns, the next packet meets the new rules. */
import type { Command } from 'commander';
import type { Mutation } from '../changes/verbs.js';
import { readyHost } from './host.js';
import { print } from './output.js';

interface ChangeOptions {
  readonly json?: boolean;
  readonly lab?: string;
  readonly dryRun?: boolean;
}

/** The help entry of a command. It is spelled out here because the help must not wait for the verbs to load. */
interface ChangeUsage {
  readonly usage: string;
  readonly summary: string;
  readonly example: string;
}

const USAGES: Readonly<Record<string, ChangeUsage>> = {
  authorize: {
    usage: '<group> <rule...>',
    summary: 'add a rule to a security group',
    example: 'db tcp/3306 from web',
  },
  revoke: {
    usage: '<group> <rule...>',
    summary: 'remove a rule, given by its text or its id',
    example: 'db tcp/3306 from web',
  },
  modify: {
    usage: '<group> <rule> <words...>',
    summary: 'change what a rule says, named by its id or description',
    example: 'web "SSH from the office" tcp/22 from 198.51.100.11/32',
  },
  attach: {
    usage: '<instance> <group>',
    summary: 'attach a security group to an instance or interface',
    example: 'web-1 admin',
  },
  change: {
    usage: '<step>',
    summary: 'make any change that a step of a scenario file can make: network ACLs, routes, listeners, …',
    example: "'networkAcl: { name: strict, remove: { inbound: 90 } }'",
  },
  detach: { usage: '<instance> <group>', summary: 'detach a security group', example: 'web-1 admin' },
};

export function registerChanges(program: Command): void {
  for (const [verb, { usage, summary, example }] of Object.entries(USAGES)) {
    const command = program
      .command(`${verb} ${usage}`)
      .summary(summary)
      .description(`${summary[0]?.toUpperCase()}${summary.slice(1)}. The change is in force when the command returns.`)
      .option('--lab <name>', 'the lab (default: the only one that is up)')
      .option('--dry-run', 'print what would be run, as a script, and change nothing')
      .option('--json', 'one JSON document on stdout')
      .addHelpText('after', `\nExample:\n  $ sudo sglab ${verb} ${example}`);
    command.action(async () => change(await read(verb, command.args), command.opts<ChangeOptions>()));
  }
}

async function read(verb: string, words: readonly string[]): Promise<Mutation> {
  const { COMMANDS } = await import('../changes/verbs.js');
  const own = COMMANDS.get(verb);
  if (own !== undefined) return own.parse(words);
  const { parseChange } = await import('../scenario/parse-change.js');
  return parseChange(words.join(' '));
}

async function change(mutation: Mutation, { json = false, lab, dryRun = false }: ChangeOptions): Promise<void> {
  await readyHost();
  const [{ call, chooseLab }, { mutationText }] = await Promise.all([
    import('../controller/client.js'),
    import('../changes/mutation.js'),
  ]);
  const name = chooseLab(lab);
  if (dryRun) {
    const { script } = await call(name, 'dryRun', { mutation });
    return print(
      json,
      () => ({ lab: name, script }),
      () => script,
    );
  }
  await call(name, 'mutate', { mutation });
  await print(
    json,
    () => ({ lab: name, done: mutation }),
    () => `${mutationText(mutation)}: in force\n`,
  );
}
