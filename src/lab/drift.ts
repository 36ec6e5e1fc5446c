/** What separates the kernel from what the lab has written, where somebody else has changed it. Pure. */
import { FAMILY_NAME, hostCidr } from '../cloud/network/cidr.js';
import type { Link, Route, RoutingRule, Setting } from '../kernel/objects.js';
import type { FoundNamespaceState, FoundRoute } from '../kernel/read-namespace.js';
import { KERNELS_RULES } from '../kernel/routing-rules.js';
import type { NamespaceState, States } from './namespace-state.js';
import { DEFAULT_LINKS } from './ownership.js';

/** A namespace that is not as the lab has made it. */
export interface Drift {
  /** `sglab-LAB-web-1.eth0` */
  readonly namespace: string;
  /** In words: `the ruleset is not the lab's`. */
  readonly differences: readonly string[];
}

/** How one namespace differs in its links, addresses, neighbours and routes, and what takes it back. */
export interface NetworkDrift {
  readonly differences: readonly string[];
  /** Links that are down. */
  readonly down: readonly string[];
  /** Settings that are somebody else's. */
  readonly foreign: readonly Setting[];
  /** Routing rules that are somebody else's. */
  readonly foreignRules: readonly RoutingRule[];
  /** Routing rules that the namespace was born with, and lacks. */
  readonly lostRules: readonly RoutingRule[];
  /** Namespaces whose links are gone or are others: they can only be made anew. */
  readonly ruined: readonly string[];
}

export function networkDrift(states: States, state: NamespaceState, found: FoundNamespaceState): NetworkDrift {
  const links = linksOf(states, state);
  const lost = links.filter((link) => !isThere(link, found));
  const wantedUp = [
    ...links.filter(({ isNear }) => isNear).map(({ name }) => name),
    ...state.bridges.map(({ name }) => name),
    ...state.settings.flatMap((setting) => (setting.type === 'up' ? [setting.link] : [])),
  ];
  const there = new Map(found.links.map((link) => [link.name, link]));
  const down = [...new Set(wantedUp)].filter((name) => there.get(name)?.isUp === false);
  const gone = state.bridges.filter(({ name }) => !there.has(name));
  const own = new Set([...links, ...state.bridges].map(({ name }) => name));
  const others = found.links.filter(({ name }) => !own.has(name) && !DEFAULT_LINKS.has(name));
  const settings = settingsDrift(state, found);
  const rules = rulesDrift(state, found);
  return {
    differences: [
      ...lost.map(({ name }) => `the link ${name} is ${there.has(name) ? 'another one' : 'gone'}`),
      ...gone.map(({ name }) => `the bridge ${name} is gone`),
      ...down.map((name) => `the link ${name} is down`),
      ...others.map(({ name }) => `the link ${name} is not the lab's`),
      ...settings.missing.map((words) => `${words} is gone`),
      ...settings.foreign.map(({ words }) => `${words} is not the lab's`),
      ...[...rules.missing, ...rules.lost.map(ruleWords)].map((words) => `${words} is gone`),
      ...rules.foreign.map((rule) => `${ruleWords(rule)} is not the lab's`),
    ],
    down,
    foreign: settings.foreign.map(({ setting }) => setting),
    foreignRules: rules.foreign,
    lostRules: rules.lost,
    ruined: [...lost.map(({ owner }) => owner), ...(gone.length + others.length > 0 ? [state.name] : [])],
  };
}

interface WantedLink {
  readonly name: string;
  readonly isNear: boolean;
  /** The namespace with which it comes and goes. */
  readonly owner: string;
  readonly mtu: number;
  readonly macAddress: string | undefined;
  /** Name of the bridge that it is a port of. */
  readonly master: string | null;
}

function linksOf(states: States, state: NamespaceState): WantedLink[] {
  const bridgeOf = ({ near: { master } }: Link) => state.bridges.find(({ index }) => index === master)?.name ?? null;
  const near = state.links.map((link) => ({
    ...link.near,
    isNear: true,
    owner: state.name,
    mtu: link.mtu,
    master: bridgeOf(link),
  }));
  const far = [...states.values()].flatMap(({ name, links }) =>
    links
      .filter((link) => link.far.namespace === state.name)
      .map((link) => ({ ...link.far, isNear: false, owner: name, mtu: link.mtu, master: null })),
  );
  return [...near, ...far].map(({ name, isNear, owner, mtu, macAddress, master }) => {
    return { name, isNear, owner, mtu, macAddress, master };
  });
}

