/**
 * User namespaces of machines. A network namespace belongs for ever to the user namespace in which it was made: root in there
 * has power over it, and over nothing that belongs to the host. The owner of a user namespace is the effective user id that made
 * it, which the kernel neither looks up nor lets anybody change. So it serves as a mark: it lasts as long as the network
 * namespace, and root inside cannot remove it, as he could any kernel parameter of his own network.
 */
import { KernelError } from './errors.js';
import { checked, libcCalls } from './libc.js';
import type { Netns } from './netns.js';
import { run } from './process.js';
import { systemCallNumber } from './system-calls.js';

/** Requests of ioctl_ns(2). */
const NS_GET_USERNS = 0xb701;
const NS_GET_OWNER_UID = 0xb704;

/** @returns a descriptor of the user namespace to which a network namespace belongs, for the caller to close */
export function openUserNamespace({ name, fd }: Netns): number {
  return checked(`find the user namespace of ${name}`, libcCalls.ioctl(fd, NS_GET_USERNS, Buffer.alloc(0)));
}

/** The owner of the user namespace to which a network namespace belongs; 0 for the host's own. */
export function ownerOf(netns: Netns): number {
  const userNamespace = openUserNamespace(netns);
  try {
    const uid = Buffer.alloc(4);
    checked(`find the owner of ${netns.name}`, libcCalls.ioctl(userNamespace, NS_GET_OWNER_UID, uid));
    return uid.readUInt32LE();
  } finally {
    libcCalls.close(userNamespace);
  }
}

export interface OwnedNamespace {
  readonly name: string;
  /** Of its user namespace: any positive number. */
  readonly owner: number;
}

/**
 * A Perl script that makes each network namespace in a child, in a user namespace of its own with the same users and groups as
 * the host, and has `ip` give it its name. Control groups are the one thing of the host that root inside could reach through a
 * namespace that he may make, so he may make none: in one he could mount the files of his group, which are the host's.
 * Everything ends with this script, and the script with the process that started it: what has no name by then never was.
 */
const MAKER = `
use strict;
my $unshare = shift;
my $CLONE_NEWUSER = 0x10000000;
my $CLONE_NEWNET = 0x40000000;
my $everybody = '0 0 4294967295';
sub put {
  my ($file, $text) = @_;
  open(my $to, '>', $file) or die "$file: $!\\n";
  print $to $text;
  close $to or die "$file: $!\\n";
}
sub make {
  my ($owner) = @_;
  $> = $owner;
  syscall($unshare, $CLONE_NEWUSER | $CLONE_NEWNET) == 0 or die "unshare: $!\\n";
  put('/proc/sys/user/max_cgroup_namespaces', 0);
}
my @attach;
pipe(my $end, my $hold) or die "pipe: $!\\n";
while (@ARGV) {
  my ($name, $owner) = splice @ARGV, 0, 2;
  pipe(my $made, my $tell) or die "pipe: $!\\n";
  defined(my $pid = fork) or die "fork: $!\\n";
  if ($pid == 0) {
    close $hold;
    make($owner);
    syswrite $tell, '.';
    sysread $end, my $nothing, 1;
    exit;
  }
  close $tell;
  sysread($made, my $byte, 1) or die "$name was not made\\n";
  put("/proc/$pid/$_", $everybody) for 'uid_map', 'gid_map';
  push @attach, "netns attach $name $pid\\n";
}
open(my $ip, '|-', qw(setpriv --pdeathsig KILL ip -batch -)) or die "ip: $!\\n";
print $ip @attach;
close $ip or die "ip netns attach failed\\n";
`;

/** @throws KernelError; some of them may then have been made */
export async function makeOwnedNamespaces(namespaces: readonly OwnedNamespace[]): Promise<void> {
  if (namespaces.length === 0) return;
  const words = namespaces.flatMap(({ name, owner }) => [name, String(owner)]);
  const perl = ['--pdeathsig', 'KILL', 'perl', '-e', MAKER, systemCallNumber('unshare'), ...words];
  const { exitCode, stderr } = await run('setpriv', perl, { allowFailure: true });
  if (exitCode === 0) return;
  throw new KernelError({ command: `make ${namespaces.map(({ name }) => name).join(', ')}`, exitCode, stderr });
}
