import { Argument, type Command, InvalidArgumentError, Option } from 'commander';
import { EXIT } from '../errors.js';
import type { ShellName } from './completion/script.js';
import { write } from './output.js';

/** @throws SglabError (exit code 3) when this host cannot hold a lab */
export async function readyHost(): Promise<void> {
  const [{ requireHost, loadBridgeFilter }, { checkRunDirectory }] = await Promise.all([
    import('../kernel/require-host.js'),
    import('../lab/run-directory.js'),
  ]);
  requireHost();
  checkRunDirectory();
  await loadBridgeFilter();
}

export function registerDoctor(program: Command): void {
  program
    .command('doctor')
    .summary('what this host lacks, and how to get it')
    .description('Tests everything that sglab needs: tools, kernel features, npm modules. Leaves nothing behind.')
    .option('--json', 'one JSON document on stdout')
    .addHelpText('after', '\nExample:\n  $ sudo sglab doctor\n\nExit code: 0 labs can run here, 3 they cannot.')
    .action(doctor);
}

// The import is deferred so that `sglab --help` does not load every command.
async function doctor({ json = false }: { json?: boolean }): Promise<void> {
  const { checkHost } = await import('../kernel/features.js');
  const report = await checkHost();
  write(json ? await asJson(report) : await asText(report));
  process.exitCode = report.ok ? EXIT.ok : EXIT.hostCannot;
}

type HostReport = import('../kernel/features.js').HostReport;

async function asJson(report: HostReport): Promise<string> {
  const { toJson } = await import('./report/json.js');
  return toJson(report);
}

async function asText(report: HostReport): Promise<string> {
  const [{ formatHost }, { styleFor, widthOf }] = await Promise.all([
    import('./report/host.js'),
    import('./report/style.js'),
  ]);
  return formatHost(report, { style: styleFor(), width: widthOf() });
}

const HELP = `
Example:
  $ sglab completion bash | sudo tee /etc/bash_completion.d/sglab
  $ source <(sglab completion zsh)

Only root can see the names of labs, machines and groups, and ports:
\`sudo sglab …\` completes them in a root shell.`;

export function registerCompletion(program: Command): void {
  program
    .command('completion')
    .summary('completion of these commands for bash or zsh')
    .description('Prints a script for tab completion of commands, options, and the names in the labs that are up.')
    .addArgument(new Argument('<shell>', 'bash or zsh').choices(['bash', 'zsh']))
    .addHelpText('after', HELP)
    .action(async (shell: ShellName) => {
      const { completionScript } = await import('./completion/script.js');
      write(completionScript(shell));
    });
  program
    .command('complete [words...]', { hidden: true })
    .description('What a shell asks: the words typed so far, the last one unfinished.')
    .action((words: string[]) => answer(program, words));
}

/** Prints one line, `files` or `words`, that says whether a file name would do, too; then a line for each word. */
async function answer(program: Command, words: readonly string[]): Promise<void> {
  const [{ complete }, { vocabularyOfLab }] = await Promise.all([
    import('./completion/complete.js'),
    import('./completion/vocabulary.js'),
  ]);
  // bash splits --lab=shop into three words.
  const typed = words.slice(0, -1).filter((word) => word !== '=');
  const last = words.at(-1) ?? '';
  const found = complete(program, typed, last === '=' ? '' : last, await vocabularyOfLab(typed));
  write([found.files ? 'files' : 'words', ...found.words].map((line) => `${line}\n`).join(''));
}

interface ControllerOptions {
  readonly lab?: string;
  readonly region?: string;
  readonly port?: number;
  readonly auth: boolean;
  readonly repair?: boolean;
}

/** Registers the process that `sglab up` and `sglab serve` start. It is hidden because nobody needs to type it. */
export function registerController(program: Command): void {
  program
    .command('controller [file]', { hidden: true })
    .option('--lab <name>')
    .option('--region <region>')
    .option('--repair')
    .addOption(portOption())
    .addOption(authOption())
    .action(async (file: string | undefined, { lab, region, port, auth, repair = false }: ControllerOptions) => {
      const { runController } = await import('../controller/controller.js');
      const source = { file: file ?? null, lab: lab ?? null, region: region ?? null };
      await runController(source, { port: port ?? null, auth, repairs: repair });
    });
}

export function authOption(): Option {
  return new Option('--no-auth', 'the EC2 API answers every user of this host, whatever the secret key');
}

export function portOption(): Option {
  return new Option(
    '--port <n>',
    'port of the EC2 API on loopback (default: 4580, or the next one that is free)',
  ).argParser((word: string) => {
    const port = /^\d{1,5}$/.test(word) ? Number(word) : 0;
    if (port < 1 || port > 65_535) throw new InvalidArgumentError('a port is a number from 1 to 65535.');
    return port;
  });
}
