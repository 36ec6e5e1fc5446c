/** The routing that a namespace has, of which an earlier process may have made a part. */
import type { Netns } from '../kernel/netns.js';
import { listRoutes, listRules } from '../kernel/routes.js';
import { OWN_TABLES, type RoutingPlan } from './route-plan.js';

/** Only what is ours by the number of its table. The commands of routes are not read: whatever is planned is set anew. */
export async function readRouting(netns: Netns): Promise<RoutingPlan> {
  const [rules, routes] = await Promise.all([listRules(netns), listRoutes(netns)]);
  const own = rules.filter(({ priority }) => isOwn(priority) && priority !== MAIN && priority !== DEFAULT);
  const wordsOf = (family: string) => own.filter((rule) => rule.family === family).map(({ words }) => words);
  return {
    rules: { ipv4: wordsOf('ipv4'), ipv6: wordsOf('ipv6') },
    routes: Object.fromEntries(routes.filter(({ table }) => isOwn(table)).map(({ key }) => [key, ''])),
  };
}

/** Priorities of the kernel's own rules. */
const MAIN = 32_766;
const DEFAULT = 32_767;

function isOwn(number: number): boolean {
  return number >= OWN_TABLES.first && number <= OWN_TABLES.last;
}
