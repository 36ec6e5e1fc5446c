import type { Command } from 'commander';
import { readyHost } from './host.js';
import { print } from './output.js';

export function registerConntrack(program: Command): void {
  program
    .command('conntrack <instance>')
    .summary('the connections of an instance, with the rule that admitted each')
    .description("Shows what connection tracking on an instance's card remembers: state, time left, admitting rule.")
    .option('--lab <name>', 'the lab (default: the only one that is up)')
    .option('--json', 'one JSON document on stdout')
    .addHelpText('after', '\nExample:\n  $ sudo sglab conntrack web-1')
    .action(conntrack);
}

async function conntrack(instance: string, { json = false, lab }: { json?: boolean; lab?: string }): Promise<void> {
  await readyHost();
  const [{ call, chooseLab }, { connectionsOf }] = await Promise.all([
    import('../control/client.js'),
    import('../observe/connections.js'),
  ]);
  const { cloud } = await call(chooseLab(lab), 'status', {});
  const found = await connectionsOf(cloud, instance);
  await print(
    json,
    () => found,
    async () => {
      const [{ formatConnections }, { ruleDescriber }, { styleFor, widthOf }] = await Promise.all([
        import('../report/connections.js'),
        import('../report/describe-rule.js'),
        import('../report/style.js'),
      ]);
      return formatConnections(found, { style: styleFor(), width: widthOf(), describeRule: ruleDescriber(cloud) });
    },
  );
}
