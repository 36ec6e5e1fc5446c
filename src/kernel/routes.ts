/** The routes and routing rules of a namespace, asked of the kernel. */
import type { Netns } from './netns.js';
import { ROUTING_NUMBERS, type Route, type Routing, type RoutingRule } from './objects.js';
import { run } from './process.js';

interface RuleJson {
  readonly priority: number;
  readonly src: string;
  /** Absent for one address. */
  readonly srclen?: number;
  readonly fwmark?: string;
  readonly fwmask?: string;
  readonly table: string;
}

interface RouteJson {
  readonly dst: string;
  /** Absent for the main table. */
  readonly table?: string;
  readonly dev?: string;
}

const FAMILIES = [
  { family: 'ipv4', option: '-4', everywhere: '0.0.0.0/0', host: 32 },
  { family: 'ipv6', option: '-6', everywhere: '::/0', host: 128 },
] as const;

/** Where the routes lead is left out: whatever is wanted is set anew. */
export async function readRouting(netns: Netns): Promise<Routing> {
  const [rules, routes] = await Promise.all([listRules(netns), listRoutes(netns)]);
  return { rules, routes };
}

async function listRules(netns: Netns): Promise<RoutingRule[]> {
  const lists = FAMILIES.map(async ({ family, option }) =>
    (await listJson<RuleJson>(netns, [option, 'rule'])).flatMap(({ priority, src, srclen, fwmark, fwmask, table }) => {
      if (!isOwn(priority) || isKernels(table)) return [];
      const from = src === 'all' ? {} : { from: `${src}${srclen === undefined ? '' : `/${srclen}`}` };
      const mark = fwmark === undefined ? {} : { mark: `${fwmark}${fwmask === undefined ? '' : `/${fwmask}`}` };
      return [{ family, priority, ...from, ...mark, table: Number(table) }];
    }),
  );
  return (await Promise.all(lists)).flat();
}

async function listRoutes(netns: Netns): Promise<Route[]> {
  const lists = FAMILIES.map(async ({ option, everywhere, host }) =>
    (await listJson<RouteJson>(netns, [option, 'route', 'show', 'table', 'all'])).flatMap(({ dst, table, dev }) => {
      if (!isOwn(Number(table))) return [];
      const to = dst === 'default' ? everywhere : dst.includes('/') ? dst : `${dst}/${host}`;
      return [{ to, table: Number(table), ...(dev === undefined ? {} : { link: dev }) }];
    }),
  );
  return (await Promise.all(lists)).flat();
}

/** The kernel's own rules ask tables with names (`main`, `default`), within our priorities. An instance's rules ask tables of any number. */
function isKernels(table: string): boolean {
  return Number.isNaN(Number(table));
}

function isOwn(number: number): boolean {
  return number >= ROUTING_NUMBERS.first && number <= ROUTING_NUMBERS.last;
}

async function listJson<T>(netns: Netns, args: readonly string[]): Promise<T[]> {
  const { stdout } = await run('ip', ['-j', ...args], { namespace: netns });
  return stdout.trim() === '' ? [] : (JSON.parse(stdout) as T[]);
}
