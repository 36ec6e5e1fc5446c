/** What turns one set of routes and routing rules into another. Pure. */
import type { Family } from '../cloud/groups/types.js';
import { linkOf } from './configuration-difference.js';
import type { RoutingPlan } from './route-plan.js';

const OPTION: Readonly<Record<Family, string>> = { ipv4: '', ipv6: '-6 ' };

export const NO_ROUTING: RoutingPlan = { rules: { ipv4: [], ipv6: [] }, routes: {} };

/**
 * `ip` commands. A route that changes its target is replaced in one step, so a flow that it carries never meets a table
 * without it; what is new comes before what goes, and rules come when their tables are filled.
 */
export function routingDifference(before: RoutingPlan, after: RoutingPlan): string[] {
  const set = Object.entries(after.routes).filter(([key, command]) => before.routes[key] !== command);
  const gone = Object.keys(before.routes).filter((key) => !Object.hasOwn(after.routes, key));
  const rules = (verb: string, of: RoutingPlan, without: RoutingPlan) =>
    (['ipv4', 'ipv6'] as const).flatMap((family) =>
      of.rules[family]
        .filter((rule) => !without.rules[family].includes(rule))
        .map((rule) => `${OPTION[family]}rule ${verb} ${rule}`),
    );
  return [
    ...set.map(([, command]) => command),
    ...rules('add', after, before),
    ...rules('del', before, after),
    ...gone.map((key) => `route del ${key}`),
  ];
}

/** What is left when links are removed: the kernel removes their routes with them. */
export function withoutLinks({ rules, routes }: RoutingPlan, gone: ReadonlySet<string>): RoutingPlan {
  if (gone.size === 0) return { rules, routes };
  const left = Object.entries(routes).filter(([, command]) => !gone.has(linkOf(command) ?? ''));
  return { rules, routes: Object.fromEntries(left) };
}
