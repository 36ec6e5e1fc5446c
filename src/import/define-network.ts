import type { EntryDefinition, RouteDefinition } from '../changes/schema-parts.js';
import type { ScenarioDefinition } from '../scenario/schema.js';
import type { PrefixListDefinition, VpcDefinition } from '../scenario/schema-topology.js';
import { type Draft, idPart } from './draft.js';
import { groupBy } from './group-by.js';
import {
  BLACKHOLE,
  type NetworkAclEntryItem,
  type RouteItem,
  type RouteTableItem,
  type SubnetItem,
  type VpcItem,
} from './inventory.js';
import { Names } from './names.js';
import { trafficDefinition } from './traffic.js';

type NetworkAcls = NonNullable<ScenarioDefinition['networkAcls']>;
type RouteTables = NonNullable<ScenarioDefinition['routeTables']>;

const MAIN_TABLE = 'main';
const DEFAULT_ACL = 'default';

/** Decides what the VPCs are called; everything else may be called after them. */
export function nameVpcs(draft: Draft): void {
  const names = new Names();
  for (const vpc of draft.inventory.vpcs) draft.words.set(vpc.key, names.take(vpc.name, vpc.id, vpc.key));
}

/** VPCs with their gateways and subnets. */
export function defineNetwork(draft: Draft): ScenarioDefinition['vpcs'] {
  return Object.fromEntries(
    draft.inventory.vpcs.map((vpc) => {
      const name = draft.word(vpc.key);
      draft.origin(['vpcs', name], vpc.place, vpc.key);
      return [name, defineVpc(draft, vpc, name)];
    }),
  );
}

function defineVpc(draft: Draft, vpc: VpcItem, name: string): VpcDefinition {
  const [only, ...more] = vpc.cidrs;
  const has = (type: string) => draft.inventory.gateways.some((each) => each.type === type && each.vpc === vpc.key);
  return {
    ...idPart(vpc),
    cidr: only !== undefined && more.length === 0 ? only : [...vpc.cidrs],
    ...(vpc.ipv6Cidr === null ? {} : { ipv6Cidr: vpc.ipv6Cidr }),
    ...(has('internet') ? { internetGateway: true } : {}),
    ...(has('egress-only') ? { egressOnlyInternetGateway: true } : {}),
    subnets: defineSubnets(draft, vpc.key, name),
  };
}

function defineSubnets(draft: Draft, vpcKey: string, vpcName: string): NonNullable<VpcDefinition['subnets']> {
  const names = new Names();
  const { subnets, vpcs } = draft.inventory;
  const routing = subnetRouting(draft, vpcKey);
  return Object.fromEntries(
    subnets
      .filter(({ vpc }) => vpc === vpcKey)
      .map((subnet) => {
        const name = names.take(subnet.name, subnet.id, subnet.key);
        draft.words.set(subnet.key, vpcs.length === 1 ? name : `${vpcName}/${name}`);
        draft.origin(['vpcs', vpcName, 'subnets', name], subnet.place, subnet.key);
        const { cidr, ipv6Cidr } = subnet;
        const acl = draft.inventory.networkAcls.find((each) => !each.isDefault && each.subnets.includes(subnet.key));
        const filter = acl === undefined ? {} : { networkAcl: draft.word(acl.key) };
        const block = { ...idPart(subnet), cidr, ...(ipv6Cidr === null ? {} : { ipv6Cidr }) };
        return [name, { ...block, ...routing(subnet), ...filter }];
      }),
  );
}

/** NAT gateways; they are machines, and share their name space. */
export function defineNatGateways(draft: Draft): NonNullable<ScenarioDefinition['natGateways']> {
  return Object.fromEntries(
    draft.inventory.natGateways.map(({ key, id, name, subnet, publicIp, privateIp, place }) => {
      const own = draft.machineNames.take(name, id, key);
      draft.words.set(key, own);
      draft.origin(['natGateways', own], place);
      const addresses = { ...(publicIp === null ? {} : { publicIp }), ...(privateIp === null ? {} : { privateIp }) };
      return [own, { subnet: draft.word(subnet), ...addresses }];
    }),
  );
}

type Routing = { readonly routeTable?: string; readonly public?: true };

/** The route table of each subnet; where the source has none, subnets with public addresses are public. */
function subnetRouting(draft: Draft, vpcKey: string): (subnet: SubnetItem) => Routing {
  const { routeTables, gateways, interfaces } = draft.inventory;
  const tables = routeTables.filter(({ vpc }) => vpc === vpcKey);
  const hasGateway = gateways.some(({ vpc, type }) => vpc === vpcKey && type === 'internet');
  const tableOf = new Map(tables.flatMap(({ key, subnets }) => subnets.map((subnet) => [subnet, key] as const)));
  const withPublicIp = new Set(interfaces.flatMap(({ subnet, publicIp }) => (publicIp ? subnet : [])));
  return ({ key, name, mapPublicIp }) => {
    const table = tableOf.get(key);
    if (table !== undefined) return { routeTable: draft.word(table) };
    if (tables.length > 0 || !hasGateway || !(mapPublicIp || withPublicIp.has(key))) return {};
    const sentence = `subnet ${name ?? key} is taken to be public: it has public addresses, and no route tables are described`;
    draft.assume(sentence, key);
    return { public: true };
  };
}

/** Decides what the network ACLs are called, for the subnets behind them. */
export function nameNetworkAcls(draft: Draft): void {
  const names = new Names([DEFAULT_ACL]);
  for (const { key, id, name, isDefault } of draft.inventory.networkAcls) {
    draft.words.set(key, isDefault ? DEFAULT_ACL : names.take(name, id, key));
  }
}

