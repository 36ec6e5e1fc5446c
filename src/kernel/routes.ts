/** The routes and routing rules of a namespace, asked of the kernel. */
import { rule as textOf } from './ip-text.js';
import type { Netns } from './netns.js';
import { ROUTING_NUMBERS, type Route, type Routing } from './objects.js';
import { run } from './process.js';
import { KERNELS_RULES, readRoutingRules } from './routing-rules.js';

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

/** With rules that are somebody else's. Where the routes lead is left out: whatever is wanted is set anew. */
export async function readRouting(netns: Netns): Promise<Routing> {
  const kernels = new Set(KERNELS_RULES.map((rule) => textOf('add', rule)));
  const rules = readRoutingRules(netns).filter((rule) => !kernels.has(textOf('add', rule)));
  return { rules, routes: await listRoutes(netns) };
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

function isOwn(number: number): boolean {
  return number >= ROUTING_NUMBERS.first && number <= ROUTING_NUMBERS.last;
}

async function listJson<T>(netns: Netns, args: readonly string[]): Promise<T[]> {
  const { stdout } = await run('ip', ['-j', ...args], { namespace: netns });
  return stdout.trim() === '' ? [] : (JSON.parse(stdout) as T[]);
}
