/** The objects that a network namespace can hold, as data in the kernel's own terms. `ip-text.ts` writes them for `ip`. */

export type Family = 'ipv4' | 'ipv6';

/** A veth pair. */
export interface Link {
  /** Made up at once; the pair carries nothing until its far end is up, and that waits for the rulesets. */
  readonly near: LinkEnd & { readonly index: number; readonly master?: number };
  readonly far: LinkEnd;
  readonly mtu: number;
}

export interface LinkEnd {
  readonly namespace: string;
  readonly name: string;
  /** The kernel chooses one where it does not matter. */
  readonly macAddress?: string;
}

export interface Bridge {
  readonly name: string;
  readonly index: number;
}

/** One thing that is set about a link; setting it again changes nothing. */
export type Setting =
  | { readonly type: 'up'; readonly link: string }
  | {
      readonly type: 'address';
      readonly cidr: string;
      readonly link: string;
      readonly flag?: 'nodad' | 'noprefixroute';
    }
  | { readonly type: 'neighbour'; readonly address: string; readonly macAddress: string; readonly link: string }
  | ({ readonly type: 'route' } & Route);

export interface Route {
  readonly to: string;
  readonly via?: string;
  /** Absent for a route that sends the packet on to the next table. */
  readonly link?: string;
  /** The next hop is taken for reachable through the link, whatever the addresses say. */
  readonly onlink?: true;
  readonly scope?: 'link';
  readonly source?: string;
  readonly metric?: number;
  /** Absent for the main table. */
  readonly table?: number;
}

/** Says which packets look into a table; rules are asked in the order of their priority. */
export interface RoutingRule {
  readonly family: Family;
  readonly priority: number;
  readonly from?: string;
  /** `0x1/0xfff` */
  readonly mark?: string;
  /** Absent for a rule of another kind, which is only ever found. */
  readonly table?: number;
}

/**
 * Numbers of tables, and priorities of rules, that are a namespace's own `Routing`: all others are the kernel's, or hold
 * routes that are settings.
 */
export const ROUTING_NUMBERS = { first: 10_000, last: 60_000 } as const;

/** Routes and routing rules that change while a namespace runs. */
export interface Routing {
  readonly rules: readonly RoutingRule[];
  readonly routes: readonly Route[];
}

export const NO_ROUTING: Routing = { rules: [], routes: [] };
