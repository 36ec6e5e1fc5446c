/** The files of a machine's programs: the names of all others, and a directory to leave something in. */
import fs from 'node:fs';
import path from 'node:path';
import { byId, vpcIdOfInterface } from '../cloud/lookup.js';
import { privateDnsDomain } from '../cloud/network/dns-names.js';
import { vpcResolver } from '../cloud/network/link-local.js';
import type { Cloud } from '../cloud/types.js';
import { onDisk } from '../kernel/errors.js';
import { hostNamespace, instanceNamespace } from '../kernel/lab-names.js';
import type { Inside } from './inside.js';
import { labDirectory, runDirectory } from './run-directory.js';

type MachineKind = 'instance' | 'external';

const hostsFile = (lab: string, kind: MachineKind) => path.join(labDirectory(lab), `hosts-of-${kind}`);

/** @param vpc its name; null outside of every VPC */
const resolverFile = (lab: string, vpc: string | null) =>
  path.join(labDirectory(lab), vpc === null ? 'no-resolver' : `resolver-of-${vpc}`);

/** Where a machine's programs start and may leave files; gone with the lab. */
const scratchDirectory = (lab: string, machine: string) => path.join(labDirectory(lab), 'machines', machine);

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

/** The files on disk. Nothing is looked at again while the same object says what they are. */
export class MachineFiles {
  #written: readonly MachineFile[] | null = null;

  /** In place, because programs have them mounted; only where one differs, because writing begins with emptying it. */
  write(files: readonly MachineFile[]): void {
    if (files === this.#written) return;
    onDisk(() => {
      for (const { file, text } of files) {
        if (fs.existsSync(file) && fs.readFileSync(file, 'utf8') === text) continue;
        fs.writeFileSync(file, text, { mode: 0o644 });
      }
    });
    this.#written = files;
  }
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

/** What the programs of a machine see of the lab, and what of the host. @param userNamespace a file that stands for theirs */
export function insideOf(
  cloud: Cloud,
  { kind, name }: { kind: MachineKind; name: string },
  userNamespace: string,
): Inside {
  const workshop = path.join(labDirectory(cloud.name), 'workshop');
  onDisk(() => fs.mkdirSync(workshop, { recursive: true, mode: 0o700 }));
  return {
    machine: name,
    userNamespace,
    workshop,
    scratch: makeScratchDirectory(cloud.name, name),
    hosts: hostsFile(cloud.name, kind),
    resolver: resolverFile(cloud.name, vpcNameOf(cloud, name)),
    hidden: [fs.realpathSync(runDirectory())],
  };
}

/** Null for a machine on the internet. */
function vpcNameOf(cloud: Cloud, machine: string): string | null {
  const instance = Object.values(cloud.instances).find(({ name }) => name === machine);
  if (instance === undefined) return null;
  const primary = byId(cloud.networkInterfaces, instance.interfaceIds[0] ?? '');
  return byId(cloud.vpcs, vpcIdOfInterface(cloud, primary)).name;
}

/** Makes a machine's scratch directory: writable for every user inside, and out of reach for the host's. */
export function makeScratchDirectory(lab: string, machine: string): string {
  const directory = scratchDirectory(lab, machine);
  onDisk(() => {
    fs.mkdirSync(directory, { recursive: true, mode: 0o700 });
    fs.chmodSync(directory, 0o1777);
  });
  return directory;
}
