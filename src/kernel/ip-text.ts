/** Objects of a namespace in the words of `ip`, each a line for `ip -batch`. */
import type { Bridge, Link, Route, Routing, RoutingRule, Setting } from './objects.js';

export const addNamespace = (name: string) => `netns add ${name}`;
export const removeNamespace = (name: string) => `netns del ${name}`;
export const removeLink = (name: string) => `link del ${name}`;

export function addBridge(namespace: string, { name, index }: Bridge): string {
  return `link add ${name} index ${index} netns ${namespace} up type bridge`;
}

/**
 * The near end is made up and, in a card, a port of its bridge at once: its master can be given as `ifN`, an index in the
 * new link's own namespace, so that no process has to enter it. The far end stays down, hence no packet passes yet.
 */
export function addLink({ near, far, mtu }: Link): string {
  return words(
    `link add ${near.name} index ${near.index}`,
    word('address', near.macAddress),
    `netns ${near.namespace} mtu ${mtu} up`,
    near.master === undefined ? '' : `master if${near.master}`,
    `type veth peer name ${far.name}`,
    word('address', far.macAddress),
    `netns ${far.namespace} mtu ${mtu}`,
  );
}

/** Setting a thing again changes nothing: each line may be repeated. */
export function set(setting: Setting): string {
  switch (setting.type) {
    case 'up':
      return `link set ${setting.link} up`;
    case 'address':
      return words(`addr replace ${setting.cidr} dev ${setting.link}`, setting.flag ?? '');
    case 'neighbour':
      return `neigh replace ${setting.address} lladdr ${setting.macAddress} dev ${setting.link} nud permanent`;
    case 'route':
      return setRoute(setting);
  }
}

/** None for a link that is up: it stays up. */
export function unset(setting: Setting): string[] {
  switch (setting.type) {
    case 'up':
      return [];
    case 'address':
      return [`addr del ${setting.cidr} dev ${setting.link}`];
    case 'neighbour':
      return [`neigh del ${setting.address} dev ${setting.link}`];
    case 'route':
      return [`route del ${routeKey(setting)}`];
  }
}

/** Two settings with the same key set the same thing, to one value or another. */
export function settingKey(setting: Setting): string {
  switch (setting.type) {
    case 'up':
      return `up ${setting.link}`;
    case 'address':
      return `address ${setting.cidr} ${setting.link}`;
    case 'neighbour':
      return `neighbour ${setting.address} ${setting.link}`;
    case 'route':
      return `route ${routeKey(setting)}`;
  }
}

/** One without a link passes the packet on to the next table. */
export function setRoute({ to, via, link, onlink, scope, source, metric, table }: Route): string {
  return words(
    'route replace',
    link === undefined ? 'throw' : '',
    to,
    word('via', via),
    word('dev', link),
    onlink ? 'onlink' : '',
    word('scope', scope),
    word('src', source),
    word('metric', metric),
    word('table', table),
  );
}

/** What tells a route from others to the same block. */
export function routeKey({ to, metric, table }: Route): string {
  return words(to, word('metric', metric), word('table', table));
}

/** Lines that begin with `-6` are for `ip -6`. */
export function rule(verb: 'add' | 'del', { family, priority, from, mark, table }: RoutingRule): string {
  return words(
    family === 'ipv6' ? '-6' : '',
    `rule ${verb} pref ${priority}`,
    word('from', from),
    word('fwmark', mark),
    word('lookup', table),
  );
}

function word(name: string, value: string | number | undefined): string {
  return value === undefined ? '' : `${name} ${value}`;
}

function words(...parts: readonly string[]): string {
  return parts.filter((part) => part !== '').join(' ');
}

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
