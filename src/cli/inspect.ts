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
    .description(
      'Shows the rules that apply to an instance, from all its groups, and how many packets each one has admitted.',
    )
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

export function registerConntrack(program: Command): void {
  program
    .command('conntrack [instance]')
    .summary('the connections of an instance, with the rule that admitted each')
    .description(
      "Shows the flows that an instance's card tracks, or every card: state, time left, admitting rule, tracked or\n" +
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

export function registerHistory(program: Command): void {
  program
    .command('history [lab]')
    .summary('who changed what and when, and which flows got a different verdict since')
    .description(
      'Lists every change of a lab since it was defined, by commands and by the EC2 API: time, caller, what differs, and the\n' +
        'flows that were seen before and after it and passed only once. Works also when the controller was killed.',
    )
    .option('--since <time>', 'changes of the last 10m, 2h, 5d, or since 2026-11-21T09:00Z')
    .option('--json', 'one JSON document on stdout')
    .addHelpText('after', '\nExample:\n  $ sudo sglab history\n  $ sudo sglab history --since 10m --json')
    .action(history);
}

async function history(
  lab: string | undefined,
  { json = false, since }: { json?: boolean; since?: string },
): Promise<void> {
  await readyHost();
  const from = since === undefined ? 0 : await parseTime(since);
  const [
    { chooseLab },
    { labsWithController, labsWithFiles },
    { readHistory },
    { driftSince, explainHistory, formatHistory },
    { styleFor },
  ] = await Promise.all([
    import('../controller/client.js'),
    import('../lab/run-directory.js'),
    import('../lab/history-file.js'),
    import('./report/history.js'),
    import('./report/style.js'),
  ]);
  const live = labsWithController();
  const name = chooseLab(lab, live.length === 0 ? labsWithFiles() : live);
  const entries = readHistory(name);
  const [changes, drift] = [explainHistory(entries, from), driftSince(entries, from)];
  await print(
    json,
    () => ({ lab: name, changes, drift }),
    () => formatHistory(changes, drift, { style: styleFor() }),
  );
}

/** @returns seconds since 1970 */
async function parseTime(word: string): Promise<number> {
  const moment = /^\d{4}-/.test(word) ? Date.parse(word) : Number.NaN;
  if (!Number.isNaN(moment)) return moment / 1000;
  const { parseWholeSeconds } = await import('../scenario/duration.js');
  return Date.now() / 1000 - parseWholeSeconds(word);
}
