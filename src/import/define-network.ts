import type { ScenarioDefinition } from '../scenario/schema.js';
import type { PrefixListDefinition, VpcDefinition } from '../scenario/schema-topology.js';
import { type Draft, idPart } from './draft.js';
import type { SubnetItem, VpcItem } from './inventory.js';
import { Names } from './names.js';

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
      draft.origin(['vpcs', name], vpc.place);
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
        draft.origin(['vpcs', vpcName, 'subnets', name], subnet.place);
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
  const withPublicIp = new Set(interfaces.flatMap(({ subnet, publicIp }) => (publicIp === false ? [] : subnet)));
  return ({ key, name, mapPublicIp }) => {
    const table = tableOf.get(key);
    if (table !== undefined) return { routeTable: draft.word(table) };
    if (tables.length > 0 || !hasGateway || !(mapPublicIp || withPublicIp.has(key))) return {};
    draft.assumed.push(
      `subnet ${name ?? key} is taken to be public: it has public addresses, and no route tables are described`,
    );
    return { public: true };
  };
}

/** Rules name groups and prefix lists in one place, so that no list may be called like a group. */
export function definePrefixLists(draft: Draft): Record<string, PrefixListDefinition> {
  const names = new Names(draft.inventory.groups.map(({ name, key }) => name ?? key));
  return Object.fromEntries(
    draft.inventory.prefixLists.map((list) => {
      const name = names.take(list.name, list.id, list.key);
      draft.words.set(list.key, name);
      draft.origin(['prefixLists', name], list.place);
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
      draft.origin(['peerings', name], peering.place);
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
