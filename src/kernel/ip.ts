import os from 'node:os';
import { KernelError } from './errors.js';
import { type NamespaceCommand, runInNamespaces } from './in-namespaces.js';
import type { Netns } from './netns.js';
import { run } from './process.js';

const IPV6 = '-6 ';
const SHARES = os.availableParallelism();

/**
 * A batch that outlived a killed process would go on making or removing namespaces by name while the next process already
 * works on the same names. Inside a namespace it can only touch what goes with it.
 */
const DIE_WITH_PARENT = ['--pdeathsig', 'KILL', 'ip', '-batch', '-'] as const;

/**
 * Runs commands of iproute2 in one `ip -batch` process, in order, stopping at the first that fails.
 * @param commands without the leading `ip`, for example `netns add a`
 * @throws KernelError that names the failing command
 */
export async function ipBatch(commands: readonly string[], namespace?: Netns): Promise<void> {
  if (namespace !== undefined) return ipInNamespaces([{ namespace, commands }]);
  if (commands.length === 0) return;
  const input = lines(commands);
  const { exitCode, stderr } = await run('setpriv', DIE_WITH_PARENT, { input, allowFailure: true });
  if (exitCode !== 0) throw failureOf(commands, exitCode, stderr);
}

/** The same for commands that need not follow one another: several processes share them. Returns when none runs any more. */
export async function ipBatches(commands: readonly string[]): Promise<void> {
  const shares = Array.from({ length: SHARES }, (_, share) => commands.filter((_command, at) => at % SHARES === share));
  const done = await Promise.allSettled(shares.map((share) => ipBatch(share)));
  const failed = done.find((each) => each.status === 'rejected');
  if (failed) throw failed.reason;
}

export interface IpCommands {
  readonly namespace: Netns;
  readonly commands: readonly string[];
}

/**
 * The same inside many namespaces, several of them at once. Commands that begin with `-6`, for example `-6 rule add …`, have a
 * batch of their own (a batch takes options only for all its lines), which may run before, after or beside the other.
 * @throws KernelError that names a failing command
 */
export async function ipInNamespaces(batches: readonly IpCommands[]): Promise<void> {
  await runInNamespaces(
    batches.flatMap(({ namespace, commands }) =>
      [false, true].flatMap((ipv6) => {
        const chosen = commands.filter((command) => command.startsWith(IPV6) === ipv6);
        return chosen.length === 0 ? [] : [batchInNamespace(namespace, chosen, ipv6)];
      }),
    ),
  );
}

/** What `ip` says of something that is not there. */
const DOES_NOT_EXIST =
  /Cannot find device|No such (process|device|file)|[Nn]ot found|does not exist|Cannot assign requested/;

/**
 * Removes things in a namespace, of which some may be gone already: with a link, or with another one of them.
 * @throws KernelError that names a command which failed for another reason; all others were run
 */
export async function ipRemovals(commands: readonly string[], namespace: Netns): Promise<void> {
  if (commands.length === 0) return;
  const options = { input: lines(commands), namespace, allowFailure: true } as const;
  const { exitCode, stderr } = await run('ip', ['-force', '-batch', '-'], options);
  if (exitCode === 0) return;
  // Each failure is its reason, and then "Command failed -:LINE".
  const failures = stderr.split(/(?<=Command failed -:\d+)\n/).filter((each) => each.trim() !== '');
  const failed = failures.find((each) => !DOES_NOT_EXIST.test(each));
  if (failed !== undefined) throw failureOf(commands, exitCode, failed, namespace);
}

function batchInNamespace(namespace: Netns, commands: readonly string[], ipv6: boolean): NamespaceCommand {
  const words = ipv6 ? commands.map((command) => command.slice(IPV6.length)) : commands;
  return {
    namespace,
    argv: ['ip', ...(ipv6 ? ['-6'] : []), '-batch', '-'],
    input: lines(words),
    failure: (exitCode, stderr) => failureOf(commands, exitCode, stderr, namespace),
  };
}

const lines = (commands: readonly string[]) => `${commands.join('\n')}\n`;

function failureOf(commands: readonly string[], exitCode: number, stderr: string, namespace?: Netns): KernelError {
  const line = Number(/Command failed -:(\d+)/.exec(stderr)?.[1] ?? 1);
  return new KernelError({
    command: `ip ${commands[line - 1]}`,
    namespace: namespace?.name,
    exitCode,
    stderr: stderr.replace(/Command failed -:\d+/, ''),
  });
}
