/** Links, addresses, neighbours, routes and routing rules of namespaces, asked of the kernel by one process for each. */
import { KernelError } from './errors.js';
import { runInNamespaces } from './in-namespaces.js';
import type { Netns } from './netns.js';
import type { RoutingRule } from './objects.js';
import { readRoutingRules } from './routing-rules.js';

export interface FoundLink {
  readonly name: string;
  readonly isUp: boolean;
  readonly mtu: number;
  readonly macAddress: string;
  /** Name of the bridge that it is a port of. */
  readonly master: string | null;
}

export interface FoundAddress {
  readonly link: string;
  readonly cidr: string;
}

export interface FoundNeighbour {
  readonly link: string;
  readonly address: string;
  readonly macAddress: string;
}

export interface FoundRoute {
  readonly family: 'ipv4' | 'ipv6';
  readonly to: string;
  /** Null for one that sends the packet on to the next table. */
  readonly link: string | null;
  readonly via: string | null;
  /** Zero for one over IPv4 without any. */
  readonly metric: number;
  readonly table: string;
}

/** Without the routes that the kernel makes by itself: of addresses, loopback's own. */
export interface FoundNamespaceState {
  readonly links: readonly FoundLink[];
  readonly addresses: readonly FoundAddress[];
  /** Permanent ones. */
  readonly neighbours: readonly FoundNeighbour[];
  readonly routes: readonly FoundRoute[];
  /** All of them, in the kernel's order. */
  readonly rules: readonly RoutingRule[];
}

interface AddressJson {
  readonly ifname: string;
  readonly flags: readonly string[];
  readonly mtu: number;
  readonly address: string;
  readonly master?: string;
  readonly addr_info: readonly { readonly local: string; readonly prefixlen: number }[];
}

interface RouteJson {
  readonly type?: string;
  readonly dst: string;
  readonly dev?: string;
  readonly gateway?: string;
  readonly table?: string;
  readonly protocol?: string;
  readonly metric?: number;
  /** Of IPv6 only. */
  readonly pref?: string;
}

interface NeighbourJson {
  readonly dst: string;
  readonly dev: string;
  readonly lladdr?: string;
}

const COMMANDS = 'addr show\nroute show table all\nneigh show nud permanent\n';
const MAIN_TABLE = 'main';
const OWN_ADDRESSES: ReadonlySet<string> = new Set(['127.0.0.1/8', '::1/128']);

/** @returns in the order of the namespaces @throws KernelError */
export async function readNamespaces(namespaces: readonly Netns[]): Promise<FoundNamespaceState[]> {
  const outputs = await runInNamespaces(
    namespaces.map((namespace) => ({
      namespace,
      argv: ['ip', '-j', '-batch', '-'],
      input: COMMANDS,
      failure: (exitCode, stderr) =>
        new KernelError({ command: 'ip addr show', namespace: namespace.name, exitCode, stderr }),
    })),
  );
  return outputs.map((output, at) => {
    const namespace = namespaces[at];
    return { ...parseNamespace(output), rules: namespace === undefined ? [] : readRoutingRules(namespace) };
  });
}

/** A line of JSON for each command; an empty list may be no line at all. */
function parseNamespace(output: string): Omit<FoundNamespaceState, 'rules'> {
  const lists = output.split('\n').flatMap((line) => (line.trim() === '' ? [] : [JSON.parse(line) as object[]]));
  const [addresses = [], ...rest] = lists as [AddressJson[], ...object[][]];
  const others = rest.flat();
  return {
    links: addresses.map(({ ifname, flags, mtu, address, master }) => {
      return { name: ifname, isUp: flags.includes('UP'), mtu, macAddress: address, master: master ?? null };
    }),
    addresses: addresses.flatMap(({ ifname, addr_info }) =>
      addr_info
        .map(({ local, prefixlen }) => ({ link: ifname, cidr: `${local}/${prefixlen}` }))
        .filter(({ cidr }) => !OWN_ADDRESSES.has(cidr)),
    ),
    neighbours: others.filter(isNeighbour).map(({ dst, dev, lladdr }) => {
      return { link: dev, address: dst, macAddress: lladdr ?? '' };
    }),
    routes: others.filter(isRoute).map(routeOf),
  };
}

function isNeighbour(found: object): found is NeighbourJson {
  return 'state' in found && 'lladdr' in found;
}

function isRoute(found: object): found is RouteJson {
  if (!('dst' in found) || isNeighbour(found) || 'state' in found) return false;
  const { protocol, table } = found as RouteJson;
  return protocol !== 'kernel' && table !== 'local';
}

function routeOf({ type, dst, dev, gateway, table, metric, pref }: RouteJson): FoundRoute {
  const family = pref !== undefined || dst.includes(':') ? 'ipv6' : 'ipv4';
  const [everywhere, length] = family === 'ipv6' ? ['::/0', 128] : ['0.0.0.0/0', 32];
  return {
    family,
    to: dst === 'default' ? everywhere : dst.includes('/') ? dst : `${dst}/${length}`,
    link: type === 'throw' ? null : (dev ?? null),
    via: gateway ?? null,
    metric: metric ?? 0,
    table: table ?? MAIN_TABLE,
  };
}
