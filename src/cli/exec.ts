import { type Command, Option } from 'commander';
import { SglabError } from '../errors.js';
import { readyHost } from './host.js';
import { note, print } from './output.js';

export function registerExec(program: Command): void {
  program
    .command('exec <machine> <command...>')
    .summary('run any command inside a machine')
    .description('Runs a command in an instance or external host, with your terminal. MACHINE may be LAB/MACHINE.')
    .option('--lab <name>', 'the lab (default: the only one that is up)')
    .addOption(shareOption())
    .passThroughOptions()
    .addHelpText(
      'after',
      '\nExample:\n  $ sudo sglab exec web-1 -- curl -s http://db-1:8080/\n\nExit code: that of the command.',
    )
    .action(exec);
}

function shareOption(): Option {
  return new Option('--share <dir>', 'a directory of this host that what runs inside may read and write');
}

interface ExecOptions {
  readonly lab?: string;
  readonly share?: string;
}

async function exec(machine: string, argv: string[], { lab, share }: ExecOptions): Promise<void> {
  await readyHost();
  const [labPart, name] = machine.includes('/') ? machine.split('/', 2) : [lab, machine];
  if (name === undefined || name === '')
    throw new SglabError('BadUsage', `${JSON.stringify(machine)} names no machine`);
  const [{ call, chooseLab }, { execAttached }] = await Promise.all([
    import('../controller/client.js'),
    import('../lab/exec.js'),
  ]);
  const { cloud, init } = await call(chooseLab(labPart), 'enter', { machine: name });
  // commander keeps the `--` that separates the command from sglab's own options.
  const words = argv[0] === '--' ? argv.slice(1) : argv;
  process.exitCode = await execAttached(cloud, name, { argv: words, init, share: share ?? null });
}

const HELP = `
Example:
  $ sudo sglab shell
  $ echo 'probe office web-1 tcp/22' | sudo sglab shell securecart-web

A line is an sglab command, which applies to this lab unless it names another,
or a machine and a command to run inside it: \`web-1 curl -s http://db-1:8080/\`.
The tab key completes; the history is kept in ~root/.local/state/sglab.

Exit code: 0. Input that is not a terminal is run to its end; the exit code is
then that of the first line that failed.`;

export function registerShell(program: Command): void {
  program
    .command('shell [lab]')
    .summary('a prompt for one lab: commands without repeating its name, programs inside its machines')
    .description('Reads commands about a running lab, line by line, from the terminal or from a pipe.')
    .addOption(shareOption())
    .addHelpText('after', HELP)
    .action((lab: string | undefined, { share }: ExecOptions) => shell(program, lab, share ?? null));
}

async function shell(program: Command, word: string | undefined, share: string | null): Promise<void> {
  await readyHost();
  const [{ call, chooseLab }, { Shell }] = await Promise.all([
    import('../controller/client.js'),
    import('./shell/shell.js'),
  ]);
  const { lab, cloud } = await call(chooseLab(word), 'status', {});
  const machines = Object.keys(cloud.instances).length + Object.keys(cloud.externalHosts).length;
  if (process.stdin.isTTY) note(`${lab}: ${machines} machines. \`help\` lists what you can type, Ctrl-D leaves.`);
  process.exitCode = await new Shell(lab, program, share).run();
}

export function registerAdvance(program: Command): void {
  program
    .command('advance <duration> [lab]')
    .summary('let time pass for every tracked connection, immediately')
    .description(
      'Ages everything that connection tracking remembers in a lab by this much idle time, in the kernel’s own entries;\n' +
        'what has then exceeded its idle time-out is gone. DURATION is whole seconds: 50s, 10m, 2h or 5d.',
    )
    .option('--json', 'one JSON document on stdout')
    .addHelpText('after', '\nExample:\n  $ sudo sglab advance 5d')
    .action(advance);
}

async function advance(duration: string, lab: string | undefined, { json = false }: { json?: boolean }): Promise<void> {
  const { parseWholeSeconds } = await import('../scenario/duration.js');
  const seconds = parseWholeSeconds(duration);
  await readyHost();
  const { call, chooseLab } = await import('../controller/client.js');
  const name = chooseLab(lab);
  const aged = await call(name, 'advance', { seconds });
  const { agedText } = await import('../verdict/phrases.js');
  await print(
    json,
    () => ({ lab: name, seconds, ...aged }),
    () => `${duration} later: ${agedText(aged)}\n`,
  );
}
