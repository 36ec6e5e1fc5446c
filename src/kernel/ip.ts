import { KernelError } from './errors.js';
import type { Netns } from './netns.js';
import { run } from './process.js';

const IPV6 = '-6 ';

/**
 * A batch that outlived a killed process would go on making or removing namespaces by name while the next process already
 * works on the same names. Inside a namespace it can only touch what goes with it.
 */
const DIES_WITH_US = ['setpriv', '--pdeathsig', 'KILL', 'ip'] as const;

/**
 * Runs commands of iproute2 in one `ip -batch` process, in order, stopping at the first that fails. Commands that begin
 * with `-6` (a batch takes options only for all its lines) follow in a second one.
 * @param commands without the leading `ip`, for example `link set eth0 up` or `-6 rule add …`
 * @throws KernelError that names the failing command
 */
export async function ipBatch(commands: readonly string[], namespace?: Netns): Promise<void> {
  const ipv6 = commands.filter((command) => command.startsWith(IPV6)).map((command) => command.slice(IPV6.length));
  await runBatch(
    ['-batch', '-'],
    commands.filter((command) => !command.startsWith(IPV6)),
    namespace,
  );
  await runBatch(['-6', '-batch', '-'], ipv6, namespace);
}

async function runBatch(args: readonly string[], commands: readonly string[], namespace?: Netns): Promise<void> {
  if (commands.length === 0) return;
  const [file, ...words] = namespace === undefined ? DIES_WITH_US : ['ip'];
  const { exitCode, stderr } = await run(file, [...words, ...args], {
    input: `${commands.join('\n')}\n`,
    allowFailure: true,
    ...(namespace === undefined ? {} : { namespace }),
  });
  if (exitCode === 0) return;
  const line = Number(/Command failed -:(\d+)/.exec(stderr)?.[1] ?? 1);
  throw new KernelError({
    command: `ip ${commands[line - 1] ?? args.join(' ')}`,
    namespace: namespace?.name,
    exitCode,
    stderr: stderr.replace(/Command failed -:\d+/, ''),
  });
}
