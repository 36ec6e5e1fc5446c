/**
 * Many short commands in many namespaces, started by small shells: to start a process the kernel copies the page tables
 * of its parent, which takes 3 ms for this process and a tenth of that for a shell.
 */
import { randomUUID } from 'node:crypto';
import os from 'node:os';
import { KernelError } from './errors.js';
import type { Netns } from './netns.js';
import { run } from './process.js';

const SHELLS = os.availableParallelism();

export interface NamespaceCommand {
  readonly namespace: Netns;
  readonly argv: readonly string[];
  /** Lines for its standard input, each ended by a newline. */
  readonly input: string;
  readonly failure: (exitCode: number, stderr: string) => KernelError;
}

/**
 * Runs all commands, several at once, and returns when none runs any more.
 * @throws KernelError of a command that failed; others may then have been left out
 */
export async function runInNamespaces(commands: readonly NamespaceCommand[]): Promise<void> {
  const shares = Array.from({ length: SHELLS }, (_, share) => commands.filter((_command, at) => at % SHELLS === share));
  const failures = await Promise.all(shares.filter((share) => share.length > 0).map(runInShell));
  const failure = failures.find((each) => each !== null);
  if (failure) throw failure;
}

/** Runs commands one after the other, up to the first that fails: the shell says which one it begins. */
async function runInShell(commands: readonly NamespaceCommand[]): Promise<KernelError | null> {
  const end = randomUUID();
  const script = commands.map(
    (command, at) => `echo ${at}\n${shellCommand(command)} >&2 <<'${end}'\n${command.input}${end}\n`,
  );
  const { exitCode, stdout, stderr } = await run('sh', ['-e'], {
    input: script.join(''),
    allowFailure: true,
    detached: true,
  });
  if (exitCode === 0) return null;
  const failed = commands[Number(stdout.trim().split('\n').at(-1))];
  return failed?.failure(exitCode, stderr) ?? new KernelError({ command: 'sh', exitCode, stderr });
}

/** The namespace is named by this process's own descriptor: when it is killed, nothing enters one that a later process makes. */
function shellCommand({ namespace, argv }: NamespaceCommand): string {
  return ['nsenter', `--net=/proc/${process.pid}/fd/${namespace.fd}`, '--', ...argv].map(quote).join(' ');
}

function quote(word: string): string {
  return `'${word.replaceAll("'", `'\\''`)}'`;
}
