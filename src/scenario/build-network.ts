import { itemsWithPaths, listOf } from '../changes/read-parts.js';
import { createPrefixList, type EntryInput, type PrefixListInput } from '../cloud/groups/prefix-list.js';
import type { Family } from '../cloud/groups/types.js';
import { isCidr, parseCidr } from '../cloud/network/cidr.js';
import { createSubnet, type SubnetInput } from '../cloud/network/subnet.js';
import { createVpc, type VpcInput } from '../cloud/network/vpc.js';
import { checkName, checkPrefixListName } from '../cloud/text/names.js';
import type { Path } from '../source/tree.js';
import { assignFileIds, attemptParts, type BuildContext } from './build-context.js';
import { entriesOf } from './counted.js';
import type { PrefixListDefinition, VpcDefinition } from './schema-topology.js';

/** Room for a later step to add entries without being told. */
const DEFAULT_MAX_ENTRIES = 10;

/** VPCs with their subnets. */
export function buildVpcs(context: BuildContext): void {
  for (const [name, definition] of Object.entries(context.definition.vpcs)) buildVpc(context, name, definition);
  assignFileIds(context);
}

function buildVpc(context: BuildContext, name: string, definition: VpcDefinition): void {
  const path = ['vpcs', name];
  const [cidr, ...more] = listOf(definition.cidr);
  if (!isNameFit(context, path, 'a VPC', name)) return;
  if (cidr === undefined) {
    context.problems.add([...path, 'cidr'], {
      message: `VPC ${name} has no block`,
      hint: 'Write `cidr: 10.0.0.0/16`.',
    });
    return;
  }
  const base: VpcInput = {
    name,
    cidrs: [cidr],
    internetGateway: definition.internetGateway ?? false,
    egressOnlyInternetGateway: definition.egressOnlyInternetGateway ?? false,
  };
  const made = attemptParts(context, path, {
    make: createVpc,
    base,
    basePath: ['cidr'],
    parts: [
      [['cidr'], { cidrs: [cidr, ...more] }],
      [['ipv6Cidr'], { ipv6Cidr: definition.ipv6Cidr ?? null }],
    ],
  });
  if (made === undefined) return;
  context.unnamed.push({ path, own: made.vpc.id, wanted: definition.id });
  buildSubnets(context, made.vpc.id, [...path, 'subnets'], definition);
}

function buildSubnets(context: BuildContext, vpcId: string, path: Path, vpc: VpcDefinition): void {
  for (const { name, path: subnetPath, definition } of entriesOf(path, vpc.subnets)) {
    if (!isNameFit(context, subnetPath, 'a subnet', name)) continue;
    const base: SubnetInput = { vpcId, name, cidr: definition.cidr };
    const made = attemptParts(context, subnetPath, {
      make: createSubnet,
      base,
      basePath: ['cidr'],
      parts: [
        [['ipv6Cidr'], withIpv6(definition.ipv6Cidr)],
        [['public'], { public: definition.public ?? false }],
      ],
    });
    if (made !== undefined) context.unnamed.push({ path: subnetPath, own: made.subnet.id, wanted: definition.id });
  }
}

/** Every interface of a subnet with IPv6 has an IPv6 address, without the file saying so. */
function withIpv6(ipv6Cidr: string | undefined): Partial<SubnetInput> {
  return ipv6Cidr === undefined ? {} : { ipv6Cidr, assignIpv6AddressOnCreation: true };
}

export function buildPrefixLists(context: BuildContext): void {
  for (const [name, definition] of Object.entries(context.definition.prefixLists ?? {})) {
    const path = ['prefixLists', name];
    const isFit = context.problems.attempt(path, () => [checkPrefixListName(name)], 'key') !== undefined;
    const made = isFit && buildPrefixList(context, path, name, definition);
    if (!made) context.failedNames.add(name);
  }
  assignFileIds(context);
}

function buildPrefixList(context: BuildContext, path: Path, name: string, definition: PrefixListDefinition): boolean {
  const entries = itemsWithPaths(['entries'], definition.entries);
  const maxEntries = definition.maxEntries ?? Math.max(DEFAULT_MAX_ENTRIES, entries.length);
  const base: PrefixListInput = {
    name,
    family: definition.family ?? familyOf(entries[0] && entryOf(entries[0].item).cidr),
    maxEntries,
    entries: [],
  };
  const made = attemptParts(context, path, {
    make: createPrefixList,
    base,
    basePath: ['maxEntries'],
    parts: entries.map((entry, position) => [
      entry.path,
      { entries: entries.slice(0, position + 1).map(({ item }) => entryOf(item)) },
    ]),
  });
  if (made !== undefined) context.unnamed.push({ path, own: made.prefixList.id, wanted: definition.id });
  return made !== undefined;
}

function entryOf(item: string | { readonly cidr: string; readonly description?: string | undefined }): EntryInput {
  return typeof item === 'string' ? { cidr: item } : { cidr: item.cidr, description: item.description ?? null };
}

function familyOf(block: string | undefined): Family {
  return block !== undefined && isCidr(block) ? parseCidr(block).family : 'ipv4';
}

function isNameFit(context: BuildContext, path: Path, kind: string, name: string): boolean {
  return context.problems.attempt(path, () => [checkName(kind, name)], 'key') !== undefined;
}
