import { type Command, InvalidArgumentError, Option } from 'commander';
import type { LabSource } from '../controller/lab-source.js';
import type { Ready } from '../controller/start-controller.js';
import { SglabError } from '../errors.js';
import { authOption, portOption, readyHost } from './host.js';
import { note, noteImport, onInterrupt, print, progress, reportInterrupt, unlessInterrupted } from './output.js';

interface UpOptions {
  readonly json?: boolean;
  readonly lab?: string;
  readonly port?: number;
  readonly auth?: boolean;
  readonly dryRun?: boolean;
  readonly repair?: boolean;
}

export function registerUp(program: Command): void {
  program
    .command('up <file>')
    .summary('build a lab and keep it up')
    .description(
      'Builds the lab of a scenario file and keeps it up, with a controller that serves the other commands, and the EC2 API.',
    )
    .option('--json', 'one JSON document on stdout')
    .option('--lab <name>', 'name of the lab (default: the name in the file)')
    .option('--dry-run', 'print what would be run, as a script, and change nothing')
    .option('--repair', 'take back by itself what somebody else changes in the kernel (see sglab repair)')
    .addOption(portOption())
    .addOption(authOption())
    .addHelpText(
      'after',
      '\nExample:\n  $ sudo sglab up scenarios/securecart-web.yaml\n  $ sudo sglab probe office web-1 tcp/22',
    )
    .action((file: string, { lab, dryRun = false, ...options }: UpOptions) => {
      const source = { file, lab: lab ?? null, region: null };
      if (dryRun) return dryRunUp(source, options);
      return up(source, options, ({ lab: name, machines }, state) => {
        return `${name} ${state}: ${machines} machines. Try \`sglab matrix\`, end it with \`sglab down ${name}\`.\n`;
      });
    });
}

/** Needs no root: the kernel is not asked. */
async function dryRunUp(source: LabSource, { json = false }: UpOptions): Promise<void> {
  const [{ loadSource }, { scriptOfUp }] = await Promise.all([
    import('../controller/lab-source.js'),
    import('../lab/dry-run.js'),
  ]);
  const { cloud, imported } = await loadSource(source);
  noteImport(imported);
  const script = await scriptOfUp(cloud);
  await print(
    json,
    () => ({ lab: cloud.name, script }),
    () => script,
  );
}

/** @param words about a lab that is up */
export async function up(
  source: LabSource,
  { json = false, port, auth = true, repair = false }: UpOptions,
  words: (ready: Ready, state: string) => string,
): Promise<void> {
  await readyHost();
  const { startController } = await import('../controller/start-controller.js');
  const stop = onInterrupt();
  const started = performance.now();
  const ready = await unlessInterrupted(
    stop,
    startController(source, {
      port: port ?? null,
      auth,
      repairs: repair,
      signal: stop,
      onProgress: (done, total) => progress(`building the lab, step ${done + 1} of ${total}`),
    }),
  );
  if (ready === null) return reportInterrupt();
  noteImport(ready.imported);
  if (ready.crashLog !== null)
    note(`the controller before this one ended by itself; its last words are in ${ready.crashLog}`);
  const ms = Math.round(performance.now() - started);
  await print(
    json,
    () => ({ ...ready, ms }),
    () => {
      const state = ready.already ? 'is already up' : `is up after ${(ms / 1000).toFixed(1)} s`;
      return `${words(ready, state)}EC2 API: ${ready.endpoint}. \`eval "$(sudo sglab env ${ready.lab})"\` points aws, boto3 and terraform at it.\n`;
    },
  );
}

interface ServeOptions {
  readonly json?: boolean;
  readonly lab?: string;
  readonly region?: string;
  readonly port?: number;
  readonly auth?: boolean;
}

export function registerServe(program: Command): void {
  program
    .command('serve')
    .summary('a Region with a default VPC, for EC2 clients to fill')
    .description(
      'Like up without a file: a Region with nothing but its default VPC, kept up with a controller and the EC2 API. What clients create is real. The lab also has one machine on the internet, stranger (203.0.113.7, tcp/80 and tcp/443), to probe from and to.',
    )
    .option('--json', 'one JSON document on stdout')
    .option('--lab <name>', 'name of the lab (default: the Region)')
    .addOption(new Option('--region <region>', 'the Region (default: us-east-1)').argParser(checkRegion))
    .addOption(portOption())
    .addOption(authOption())
    .addHelpText(
      'after',
      '\nExample:\n  $ sudo sglab serve --region eu-central-1\n  $ eval "$(sudo sglab env)"\n  $ aws ec2 describe-vpcs\n  $ sudo sglab probe stranger web-1 tcp/443',
    )
    .action(({ lab, region, ...options }: ServeOptions) =>
      up({ file: null, lab: lab ?? null, region: region ?? null }, options, (ready, state) => {
        return `${ready.lab} ${state}: the Region ${ready.region}. End it with \`sglab down ${ready.lab}\`.\n`;
      }),
    );
}

function checkRegion(word: string): string {
  if (/^[a-z]{2}(?:-[a-z]{1,12}){1,3}-\d{1,2}$/.test(word)) return word;
  throw new InvalidArgumentError('a Region is written like eu-central-1.');
}

const HELP = `
Example:
  $ sudo sglab env
  $ eval "$(sudo sglab env)"
  $ aws ec2 describe-security-groups

The credentials are the lab's own and open no cloud account: its EC2 API answers
requests that are signed with them, until the lab goes down. Keep them to
yourself as you would the lab: who has them changes it. A lab that was started
with --no-auth takes any. All other AWS services are pointed at the lab as well,
and refused there.
AWS CLI before 2.13 and boto3 before 1.28 do not read AWS_ENDPOINT_URL:
  $ alias aws='aws --endpoint-url "$AWS_ENDPOINT_URL"'`;

