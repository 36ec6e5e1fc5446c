import type { Command } from 'commander';
import { readyHost } from './host.js';
import { note } from './output.js';

const HELP = `
Example:
  $ sudo sglab shell
  $ echo 'probe office web-1 tcp/22' | sudo sglab shell securecart-web

A line is a command of sglab, which means this lab where it names none, or a machine and a command to run inside it:
\`web-1 curl -s http://db-1:8080/\`. The tab key completes; what was typed is kept in ~root/.local/state/sglab.

Exit code: 0; where no terminal is read, every line is run, and it is that of the first one that failed.`;

export function registerShell(program: Command): void {
  program
    .command('shell [lab]')
    .summary('a prompt for one lab: commands without repeating its name, programs inside its machines')
    .description('Reads commands about a running lab, line by line, from the terminal or from a pipe.')
    .addHelpText('after', HELP)
    .action((lab: string | undefined) => shell(program, lab));
}

async function shell(program: Command, word: string | undefined): Promise<void> {
  await readyHost();
  const [{ call, chooseLab }, { Shell }] = await Promise.all([
    import('../controller/client.js'),
    import('./shell/shell.js'),
  ]);
  const { lab, cloud } = await call(chooseLab(word), 'status', {});
  const machines = Object.keys(cloud.instances).length + Object.keys(cloud.externalHosts).length;
  if (process.stdin.isTTY) note(`${lab}: ${machines} machines. \`help\` says what can be typed, Ctrl-D leaves.`);
  process.exitCode = await new Shell(lab, program).run();
}
