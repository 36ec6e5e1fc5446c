/**
 * `scripts/trace-calls` reports which files control enters while a command is handled, and how often it comes back to
 * one.
 */
import path from 'node:path';
import { Command } from 'commander';
import { formatFiles, formatSequence, formatTable } from './format.js';
import { traceCommands } from './trace-commands.js';

const CHECKOUT = path.resolve(import.meta.dirname, '../..');
/** The commands of docs/getting-started.md, for which the project keeps the numbers. */
const SCENARIO = 'scenarios/lessons/01-default-deny/lab.yaml';
const COMMANDS = [
  'authorize web tcp/443 from 0.0.0.0/0',
  'probe customer web-1 tcp/443',
  'run scenarios/securecart-web.yaml',
];

const HELP = `
Each COMMAND is a command line without \`sglab\`, in one argument; paths are relative to the checkout. Without any it is
these, one after the other:
${COMMANDS.map((command) => `  ${command}`).join('\n')}

Counted are function entries. Every function of the compiled product is marked: declarations, methods, getters and setters,
constructors that are written out, arrow functions and callbacks. The top level of a module is no function; what it calls is.
A command that asks the controller is traced there, from the arrival of each of its requests until the response is closed:
everything that the controller enters meanwhile counts, what continues after an await or is called by a timer included. Any
other command, as \`run\`, is traced in its own process from start to end.

  files    files of src that were entered
  visits   entries in a row in one file are one visit
  returns  visits to a file that had been visited before: visits - files

A lab of another size, or another rule, gives other returns: compare like with like.

Examples:
  $ sudo scripts/trace-calls
  $ sudo scripts/trace-calls --files 'authorize web tcp/443 from 0.0.0.0/0'
  $ sudo scripts/trace-calls --scenario scenarios/ping.yaml --sequence matrix`;

interface Options {
  readonly scenario: string;
  readonly files?: boolean;
  readonly sequence?: boolean;
}

const program = new Command('scripts/trace-calls')
  .description('Says which files of src are entered while a command is handled, and how often control returns to one.')
  .argument('[command...]', 'what to trace, in this order, in one lab')
  .option('--scenario <file>', 'the lab', SCENARIO)
  .option('--files', 'also each file in the order of first entry, with its number of visits')
  .option('--sequence', 'also every visit, those to a new file with a +')
  .addHelpText('after', HELP)
  .action(main);

const stop = new AbortController();
for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(name, () => stop.abort());

async function main(given: string[], { scenario, files = false, sequence = false }: Options): Promise<void> {
  const commands = given.length > 0 ? given : COMMANDS;
  const traces = await traceCommands({
    checkout: CHECKOUT,
    scenario,
    commands: commands.map((command) => command.split(' ')),
    signal: stop.signal,
  });
  const traced = traces.map((trace, at) => ({ command: commands[at] ?? '', trace }));
  process.stdout.write(formatTable(traced));
  if (files) for (const each of traced) process.stdout.write(formatFiles(each));
  if (sequence) for (const each of traced) process.stdout.write(formatSequence(each));
}

try {
  await program.parseAsync();
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = stop.signal.aborted ? 130 : 1;
}
