import fs from 'node:fs';
import path from 'node:path';
import { inNetns } from '../../../src/kernel/netns.js';
import type { TestHost } from './test-host.js';

/** The host's own network, which no lab touches, up or down. */
export interface HostNetwork {
  readonly links: unknown;
  /** As `ip` and `nft` print them: addresses, rules and routes of both families, neighbours, and the ruleset. */
  readonly texts: readonly string[];
  readonly sysctls: Readonly<Record<string, string>>;
}

/** Everything on a host that a lab could leave behind or change. */
export interface HostState {
  readonly namespaces: readonly string[];
  readonly mounts: readonly string[];
  readonly network: HostNetwork;
  readonly files: readonly string[];
  /** Command lines. */
  readonly processes: readonly string[];
}

export async function readHostState(host: TestHost): Promise<HostState> {
  const namespaces = await host.run('ip', ['-j', 'netns']);
  return {
    namespaces: (JSON.parse(namespaces || '[]') as { name: string }[]).map(({ name }) => name).sort(),
    mounts: mountPoints(host.pid),
    network: await readHostNetwork(host),
    files: [host.runDirectory, host.home].flatMap(listFiles),
    processes: host.processes().map(commandLine),
  };
}

const TEXTS: readonly (readonly [string, ...string[]])[] = [
  ['ip', '-o', 'address'],
  ['ip', 'rule'],
  ['ip', '-6', 'rule'],
  ['ip', 'route', 'show', 'table', 'all'],
  ['ip', '-6', 'route', 'show', 'table', 'all'],
  ['ip', 'neighbour'],
  ['nft', 'list', 'ruleset'],
];

export async function readHostNetwork(host: TestHost): Promise<HostNetwork> {
  const [links, ...texts] = await Promise.all([
    host.run('ip', ['-j', 'link']),
    ...TEXTS.map(([command, ...args]) => host.run(command, args)),
  ]);
  return {
    links: JSON.parse(links),
    texts,
    sysctls: await host.withNetns(undefined, (netns) => inNetns(netns, readSysctls)),
  };
}

/** `ip netns` makes its directory a mount of its own, once and for all: only a mount inside it is a leftover. */
function mountPoints(pid: number): string[] {
  const lines = fs.readFileSync(`/proc/${pid}/mountinfo`, 'utf8').trim().split('\n');
  const points = lines.map((line) => line.split(' ')[4] ?? '').filter((point) => point !== '/run/netns');
  return points.sort();
}

/** The kernel changes these by itself: a count of connections, and parameters that can only be written. */
const VOLATILE = /nf_conntrack_count$|flush$/;

function readSysctls(): Record<string, string> {
  const files = listFiles('/proc/sys/net').filter((file) => !VOLATILE.test(file));
  return Object.fromEntries(files.map((file) => [file, readOrError(path.join('/proc/sys/net', file))]));
}

function readOrError(file: string): string {
  try {
    return fs.readFileSync(file, 'utf8').trim();
  } catch (error) {
    return (error as NodeJS.ErrnoException).code ?? 'unreadable';
  }
}

export function listFiles(directory: string): string[] {
  if (!fs.existsSync(directory)) return [];
  const entries = fs.readdirSync(directory, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => !entry.isDirectory())
    .map((entry) => path.relative(directory, path.join(entry.parentPath, entry.name)))
    .sort();
}

export function commandLine(pid: number): string {
  try {
    return fs.readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').trim();
  } catch {
    return '';
  }
}