export function defineNetworkAcls(draft: Draft): NetworkAcls {
  const { networkAcls } = draft.inventory;
  const keys = new Names(networkAcls.filter(({ isDefault }) => !isDefault).map(({ key }) => draft.word(key)));
  const hasOneDefault = networkAcls.filter(({ isDefault }) => isDefault).length === 1;
  return Object.fromEntries(
    networkAcls.map((acl) => {
      const name = draft.word(acl.key);
      const key = acl.isDefault && !hasOneDefault ? keys.take(`${draft.word(acl.vpc)}-${DEFAULT_ACL}`) : name;
      draft.origin(['networkAcls', key], acl.place, acl.key);
      const list = (direction: string) =>
        acl.entries.filter((entry) => entry.direction === direction).map(entryDefinition);
      const head = { ...idPart(acl), ...(name === key ? {} : { name }), ...draft.vpcPart(acl) };
      return [key, { ...head, inbound: list('ingress'), outbound: list('egress') }];
    }),
  );
}

function entryDefinition(entry: NetworkAclEntryItem): EntryDefinition {
  const { number: rule, action, cidr, direction } = entry;
  const { protocol, ports, type, code } = trafficDefinition(entry);
  return {
    rule,
    action,
    protocol,
    ...(ports === undefined || Array.isArray(ports) ? {} : { ports }),
    ...(type === undefined ? {} : { type }),
    ...(code === undefined ? {} : { code }),
    ...(direction === 'ingress' ? { from: cidr } : { to: cidr }),
  };
}

/** Decides what the route tables are called, for the subnets that use them. */
export function nameRouteTables(draft: Draft): void {
  const names = new Names([MAIN_TABLE]);
  for (const { key, id, name, isMain } of draft.inventory.routeTables) {
    draft.words.set(key, isMain ? MAIN_TABLE : names.take(name, id, key));
  }
}

export function defineRoutes(draft: Draft): RouteTables {
  const { routeTables, routes } = draft.inventory;
  const byTable = groupBy(routes, ({ table }) => table);
  const words = new Names(routeTables.filter(({ isMain }) => !isMain).map(({ key }) => draft.word(key)));
  const known = new Set(routeTables.map(({ key }) => key));
  for (const { table, to, place } of routes) {
    if (!known.has(table)) draft.refuse(place, `the route to ${to} is in ${table}, which is not described`);
  }
  const hasOneMain = routeTables.filter(({ isMain }) => isMain).length === 1;
  return Object.fromEntries(
    routeTables.map((table) => {
      const name = draft.word(table.key);
      const key = table.isMain && !hasOneMain ? words.take(`${draft.word(table.vpc)}-${MAIN_TABLE}`) : name;
      draft.origin(['routeTables', key], table.place, table.key);
      const list = defineTableRoutes(draft, table, key, byTable.get(table.key) ?? []);
      const head = { ...idPart(table), ...(name === key ? {} : { name }), ...draft.vpcPart(table) };
      return [key, { ...head, ...(list.length === 0 ? {} : { routes: list }) }];
    }),
  );
}

function defineTableRoutes(
  draft: Draft,
  { key }: RouteTableItem,
  table: string,
  routes: readonly RouteItem[],
): RouteDefinition[] {
  const defined: RouteDefinition[] = [];
  for (const { to, via, place } of routes) {
    const target = targetReference(draft, via);
    if (target === null) draft.refuse(place, `the route to ${to} leads to ${via}, which sglab does not build`, key);
    if (target === null || target === 'local') continue;
    draft.origin(['routeTables', table, 'routes', defined.length], place);
    defined.push({ to: draft.word(to), via: target });
  }
  return defined;
}

function targetReference(draft: Draft, via: string): string | null {
  if (via === 'local' || via === BLACKHOLE) return via;
  const gateway = draft.inventory.gateways.find(({ key }) => key === via);
  if (gateway !== undefined) return gateway.type === 'internet' ? 'internetGateway' : 'egressOnlyInternetGateway';
  return draft.words.get(via) ?? null;
}

/** Rules name groups and prefix lists in one place, so that no list may be called like a group. */
export function definePrefixLists(draft: Draft): Record<string, PrefixListDefinition> {
  const names = new Names(draft.inventory.groups.map(({ name, key }) => name ?? key));
  return Object.fromEntries(
    draft.inventory.prefixLists.map((list) => {
      const name = names.take(list.name, list.id, list.key);
      draft.words.set(list.key, name);
      draft.origin(['prefixLists', name], list.place, list.key);
      const entries = list.entries.map(({ cidr, description }) =>
        description === null ? cidr : { cidr, description },
      );
      const { family, maxEntries } = list;
      return [name, { ...idPart(list), family, ...(maxEntries === null ? {} : { maxEntries }), entries }];
    }),
  );
}

export function definePeerings(draft: Draft): NonNullable<ScenarioDefinition['peerings']> {
  const names = new Names();
  return Object.fromEntries(
    draft.inventory.peerings.map((peering) => {
      const between: [string, string] = [draft.word(peering.requester), draft.word(peering.accepter)];
      const name = names.take(peering.name, between.join('-'), peering.id);
      draft.words.set(peering.key, name);
      draft.origin(['peerings', name], peering.place, peering.key);
      return [
        name,
        {
          ...idPart(peering),
          between,
          ...(peering.status === 'active' ? {} : { status: peering.status }),
          ...(peering.dnsResolution ? { dnsResolution: true } : {}),
        },
      ];
    }),
  );
}
