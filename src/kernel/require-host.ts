/**
 * A quick check before every lab whether this host can hold one. It reads /proc and the PATH, and starts no process.
 */
import fs from 'node:fs';
import os from 'node:os';
import { EXIT, SglabError } from '../errors.js';
import { KernelError } from './errors.js';
import { findTool } from './find-tool.js';

/** Labs cannot be built without these: tool and Debian package. */
export const REQUIRED_TOOLS: Readonly<Record<string, string>> = {
  nft: 'nftables',
  ip: 'iproute2',
  conntrack: 'conntrack',
  perl: 'perl-base',
};

export const BRIDGE_SYSCTLS = '/proc/sys/net/bridge';

// Capability numbers, as in linux/capability.h.
const CAP_NET_ADMIN = 12n;
const CAP_SYS_ADMIN = 21n;

/** @throws SglabError (exit code 3) that names everything that is missing */
export function requireHost(): void {
  const missing = [
    ...missingPrivileges(),
    ...Object.entries(REQUIRED_TOOLS)
      .filter(([tool]) => findTool(tool) === null)
      .map(([tool, debianPackage]) => `the command ${tool} (package ${debianPackage})`),
    ...(isBridgeFilterAvailable() ? [] : ['the kernel module br_netfilter']),
  ];
  if (missing.length === 0) return;
  throw new SglabError('HostCannot', `this host cannot run a lab, it lacks ${missing.join(', ')}`, {
    exitCode: EXIT.hostCannot,
    hint: `${missing[0] === 'root' ? `run it ${findTool('sudo') === null ? 'as root' : 'with sudo'}; ` : ''}\`sglab doctor\` tests everything and says how to get it`,
  });
}

/** Privileges that this process lacks, as phrases; empty if it has all that a lab needs. */
export function missingPrivileges(status = fs.readFileSync('/proc/self/status', 'utf8')): string[] {
  if (process.geteuid?.() !== 0) return ['root'];
  const effective = BigInt(`0x${/^CapEff:\s*([0-9a-f]+)$/m.exec(status)?.[1] ?? '0'}`);
  const has = (capability: bigint) => (effective >> capability) % 2n === 1n;
  return [
    ...(has(CAP_NET_ADMIN) ? [] : ['the capability CAP_NET_ADMIN']),
    ...(has(CAP_SYS_ADMIN) ? [] : ['the capability CAP_SYS_ADMIN']),
  ];
}

/** The module is built in or loaded; or it is on disk, to be loaded when needed. */
function isBridgeFilterAvailable(): boolean {
  return fs.existsSync(BRIDGE_SYSCTLS) || isModuleOnDisk('br_netfilter');
}

function isModuleOnDisk(name: string): boolean {
  try {
    return fs.readFileSync(`/lib/modules/${os.release()}/modules.dep`, 'utf8').includes(`/${name}.ko`);
  } catch {
    return false;
  }
}

/** Settings that the module turns on for every bridge of the host when it is loaded. */
const SWITCHED_ON = ['bridge-nf-call-iptables', 'bridge-nf-call-ip6tables', 'bridge-nf-call-arptables'];

/**
 * Makes sure that bridged packets can be sent through nftables. Loading the module would at once filter the host's own
 * bridges, too: that is turned off again, so that they work as before. Each card turns it on for itself.
 * @throws KernelError if this kernel has no br_netfilter
 */
export async function loadBridgeFilter(): Promise<void> {
  if (fs.existsSync(BRIDGE_SYSCTLS)) return;
  const { run } = await import('./process.js');
  await run('modprobe', ['br_netfilter']);
  if (!fs.existsSync(BRIDGE_SYSCTLS)) {
    throw new KernelError({ command: 'modprobe br_netfilter', stderr: `${BRIDGE_SYSCTLS} did not appear` });
  }
  for (const name of SWITCHED_ON) fs.writeFileSync(`${BRIDGE_SYSCTLS}/${name}`, '0');
}
