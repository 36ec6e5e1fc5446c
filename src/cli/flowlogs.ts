import type { Command } from 'commander';
import type { Cloud } from '../cloud/types.js';
import { SglabError } from '../errors.js';
import type { FlowLine } from '../records/flow-logs/format.js';
import type { Selection } from '../records/flow-logs/select.js';
import { readyHost } from './host.js';
import { note, onInterrupt, print, write } from './output.js';

interface Options {
  readonly reject?: boolean;
  readonly explain?: boolean;
  readonly follow?: boolean;
  readonly format?: string;
  readonly json?: boolean;
  readonly lab?: string;
}

export function registerFlowlogs(program: Command): void {
  program
    .command('flowlogs [name]')
    .summary('flow logs: what was accepted and rejected at each interface, in AWS’s format')
    .description(
      'Prints VPC flow log records of what has passed and what was rejected until now, one line for each flow, direction and\n' +
        'minute. NAME is an instance, an interface (web-1.eth1, eni-…) or a flow log that CreateFlowLogs made (fl-…).',
    )
    .option('--reject', 'only what was rejected')
    .option('--explain', 'a table with names, and the rule or entry that decided')
    .option('--follow', 'keep printing new records; Ctrl-C ends it')
    .option('--format <fields>', 'a log format other than the default, in AWS’s notation (docs/flow-logs.md)')
    .option('--lab <name>', 'the lab (default: the only one that is up)')
    .option('--json', 'one JSON document on stdout')
    .addHelpText(
      'after',
      '\nExample:\n  $ sudo sglab flowlogs web-1\n  $ sudo sglab flowlogs --reject --explain\n  $ sudo sglab flowlogs | awk \'$13 == "REJECT" { print $4, $7 }\'',
    )
    .action(flowlogs);
}

async function flowlogs(word: string | undefined, options: Options): Promise<void> {
  const { json = false, follow = false, explain = false } = options;
  if (follow && (json || explain)) {
    throw new SglabError('BadUsage', '--follow prints records as they come, one a line', {
      hint: `leave ${json ? '--json' : '--explain'} out`,
    });
  }
  await readyHost();
  const [{ call, chooseLab }, { selectRecords }, { parseLogFormat }] = await Promise.all([
    import('../controller/client.js'),
    import('../records/flow-logs/select.js'),
    import('../records/flow-logs/format.js'),
  ]);
  const { cloud } = await call(chooseLab(options.lab), 'status', {});
  const selection: Selection = {
    ...selectRecords(cloud, word ?? null),
    ...(options.reject === true ? { action: 'REJECT' } : {}),
    ...(options.format === undefined ? {} : { fields: parseLogFormat(options.format) }),
  };
  const lines = await readLines(cloud, selection);
  if (json) return printDocument(cloud, lines);
  if (explain) return printTable(cloud, lines);
  await printLines(cloud, selection, lines, follow);
}

async function readLines(cloud: Cloud, selection: Selection): Promise<FlowLine[]> {
  const [{ call }, { selected }, { flowLines }] = await Promise.all([
    import('../controller/client.js'),
    import('../records/flow-logs/select.js'),
    import('../records/flow-logs/format.js'),
  ]);
  const { interfaces } = await call(cloud.name, 'flowLogs', { interfaceIds: selection.interfaceIds });
  return flowLines(selected(selection, interfaces), Date.now() / 1000);
}

async function printDocument(cloud: Cloud, lines: readonly FlowLine[]): Promise<void> {
  const { flowLogDocument } = await import('./report/flow-logs.js');
  await print(
    true,
    () => flowLogDocument(cloud, lines),
    () => '',
  );
}

async function printTable(cloud: Cloud, lines: readonly FlowLine[]): Promise<void> {
  const [{ explainFlowLines }, { ruleDescriber }, { styleFor, widthOf }, { addressNamer }] = await Promise.all([
    import('./report/flow-logs.js'),
    import('../verdict/describe-rule.js'),
    import('./report/style.js'),
    import('../cloud/text/address-names.js'),
  ]);
  const options = {
    style: styleFor(),
    width: widthOf(),
    describeRule: ruleDescriber(cloud),
    nameOf: addressNamer(cloud),
  };
  write(explainFlowLines(lines, options));
}

/** The field names go to stderr, so that a program that reads standard output gets records only. */
async function printLines(
  cloud: Cloud,
  selection: Selection,
  lines: readonly FlowLine[],
  follow: boolean,
): Promise<void> {
  const [{ formatFlowLine }, { styleFor }] = await Promise.all([
    import('./report/flow-logs.js'),
    import('./report/style.js'),
  ]);
  const style = styleFor();
  const printLine = (line: FlowLine) => write(`${formatFlowLine(line, selection.fields, cloud, style)}\n`);
  note(selection.fields.join(' '));
  for (const line of lines) if (!follow || line.status === 'OK') printLine(line);
  if (!follow) return;
  const { RecordDelta } = await import('../records/flow-logs/record-delta.js');
  const growth = new RecordDelta(lines);
  const signal = onInterrupt();
  const { setTimeout: sleep } = await import('node:timers/promises');
  while (!signal.aborted) {
    await sleep(FOLLOW_MS, undefined, { signal }).catch(() => {});
    for (const line of growth.since(await readLines(cloud, selection))) printLine(line);
  }
}

const FOLLOW_MS = 1000;
