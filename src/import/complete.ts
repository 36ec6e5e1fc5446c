/** Adds to an inventory what its parts refer to but do not describe, and notes what was made up. */
import { managedPrefixLists } from '../cloud/groups/prefix-list.js';
import type { SourceLocation } from '../source/tree.js';
import { addSubnets, addVpcs, homeVpc } from './complete-network.js';
import { assume, BLACKHOLE, type GroupItem, type Inventory, type RuleItem } from './inventory.js';

export function completeInventory(inventory: Inventory): void {
  const home = homeVpc(inventory);
  noteHomeless(inventory, home);
  const made = addVpcs(inventory);
  addSubnets(inventory);
  addGroups(inventory);
  addPrefixLists(inventory);
  addNamedGateways(inventory);
  givePublicAddresses(inventory, made);
}

/** Groups that name no VPC would be in the default VPC, were the only VPC of the source not meant. */
function noteHomeless(inventory: Inventory, home: string): void {
  if (!inventory.vpcs.some(({ key }) => key === home)) return;
  for (const { key, name, vpc } of inventory.groups) {
    if (vpc === null) assume(inventory, `group ${name ?? key} names no VPC: it is in ${home}, the only one`, key);
  }
}

/** An empty group stands in for one that is referred to: nobody is a member, so that the rule admits nobody. */
function addGroups(inventory: Inventory): void {
  const vpcs = new Map(inventory.groups.map(({ key, vpc }) => [key, vpc]));
  const users = [
    ...inventory.rules.map(({ group: user, peer, place }) => ({
      keys: peer.type === 'group' ? [peer.key] : [],
      vpc: vpcs.get(user) ?? null,
      place,
    })),
    ...inventory.interfaces.map(({ groups, subnet, place }) => ({
      keys: groups ?? [],
      vpc: inventory.subnets.find(({ key }) => key === subnet)?.vpc ?? null,
      place,
    })),
  ];
  const known = new Set(inventory.groups.map(({ key }) => key));
  for (const rule of inventory.rules) {
    if (known.has(rule.group)) continue;
    known.add(rule.group);
    inventory.groups.push(groupOfRules(inventory, rule));
    const sentence = `group ${rule.group} is not described: only some of its rules are known`;
    assume(inventory, sentence, rule.group);
  }
  for (const { keys, vpc, place } of users) {
    for (const key of keys) {
      if (known.has(key)) continue;
      known.add(key);
      inventory.groups.push(standInGroup(key, vpc, place));
      assume(inventory, `group ${key} is not described: a group without rules stands in for it`, key);
    }
  }
}

function groupOfRules(inventory: Inventory, { group, place }: RuleItem): GroupItem {
  const known = new Set(inventory.rules.filter((rule) => rule.group === group).map(({ direction }) => direction));
  const unknown = (['ingress', 'egress'] as const).filter((direction) => !known.has(direction));
  return { ...standInGroup(group, null, place), name: `rules of ${group}`, description: null, unknown };
}

function standInGroup(key: string, vpc: string | null, place: SourceLocation): GroupItem {
  const id = /^sg-[0-9a-f]+$/.test(key) ? key : null;
  const name = `not described ${key}`;
  return { key, id, name, vpc, description: name, isDefault: false, unknown: [], place };
}

function addPrefixLists(inventory: Inventory): void {
  const users = [
    ...inventory.rules.flatMap(({ peer, place }) => (peer.type === 'prefix-list' ? [{ key: peer.key, place }] : [])),
    ...inventory.routes.flatMap(({ to, place }) => (to.startsWith('pl-') ? [{ key: to, place }] : [])),
  ];
  const managed = managedPrefixLists('us-east-1');
  for (const { key, place } of users) {
    if (Object.hasOwn(managed, key) || inventory.prefixLists.some((list) => list.key === key)) continue;
    const id = /^pl-[0-9a-f]+$/.test(key) ? key : null;
    inventory.prefixLists.push({ key, id, name: key, family: 'ipv4', maxEntries: null, entries: [], place });
    assume(inventory, `prefix list ${key} is not described: it is taken to be empty`, key);
  }
}

/** A gateway that only a route names; it is gone if the source lists all that there are. */
function addNamedGateways(inventory: Inventory): void {
  for (const [position, route] of inventory.routes.entries()) {
    const { table, to, via } = route;
    const vpc = inventory.routeTables.find(({ key }) => key === table)?.vpc;
    if (vpc === undefined || !/^e?igw-/.test(via) || inventory.gateways.some(({ key }) => key === via)) continue;
    if (inventory.listed.has('gateways')) {
      inventory.routes[position] = { ...route, via: BLACKHOLE };
      assume(inventory, `gateway ${via} is gone: the route of ${table} to ${to} is a blackhole`, table);
      continue;
    }
    inventory.gateways.push({ key: via, type: via.startsWith('eigw-') ? 'egress-only' : 'internet', vpc });
    assume(inventory, `gateway ${via} is not described: a route of ${table} leads to it, so VPC ${vpc} has it`, vpc);
  }
}

/**
 * Settles who has a public address. One that is in use shows that its VPC has an internet gateway, unless the source lists
 * them all; then nobody can reach it.
 * @param made keys of VPCs that were made up: no list of gateways is about them
 */
function givePublicAddresses(inventory: Inventory, made: ReadonlySet<string>): void {
  const subnets = new Map(inventory.subnets.map((subnet) => [subnet.key, subnet]));
  for (const [position, each] of inventory.interfaces.entries()) {
    const subnet = subnets.get(each.subnet ?? '');
    const vpc = subnet?.vpc ?? homeVpc(inventory);
    const publicIp = each.publicIp ?? subnet?.mapPublicIp ?? false;
    inventory.interfaces[position] = { ...each, publicIp };
    if (publicIp === false || inventory.gateways.some((one) => one.vpc === vpc && one.type === 'internet')) continue;
    if (inventory.listed.has('gateways') && !made.has(vpc)) {
      inventory.interfaces[position] = { ...each, publicIp: false };
      const which = publicIp === true ? 'its public address' : `its public address ${publicIp}`;
      assume(inventory, `${each.name ?? each.key} goes without ${which}: VPC ${vpc} has no internet gateway`);
      continue;
    }
    inventory.gateways.push({ key: `${vpc}-internet-gateway`, type: 'internet', vpc });
    assume(inventory, `VPC ${vpc} is taken to have an internet gateway: a public address is in use`, vpc);
  }
}
