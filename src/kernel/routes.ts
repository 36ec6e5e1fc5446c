/** The routes and routing rules of a namespace, in the words in which `ip` takes them. */
import type { Netns } from './netns.js';
import { run } from './process.js';

export interface KernelRule {
  readonly family: 'ipv4' | 'ipv6';
  readonly priority: number;
  /** `pref 10001 fwmark 0x1/0xfff lookup 10001` */
  readonly words: string;
}

export interface KernelRoute {
  readonly table: number;
  /** `10.0.2.0/24 table 10001` */
  readonly key: string;
}

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
}

const FAMILIES = [
  { family: 'ipv4', option: '-4', everywhere: '0.0.0.0/0', host: 32 },
  { family: 'ipv6', option: '-6', everywhere: '::/0', host: 128 },
] as const;

export async function listRules(netns: Netns): Promise<KernelRule[]> {
  const lists = FAMILIES.map(async ({ family, option }) =>
    (await listJson<RuleJson>(netns, [option, 'rule'])).map(({ priority, src, srclen, fwmark, fwmask, table }) => {
      const from = src === 'all' ? '' : ` from ${src}${srclen === undefined ? '' : `/${srclen}`}`;
      const mark = fwmark === undefined ? '' : ` fwmark ${fwmark}${fwmask === undefined ? '' : `/${fwmask}`}`;
      return { family, priority, words: `pref ${priority}${from}${mark} lookup ${table}` };
    }),
  );
  return (await Promise.all(lists)).flat();
}

/** Routes in tables that have no name. */
export async function listRoutes(netns: Netns): Promise<KernelRoute[]> {
  const lists = FAMILIES.map(async ({ option, everywhere, host }) =>
    (await listJson<RouteJson>(netns, [option, 'route', 'show', 'table', 'all'])).flatMap(({ dst, table }) => {
      if (table === undefined || !/^\d+$/.test(table)) return [];
      const cidr = dst === 'default' ? everywhere : dst.includes('/') ? dst : `${dst}/${host}`;
      return [{ table: Number(table), key: `${cidr} table ${table}` }];
    }),
  );
  return (await Promise.all(lists)).flat();
}

async function listJson<T>(netns: Netns, args: readonly string[]): Promise<T[]> {
  const { stdout } = await run('ip', ['-j', ...args], { namespace: netns });
  return stdout.trim() === '' ? [] : (JSON.parse(stdout) as T[]);
}