export function registerEnv(program: Command): void {
  program
    .command('env [lab]')
    .summary('point AWS clients at a lab')
    .description('Prints the shell commands that point aws, boto3, SDKs and terraform at the EC2 API of a lab.')
    .option('--json', 'one JSON document on stdout')
    .addHelpText('after', HELP)
    .action(env);
}

async function env(word: string | undefined, { json = false }: { json?: boolean }): Promise<void> {
  await readyHost();
  const [{ call, chooseLab }, { readCredentials }, { clientEnvironment, shellCommands }] = await Promise.all([
    import('../controller/client.js'),
    import('../controller/credentials.js'),
    import('./report/client-environment.js'),
  ]);
  const { lab, endpoint, cloud } = await call(chooseLab(word), 'status', {});
  const environment = clientEnvironment(endpoint, cloud.region, readCredentials(lab));
  await print(
    json,
    () => ({ lab, endpoint, region: cloud.region, ...environment }),
    () => shellCommands(environment),
  );
}

export function registerDown(program: Command): void {
  program
    .command('down [lab]')
    .summary('take a lab down')
    .description('Removes a lab with everything in it, also one whose controller was killed or whose files are lost.')
    .option('--all', 'every lab of this host, apart from those that a process of another SGLAB_RUN_DIR holds')
    .option('--json', 'one JSON document on stdout')
    .addHelpText('after', '\nExample:\n  $ sudo sglab down securecart-web')
    .action(down);
}

async function down(
  lab: string | undefined,
  { all = false, json = false }: { all?: boolean; json?: boolean },
): Promise<void> {
  await readyHost();
  if (all && lab !== undefined) {
    throw new SglabError('BadUsage', 'name a lab or say --all, not both', { hint: 'sglab down --all' });
  }
  const [{ chooseLab, labsOfHost }, { takeDown }, { holderElsewhere }] = await Promise.all([
    import('../controller/client.js'),
    import('../controller/take-down.js'),
    import('../lab/run-directory.js'),
  ]);
  const known = labsOfHost().map((each) => ({ lab: each, holder: holderElsewhere(each) }));
  const own = known.filter(({ holder }) => holder === null).map((each) => each.lab);
  const labs = all ? own : [chooseLab(lab, own)];
  const spared = all ? known.flatMap(({ lab: each, holder }) => (holder === null ? [] : { lab: each, holder })) : [];
  for (const each of labs) await takeDown(each);
  await print(
    json,
    () => ({ down: labs, spared: spared.map(({ lab: each, holder }) => ({ lab: each, ...holder })) }),
    async () => {
      if (known.length === 0) return 'no lab was up\n';
      const { describeHolder, howToEnd } = await import('../lab/errors.js');
      const stays = spared.map(
        ({ lab: each, holder }) => `${each} stays: ${describeHolder(holder)} holds it; ${howToEnd(each, holder)}\n`,
      );
      return [...labs.map((each) => `${each} is down\n`), ...stays].join('');
    },
  );
}

export function registerLs(program: Command): void {
  program
    .command('ls')
    .summary('the labs of this host')
    .description('Lists every lab of this host, also those that a killed process left behind.')
    .option('--json', 'one JSON document on stdout')
    .addHelpText('after', '\nExample:\n  $ sudo sglab ls')
    .action(ls);
}

const HOLDER_TEXT = {
  controller: 'up',
  run: 'in a run',
  elsewhere: 'of another run directory',
  nobody: 'left behind: `sglab up FILE` takes it over, `sglab down` removes it',
} as const;

async function ls({ json = false }: { json?: boolean }): Promise<void> {
  await readyHost();
  const [{ labsOfHost }, { holderOfLab }] = await Promise.all([
    import('../controller/client.js'),
    import('../controller/take-down.js'),
  ]);
  const labs = labsOfHost().map((lab) => ({ lab, ...holderOfLab(lab) }));
  await print(
    json,
    () => ({ labs }),
    async () => {
      if (labs.length === 0) return 'no lab is up\n';
      const { table } = await import('./report/table.js');
      const rows = labs.map(({ lab, keeper, pid, runDirectory }) => [
        lab,
        HOLDER_TEXT[keeper],
        pid === null ? '' : `process ${pid}${keeper === 'elsewhere' ? `, SGLAB_RUN_DIR=${runDirectory}` : ''}`,
      ]);
      return `${table(rows, [{}, {}, {}])}\n`;
    },
  );
}

export function registerStatus(program: Command): void {
  program
    .command('status [lab]')
    .summary('the machines of a lab')
    .description(
      'Shows the machines of a lab: addresses, security groups, what they listen on; and what somebody else has changed in the kernel.',
    )
    .option('--json', 'one JSON document on stdout')
    .addHelpText('after', '\nExample:\n  $ sudo sglab status')
    .action(status);
}

async function status(lab: string | undefined, { json = false }: { json?: boolean }): Promise<void> {
  await readyHost();
  const { call, chooseLab } = await import('../controller/client.js');
  const name = chooseLab(lab);
  const [found, { drift }] = await Promise.all([call(name, 'status', {}), call(name, 'drift', {})]);
  await print(
    json,
    () => ({ ...found, drift }),
    async () => {
      const [{ formatStatus }, { styleFor, widthOf }] = await Promise.all([
        import('./report/status.js'),
        import('./report/style.js'),
      ]);
      return formatStatus({ ...found, drift }, { style: styleFor(), width: widthOf() });
    },
  );
}
