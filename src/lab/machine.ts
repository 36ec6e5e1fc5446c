/** The inside of a machine for programs: its network, its name, and the names of all others. */
import fs from 'node:fs';
import path from 'node:path';
import { byId, vpcIdOfInterface } from '../cloud/lookup.js';
import { privateDnsDomain } from '../cloud/network/dns-names.js';
import { vpcResolver } from '../cloud/network/link-local.js';
import type { Cloud } from '../cloud/types.js';
import { onDisk } from '../kernel/errors.js';
import { hostNamespace, instanceNamespace } from '../kernel/lab-names.js';
import { labDirectory } from './run-directory.js';

type MachineKind = 'instance' | 'external';

const hostsFile = (lab: string, kind: MachineKind) => path.join(labDirectory(lab), `hosts-of-${kind}`);

/** @param vpc its name; null outside of every VPC */
const resolverFile = (lab: string, vpc: string | null) =>
  path.join(labDirectory(lab), vpc === null ? 'no-resolver' : `resolver-of-${vpc}`);

/** Where a machine's programs start and may leave files; gone with the lab. */
export const scratchDirectory = (lab: string, machine: string) => path.join(labDirectory(lab), 'machines', machine);

export interface MachineFile {
  readonly file: string;
  readonly text: string;
}

/** What machines see as /etc/hosts and /etc/resolv.conf. */
export function machineFiles(cloud: Cloud): MachineFile[] {
  return [...hostsFiles(cloud), ...resolverFiles(cloud)];
}

/**
 * The VPC's resolver, and the domains in which it knows short names. The lab has no DNS on the internet: a machine there has
 * an empty file, which fails at once instead of asking in vain.
 */
function resolverFiles(cloud: Cloud): MachineFile[] {
  const ofVpcs = Object.values(cloud.vpcs).map((vpc) => {
    const lines = [
      ...vpcResolver(vpc).map((address) => `nameserver ${address}`),
      `search ${vpc.name}.internal ${privateDnsDomain(cloud)}`,
      'options timeout:2 attempts:1',
      '',
    ];
    return { file: resolverFile(cloud.name, vpc.name), text: lines.join('\n') };
  });
  return [{ file: resolverFile(cloud.name, null), text: '' }, ...ofVpcs];
}

/** Names lead where AWS's DNS would lead them: from inside to private addresses, from the internet to public ones. */
function hostsFiles(cloud: Cloud): MachineFile[] {
  return (['instance', 'external'] as const).map((kind) => {
    const lines = [...instanceAddresses(cloud, kind), ...Object.values(cloud.externalHosts)].flatMap(
      ({ name, addresses }) => addresses.map((address) => `${address} ${name}`),
    );
    const text = ['127.0.0.1 localhost', '::1 localhost', ...lines, ''].join('\n');
    return { file: hostsFile(cloud.name, kind), text };
  });
}

/** In place, because programs have them mounted; only where one differs, because writing begins with emptying it. */
export function writeMachineFiles(files: readonly MachineFile[]): void {
  onDisk(() => {
    for (const { file, text } of files) {
      if (fs.existsSync(file) && fs.readFileSync(file, 'utf8') === text) continue;
      fs.writeFileSync(file, text, { mode: 0o644 });
    }
  });
}

function instanceAddresses(cloud: Cloud, seenBy: MachineKind): { name: string; addresses: string[] }[] {
  return Object.values(cloud.instances).map(({ name, interfaceIds: [primary = ''] }) => {
    const eni = byId(cloud.networkInterfaces, primary);
    const [privateIp] = eni.privateIpAddresses;
    const ipv4 = seenBy === 'instance' ? privateIp : (eni.publicIp ?? undefined);
    return { name, addresses: [ipv4, eni.ipv6Addresses[0]].filter((address) => address !== undefined) };
  });
}

/** The namespace of a machine's programs. */
export function machineNamespace(cloud: Cloud, machine: { kind: MachineKind; name: string }): string {
  return machine.kind === 'external'
    ? hostNamespace(cloud.name, machine.name)
    : instanceNamespace(cloud.name, machine.name);
}

/**
 * A mount and host-name namespace of its own, on top of the network namespace: /sys shows the machine's links,
 * /etc/hosts and /etc/resolv.conf know the lab, nothing of it reaches the host. The program's words reach it as they are ("$@").
 */
const INSIDE = [
  'mount --make-rprivate /',
  'mount -t sysfs sysfs /sys',
  'mount --bind "$SGLAB_HOSTS" /etc/hosts',
  '{ [ ! -e /etc/resolv.conf ] || mount --bind "$SGLAB_RESOLVER" /etc/resolv.conf; }',
  'hostname "$SGLAB_MACHINE"',
  'unset SGLAB_HOSTS SGLAB_RESOLVER',
  'exec "$@"',
].join(' && ');

export interface MachineCommand {
  readonly file: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

/** How to start a program in a machine; the caller enters the network namespace. */
export function machineCommand(
  cloud: Cloud,
  machine: { kind: MachineKind; name: string },
  argv: readonly string[],
): MachineCommand {
  return {
    file: 'unshare',
    args: ['--mount', '--uts', '--', 'sh', '-c', INSIDE, 'sglab', ...argv],
    env: {
      SGLAB_HOSTS: hostsFile(cloud.name, machine.kind),
      SGLAB_RESOLVER: resolverFile(cloud.name, vpcNameOf(cloud, machine.name)),
      SGLAB_MACHINE: machine.name,
    },
  };
}

/** Null for a machine on the internet. */
function vpcNameOf(cloud: Cloud, machine: string): string | null {
  const instance = Object.values(cloud.instances).find(({ name }) => name === machine);
  if (instance === undefined) return null;
  const primary = byId(cloud.networkInterfaces, instance.interfaceIds[0] ?? '');
  return byId(cloud.vpcs, vpcIdOfInterface(cloud, primary)).name;
}

/** Makes a machine's scratch directory, writable for every user that its programs may run as. */
export function makeScratchDirectory(lab: string, machine: string): string {
  const directory = scratchDirectory(lab, machine);
  onDisk(() => {
    fs.mkdirSync(directory, { recursive: true });
    for (const each of [directory, path.dirname(directory), labDirectory(lab)]) fs.chmodSync(each, 0o711);
    fs.chmodSync(directory, 0o1777);
  });
  return directory;
}
