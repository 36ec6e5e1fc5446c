/** The inside of a machine for programs: its network, its name, and the names of all others. */
import fs from 'node:fs';
import path from 'node:path';
import type { Cloud } from '../cloud/types.js';
import { hostNamespace, instanceNamespace } from './names.js';
import { labDirectory } from './run-directory.js';

const hostsFile = (lab: string) => path.join(labDirectory(lab), 'hosts');

/** Where a machine's programs start and may leave files; gone with the lab. */
export const scratchDirectory = (lab: string, machine: string) => path.join(labDirectory(lab), 'machines', machine);

/** Writes the file that every machine sees as /etc/hosts: each machine's name with its (private) addresses. */
export function writeHostsFile(cloud: Cloud): void {
  const instances = Object.values(cloud.instances).map(({ name, interfaceIds }) => ({
    name,
    addresses: interfaceIds.slice(0, 1).flatMap((id) => {
      const eni = cloud.networkInterfaces[id];
      return eni === undefined ? [] : [...eni.privateIpAddresses.slice(0, 1), ...eni.ipv6Addresses.slice(0, 1)];
    }),
  }));
  const lines = [...instances, ...Object.values(cloud.externalHosts)].flatMap(({ name, addresses }) =>
    addresses.map((address) => `${address} ${name}`),
  );
  const file = hostsFile(cloud.name);
  fs.writeFileSync(file, ['127.0.0.1 localhost', '::1 localhost', ...lines, ''].join('\n'), { mode: 0o644 });
}

/** The namespace of a machine's programs. */
export function machineNamespace(cloud: Cloud, machine: { kind: 'instance' | 'external'; name: string }): string {
  return machine.kind === 'external'
    ? hostNamespace(cloud.name, machine.name)
    : instanceNamespace(cloud.name, machine.name);
}

/**
 * A mount and host-name namespace of its own, on top of the network namespace: /sys shows the machine's links,
 * /etc/hosts knows the lab, nothing of it reaches the host. The program's words reach it as they are ("$@").
 */
const INSIDE = [
  'mount --make-rprivate /',
  'mount -t sysfs sysfs /sys',
  'mount --bind "$SGLAB_HOSTS" /etc/hosts',
  'hostname "$SGLAB_MACHINE"',
  'unset SGLAB_HOSTS',
  'exec "$@"',
].join(' && ');

export interface MachineCommand {
  readonly file: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

/** How to start a program in a machine; the caller enters the network namespace. */
export function machineCommand(lab: string, machine: string, argv: readonly string[]): MachineCommand {
  return {
    file: 'unshare',
    args: ['--mount', '--uts', '--', 'sh', '-c', INSIDE, 'sglab', ...argv],
    env: { SGLAB_HOSTS: hostsFile(lab), SGLAB_MACHINE: machine },
  };
}

/** Makes a machine's scratch directory, writable for every user that its programs may run as. */
export function makeScratchDirectory(lab: string, machine: string): string {
  const directory = scratchDirectory(lab, machine);
  fs.mkdirSync(directory, { recursive: true });
  for (const each of [directory, path.dirname(directory), labDirectory(lab)]) fs.chmodSync(each, 0o711);
  fs.chmodSync(directory, 0o1777);
  return directory;
}
