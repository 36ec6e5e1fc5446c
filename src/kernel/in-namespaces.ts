/**
 * Runs many short commands in many namespaces. A small process per processor starts them: to start one, the kernel
 * copies the page tables of its parent, which takes 3 ms for this process and a tenth of that for a small Perl. Perl,
 * because it belongs to the base system of Debian and Ubuntu and can call setns(2) itself: nsenter would cost 1.3 ms a
 * command.
 */
import os from 'node:os';
import { KernelError } from './errors.js';
import type { Netns } from './netns.js';
import { NO_HOME, run } from './process.js';
import { systemCallNumber } from './system-calls.js';

const STARTERS = os.availableParallelism();

export interface NamespaceCommand {
  readonly namespace: Netns;
  readonly argv: readonly string[];
  /** Written to its standard input. */
  readonly input: string;
  readonly failure: (exitCode: number, stderr: string) => KernelError;
}

/**
 * Runs all commands, several at once, and returns when none runs any more.
 * @returns what each wrote to its standard output
 * @throws KernelError of a command that failed; others may then have been left out
 */
export async function runInNamespaces(commands: readonly NamespaceCommand[]): Promise<string[]> {
  const shares = Array.from({ length: STARTERS }, (_, share) =>
    commands.filter((_command, at) => at % STARTERS === share),
  );
  const done = await Promise.all(shares.map((share) => (share.length === 0 ? [] : runInTurn(share))));
  const failure = done.find((each) => each instanceof KernelError);
  if (failure !== undefined) throw failure;
  const outputs = done.map((each) => (each instanceof KernelError ? [] : each));
  return commands.map((_command, at) => outputs[at % STARTERS]?.[Math.floor(at / STARTERS)] ?? '');
}

/**
 * A Perl script that reads the commands from standard input, each as fields that end with a NUL: the namespace, the
 * number of arguments, the arguments, the input. Each command's output follows a NUL. The namespace is given as a path
 * of this process's own descriptor, and a field without its NUL ends the script: once this process is killed no further
 * command starts, least of all in a namespace that a later process makes.
 */
const STARTER = `
use strict;
my ($setns) = @ARGV;
my $CLONE_NEWNET = 0x40000000;
$SIG{PIPE} = sub {}; # a command may end without reading; unlike IGNORE this is not handed on to it
$/ = "\\0";
sub word { my $word = <STDIN>; exit unless defined $word && chomp $word; return $word }
for (;;) {
  my ($namespace, $count) = (word(), word());
  my @argv = map { word() } 1 .. $count;
  my $input = word();
  syswrite(STDOUT, "\\0");
  open(my $netns, '<', $namespace) or die "open $namespace: $!\\n";
  syscall($setns, fileno($netns), $CLONE_NEWNET) == 0 or die "setns: $!\\n";
  open(my $command, '|-', @argv) or die "$argv[0]: $!\\n";
  print $command $input;
  close($command) or exit($? >> 8 || 128 + ($? & 127));
}
`;

/**
 * Runs commands one after the other, up to the first that fails.
 * @returns their outputs, or the error
 */
async function runInTurn(commands: readonly NamespaceCommand[]): Promise<string[] | KernelError> {
  const words = commands.flatMap(({ namespace, argv, input }) => [
    `/proc/${process.pid}/fd/${namespace.fd}`,
    String(argv.length),
    ...argv,
    input,
  ]);
  const { exitCode, stdout, stderr } = await run('perl', ['-e', STARTER, systemCallNumber('setns')], {
    input: words.map((word) => `${word}\0`).join(''),
    allowFailure: true,
    detached: true,
    env: NO_HOME,
  });
  const outputs = stdout.split('\0').slice(1);
  if (exitCode === 0) return outputs;
  const failed = commands[outputs.length - 1];
  const output = [stderr, outputs.at(-1)].filter((text) => text !== '').join('\n');
  return failed?.failure(exitCode, output) ?? new KernelError({ command: 'perl', exitCode, stderr });
}
