import type { Command } from 'commander';
import { SglabError } from '../errors.js';
import { readyHost } from './host.js';

export function registerExec(program: Command): void {
  program
    .command('exec <machine> <command...>')
    .summary('run any command inside a machine')
    .description('Runs a command in an instance or external host, with your terminal. MACHINE may be LAB/MACHINE.')
    .option('--lab <name>', 'the lab (default: the only one that is up)')
    .passThroughOptions()
    .addHelpText(
      'after',
      '\nExample:\n  $ sudo sglab exec web-1 -- curl -s http://db-1:8080/\n\nExit code: that of the command.',
    )
    .action(exec);
}

async function exec(machine: string, argv: string[], { lab }: { lab?: string }): Promise<void> {
  await readyHost();
  const [labPart, name] = machine.includes('/') ? machine.split('/', 2) : [lab, machine];
  if (name === undefined || name === '')
    throw new SglabError('BadUsage', `${JSON.stringify(machine)} names no machine`);
  const [{ call, chooseLab }, { execAttached }] = await Promise.all([
    import('../controller/client.js'),
    import('../lab/exec.js'),
  ]);
  const { cloud } = await call(chooseLab(labPart), 'status', {});
  // commander keeps the `--` that separates the command from our own options.
  process.exitCode = await execAttached(cloud, name, argv[0] === '--' ? argv.slice(1) : argv);
}
