import type { Command } from 'commander';
import type { Family } from '../cloud/groups/types.js';
import { EXIT, SglabError } from '../errors.js';
import { readyHost } from './host.js';
import { print } from './output.js';

interface ProbeOptions {
  readonly json?: boolean;
  readonly lab?: string;
  readonly family?: string;
}

export function registerProbe(program: Command): void {
  program
    .command('probe <from> <to> <what>')
    .summary('one question with real packets')
    .description(
      'Sends real packets from one machine to another and says what happened, where, and because of which rule.\n' +
        'FROM and TO are machines, interfaces (web-1.eth1), public addresses (web-1.public), ids or addresses;\n' +
        'WHAT is tcp/443, udp/53, icmp, icmp/13/0, icmpv6 or a protocol number.',
    )
    .option('--lab <name>', 'the lab (default: the only one that is up)')
    .option('--family <family>', 'ipv4 or ipv6 (default: as the two ends suggest)')
    .option('--json', 'one JSON document on stdout')
    .addHelpText(
      'after',
      '\nExample:\n  $ sudo sglab probe office web-1 tcp/22\n\nExit code: 0 whatever the verdict is, 4 if there is none.',
    )
    .action(probe);
}

async function probe(from: string, to: string, what: string, options: ProbeOptions): Promise<void> {
  await readyHost();
  const [{ call, chooseLab }, { makeProbe }] = await Promise.all([
    import('../controller/client.js'),
    import('../cloud/text/probe.js'),
  ]);
  const lab = chooseLab(options.lab);
  const result = await call(lab, 'probe', { probe: makeProbe({ from, to, what, family: familyOf(options.family) }) });
  const { probeDocument } = await import('./report/json.js');
  await print(
    options.json ?? false,
    () => probeDocument(result),
    async () => {
      const [{ formatProbe }, { styleFor, widthOf }, { ruleDescriber }, { cloud }] = await Promise.all([
        import('./report/probe.js'),
        import('./report/style.js'),
        import('../verdict/describe-rule.js'),
        call(lab, 'status', {}),
      ]);
      return formatProbe(result, { style: styleFor(), width: widthOf(), describeRule: ruleDescriber(cloud) });
    },
  );
  process.exitCode = result.outcome === 'unknown' ? EXIT.unknown : EXIT.ok;
}

export function familyOf(word: string | undefined): Family | null {
  if (word === undefined) return null;
  if (word === 'ipv4' || word === 'ipv6') return word;
  throw new SglabError('BadUsage', `${JSON.stringify(word)} is not a family`, {
    hint: 'use --family ipv4 or --family ipv6',
  });
}
