import type { Command } from 'commander';
import type { Family } from '../cloud/groups/types.js';
import { EXIT, SglabError } from '../errors.js';
import type { Matrix } from '../verdict/types.js';
import { readyHost } from './host.js';
import { print, writeOutput } from './output.js';
import type { ChangedCell } from './report/matrix-changes.js';

interface ProbeOptions {
  readonly json?: boolean;
  readonly lab?: string;
  readonly family?: string;
}

export function registerProbe(program: Command): void {
  program
    .command('probe <from> <to> <what>')
    .summary('one probe with real packets')
    .description(
      'Sends real packets from one machine to another and says what happened, where, and because of which rule.\n' +
        'FROM and TO are machines, interfaces (web-1.eth1), public addresses (web-1.public), ids or addresses;\n' +
        'WHAT is tcp/443, udp/53, icmp, icmp/13/0, icmpv6 or a protocol number.',
    )
    .option('--lab <name>', 'the lab (default: the only one that is up)')
    .option('--family <family>', 'ipv4 or ipv6 (default: what both ends have, IPv4 first)')
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
      const ids = result.path.flatMap(({ rule }) => rule ?? []);
      const [{ formatProbe }, { styleFor, widthOf }, { texts }] = await Promise.all([
        import('./report/probe.js'),
        import('./report/style.js'),
        call(lab, 'describeRules', { ids }),
      ]);
      const describeRule = (id: string) => texts[id] ?? id;
      return formatProbe(result, { style: styleFor(), width: widthOf(), describeRule });
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

interface MatrixOptions {
  readonly json?: boolean;
  readonly lab?: string;
  readonly port?: string[];
  readonly since?: string;
}

export function registerMatrix(program: Command): void {
  program
    .command('matrix [machine...]')
    .summary('every pair')
    .description('Probes every pair of machines (all, or those named) and shows who reaches whom.')
    .option('--port <what...>', 'what to probe: tcp/80,443 udp/53 icmp (default: everything that something listens on)')
    .option('--since <file>', 'mark the cells that changed since FILE was written; then overwrite it')
    .option('--lab <name>', 'the lab (default: the only one that is up)')
    .option('--json', 'one JSON document on stdout')
    .addHelpText(
      'after',
      '\nExample:\n  $ sudo sglab matrix --port tcp/22 tcp/443 icmp\n  $ sudo sglab matrix --since before.json\n\nExit code: 0, or 4 if the outcome of any cell is unknown.',
    )
    .action(matrix);
}

async function matrix(machines: string[], { json = false, lab, port, since }: MatrixOptions): Promise<void> {
  await readyHost();
  const { call, chooseLab } = await import('../controller/client.js');
  const found = await call(chooseLab(lab), 'matrix', {
    machines: machines.length === 0 ? null : machines,
    questions: port === undefined ? null : await trafficOf(port),
  });
  const changes = since === undefined ? null : await changesSince(since, found);
  const { matrixDocument } = await import('./report/json.js');
  await print(
    json,
    () => ({ ...matrixDocument(found), ...(since === undefined ? {} : { changes }) }),
    async () => {
      const [{ formatMatrix }, { styleFor, widthOf }] = await Promise.all([
        import('./report/matrix.js'),
        import('./report/style.js'),
      ]);
      return formatMatrix(found, { style: styleFor(), width: widthOf(), changes });
    },
  );
  process.exitCode = found.cells.some(({ result }) => result.outcome === 'unknown') ? EXIT.unknown : EXIT.ok;
}

/** @param words as the option has them; each may be a list with commas @throws CloudError */
async function trafficOf(words: readonly string[]): Promise<string[]> {
  const [{ parseTrafficList }, { probeTrafficText }] = await Promise.all([
    import('../cloud/text/probe-pattern.js'),
    import('../cloud/text/probe.js'),
  ]);
  return [...new Set(words.flatMap(parseTrafficList).map(probeTrafficText))];
}

/** @returns null if FILE does not exist yet */
async function changesSince(file: string, matrix: Matrix): Promise<ChangedCell[] | null> {
  const [{ readOutcomes }, { changedCells, mergeOutcomes }] = await Promise.all([
    import('./report/matrix-changes.js'),
    import('./report/matrix-changes.js'),
  ]);
  const known = readOutcomes(file);
  await writeOutput(file, JSON.stringify(mergeOutcomes(known ?? {}, matrix)));
  return known === null ? null : changedCells(known, matrix);
}
