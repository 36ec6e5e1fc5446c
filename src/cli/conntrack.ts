import type { Command } from 'commander';
import { readyHost } from './host.js';
import { print } from './output.js';

export function registerConntrack(program: Command): void {
  program
    .command('conntrack [instance]')
    .summary('the connections of an instance, with the rule that admitted each')
    .description(
      "Shows what an instance's card remembers of flows, or every card: state, time left, admitting rule, tracked or\n" +
        'untracked and why.',
    )
    .option('--lab <name>', 'the lab (default: the only one that is up)')
    .option('--json', 'one JSON document on stdout')
    .addHelpText('after', '\nExample:\n  $ sudo sglab conntrack web-1')
    .action(conntrack);
}

async function conntrack(
  instance: string | undefined,
  { json = false, lab }: { json?: boolean; lab?: string },
): Promise<void> {
  await readyHost();
  const [{ call, chooseLab }, { allConnections, connectionsOf }] = await Promise.all([
    import('../controller/client.js'),
    import('../observe/connections.js'),
  ]);
  const { cloud } = await call(chooseLab(lab), 'status', {});
  const found = instance === undefined ? await allConnections(cloud) : [await connectionsOf(cloud, instance)];
  await print(
    json,
    () => (instance === undefined ? { lab: cloud.name, interfaces: found } : found[0]),
    async () => {
      const [{ formatConnections }, { ruleDescriber }, { styleFor, widthOf }] = await Promise.all([
        import('./report/connections.js'),
        import('../verdict/describe-rule.js'),
        import('./report/style.js'),
      ]);
      const options = { style: styleFor(), width: widthOf(), describeRule: ruleDescriber(cloud) };
      return found.map((each) => formatConnections(each, options)).join('\n');
    },
  );
}