function isThere(wanted: WantedLink, { links }: FoundNamespaceState): boolean {
  const found = links.find(({ name }) => name === wanted.name);
  if (found === undefined || found.mtu !== wanted.mtu || found.master !== wanted.master) return false;
  return wanted.macAddress === undefined || wanted.macAddress === found.macAddress;
}

interface ForeignSetting {
  readonly words: string;
  readonly setting: Setting;
}

/** Each setting of a kind that can be counted, in the words of a report: the same words are the same setting. */
function settingsDrift(
  state: NamespaceState,
  found: FoundNamespaceState,
): { missing: string[]; foreign: ForeignSetting[] } {
  const routes = [
    ...(state.routing?.routes ?? []).map((route): Setting => ({ type: 'route', ...route })),
    ...state.settings,
  ];
  const wanted = new Set(routes.filter(({ type }) => type !== 'up').map(wordsOf));
  const there = new Map(settingsOf(found).map((setting) => [wordsOf(setting), setting]));
  return {
    missing: [...wanted].filter((words) => !there.has(words)),
    foreign: [...there].flatMap(([words, setting]) => (wanted.has(words) ? [] : [{ words, setting }])),
  };
}

function settingsOf({ addresses, neighbours, routes }: FoundNamespaceState): Setting[] {
  return [
    ...addresses.map(({ cidr, link }): Setting => ({ type: 'address', cidr, link })),
    ...neighbours.map((neighbour): Setting => ({ type: 'neighbour', ...neighbour })),
    ...routes.map((route): Setting => ({ type: 'route', ...foundRoute(route) })),
  ];
}

/** As it would be written: the kernel gives every route over IPv6 a metric. */
function foundRoute({ family, to, link, via, metric, table }: FoundRoute): Route {
  return {
    to,
    ...(link === null ? {} : { link }),
    ...(via === null ? {} : { via }),
    ...(metric === 0 || (family === 'ipv6' && metric === IPV6_METRIC) ? {} : { metric }),
    ...(table === 'main' ? {} : { table: Number(table) }),
  };
}

const IPV6_METRIC = 1024;

function wordsOf(setting: Setting): string {
  switch (setting.type) {
    case 'up':
      return `the link ${setting.link}`;
    case 'address':
      return `the address ${setting.cidr} of ${setting.link}`;
    case 'neighbour':
      return `the neighbour ${setting.address} ${setting.macAddress} of ${setting.link}`;
    case 'route':
      return routeWords(setting);
  }
}

function routeWords({ to, via, link, metric, table }: Route): string {
  const block = to.includes('/') ? to : hostCidr(to);
  const way = link === undefined ? '' : ` by ${via === undefined ? '' : `${via} `}${link}`;
  return `the route to ${block}${way}${metric === undefined ? '' : ` metric ${metric}`}${table === undefined ? '' : ` in table ${table}`}`;
}

interface RulesDrift {
  readonly missing: readonly string[];
  readonly foreign: readonly RoutingRule[];
  /** Of those that a namespace is born with. */
  readonly lost: readonly RoutingRule[];
}

function rulesDrift(state: NamespaceState, { rules }: FoundNamespaceState): RulesDrift {
  const families = new Set(rules.map(({ family }) => family)); // a kernel may lack IPv6
  const kernels = KERNELS_RULES.filter(({ family }) => family === 'ipv4' || families.has(family));
  const wanted = (state.routing?.rules ?? []).map(ruleWords);
  const own = new Set([...wanted, ...kernels.map(ruleWords)]);
  const there = new Set(rules.map(ruleWords));
  return {
    missing: wanted.filter((words) => !there.has(words)),
    foreign: rules.filter((rule) => !own.has(ruleWords(rule))),
    lost: kernels.filter((rule) => !there.has(ruleWords(rule))),
  };
}

function ruleWords({ family, priority, from, mark, table }: RoutingRule): string {
  const which = [
    ...(from === undefined ? [] : [`from ${from}`]),
    ...(mark === undefined ? [] : [`fwmark ${mark}`]),
    ...(table === undefined ? [] : [`lookup ${table}`]),
  ];
  return [`the ${FAMILY_NAME[family]} routing rule ${priority}`, ...which].join(' ');
}
