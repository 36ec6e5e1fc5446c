/** Mininet as a baseline, where it is installed. */
import fs from 'node:fs';
import { KernelError } from '../../src/kernel/errors.js';
import { run } from '../../src/kernel/process.js';

/** The Python for which the package installs its modules, not the first one on the PATH. */
const PYTHON = '/usr/bin/python3';

/**
 * Does the work of `mn --topo single,N --switch lxbr --controller none --test none` without the command itself, which
 * on an error or a Ctrl-C kills processes by their names all over the host. Nor are the host's limits raised for good
 * (`inited`). Prints the seconds that it took, imports excluded.
 */
const PROGRAM = `
import sys, time
from mininet.net import Mininet
from mininet.nodelib import LinuxBridge
from mininet.topo import SingleSwitchTopo
Mininet.inited = True
start = time.monotonic()
net = Mininet(topo=SingleSwitchTopo(k=int(sys.argv[1])), switch=LinuxBridge, controller=None)
try:
    net.start()
finally:
    net.stop()
print(time.monotonic() - start)
`;

/** @returns the Python to run it with, or the reason why it cannot be used */
export async function findMininet(): Promise<string | { missing: string }> {
  const { exitCode } = await run(PYTHON, ['-c', 'import mininet'], { allowFailure: true });
  if (exitCode !== 0) return { missing: 'mininet is not installed (apt install mininet)' };
  const brctl = await run('sh', ['-c', 'command -v brctl'], { allowFailure: true });
  if (brctl.exitCode !== 0) return { missing: 'brctl is not installed (apt install bridge-utils)' };
  if (fs.existsSync('/sys/class/net/s1')) return { missing: 'the host has a link s1 already' };
  return PYTHON;
}

/** Milliseconds to build and remove that many hosts on one Linux bridge. */
export async function mininetUpDown(python: string, hosts: number): Promise<number> {
  // It needs a process group of its own: a Ctrl-C must not stop it half-way.
  const { stdout } = await run('setsid', ['--wait', python, '-c', PROGRAM, String(hosts)]);
  const seconds = Number(stdout.trim().split('\n').at(-1));
  if (!(seconds > 0)) throw new KernelError({ command: 'mininet', stderr: stdout });
  return seconds * 1000;
}
