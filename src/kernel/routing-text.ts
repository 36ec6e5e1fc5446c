/** What turns one set of routes and routing rules into another, in the words of `ip`. */
import { routeKey, rule, setRoute } from './ip-text.js';
import type { Routing, RoutingRule } from './objects.js';

/**
 * A route that changes its target is replaced in one step, so a flow that it carries never meets a table without it; what is
 * new comes before what goes, and rules come when their tables are filled.
 */
export function routingLines(from: Routing, to: Routing): string[] {
  const had = new Map(from.routes.map((route) => [routeKey(route), setRoute(route)]));
  const wanted = new Map(to.routes.map((route) => [routeKey(route), setRoute(route)]));
  return [
    ...[...wanted].flatMap(([key, line]) => (had.get(key) === line ? [] : [line])),
    ...ruleLines('add', to.rules, from.rules),
    ...ruleLines('del', from.rules, to.rules),
    ...[...had.keys()].filter((key) => !wanted.has(key)).map((key) => `route del ${key}`),
  ];
}

function ruleLines(verb: 'add' | 'del', of: readonly RoutingRule[], without: readonly RoutingRule[]): string[] {
  const others = new Set(without.map((each) => rule(verb, each)));
  const lines = [...of].sort((a, b) => a.family.localeCompare(b.family)).map((each) => rule(verb, each));
  return lines.filter((line) => !others.has(line));
}
