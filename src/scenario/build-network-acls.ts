import { type LocatedEntry, readEntries } from '../changes/read-entries.js';
import { byId, named } from '../cloud/lookup.js';
import { associateNetworkAcl, changeNetworkAcl, createNetworkAcl } from '../cloud/network/network-acl.js';
import { resolveNetworkAcl } from '../cloud/text/resolve.js';
import type { Cloud } from '../cloud/types.js';
import type { Path } from '../source/tree.js';
import { assignFileIds, type BuildContext, chooseVpc, subnetsOfFile } from './build-context.js';
import type { NetworkAclDefinition } from './schema-network.js';

const DEFAULT = 'default';

/** Network ACLs with their entries, and which subnets stand behind them. */
export function buildNetworkAcls(context: BuildContext): void {
  for (const [key, definition] of Object.entries(context.definition.networkAcls ?? {})) {
    const path = ['networkAcls', key];
    const name = definition.name ?? key;
    const own = buildList(context, path, name, definition);
    if (own === undefined) context.failedNames.add(name);
    else {
      context.unnamed.push({ path, own, wanted: definition.id });
      setEntries(context, own, readEntries({ problems: context.problems, path }, definition));
    }
  }
  assignFileIds(context);
  for (const { path, subnet, definition } of subnetsOfFile(context)) {
    const word = definition.networkAcl;
    if (word === undefined || context.failedNames.has(word)) continue;
    const associate = (cloud: Cloud) => {
      const isElsewhere = named(cloud.networkAcls, word).length > 0;
      const { id } = resolveNetworkAcl(cloud, word, isElsewhere ? undefined : subnet.vpcId);
      return associateNetworkAcl(cloud, subnet.id, id);
    };
    context.problems.attempt([...path, 'networkAcl'], () => context.draft.apply(associate));
  }
}

function buildList(
  context: BuildContext,
  path: Path,
  name: string,
  { vpc: vpcName, ...definition }: NetworkAclDefinition,
): string | undefined {
  const vpc = chooseVpc(context, path, { kind: 'network ACL', name, vpc: vpcName });
  if (vpc === undefined) return undefined;
  if (name === DEFAULT) {
    removeEntries(context, vpc.defaultNetworkAclId, definition);
    return vpc.defaultNetworkAclId;
  }
  const make = () => context.draft.apply((cloud) => createNetworkAcl(cloud, { vpcId: vpc.id, name }));
  return context.problems.attempt(path, make, 'key')?.networkAcl.id;
}

/** The entries that AWS put there go, in the directions that the file writes anew. */
function removeEntries(context: BuildContext, id: string, definition: NetworkAclDefinition): void {
  const written = { ingress: definition.inbound !== undefined, egress: definition.outbound !== undefined };
  const remove = byId(context.cloud.networkAcls, id).entries.filter(({ direction }) => written[direction]);
  context.draft.apply((cloud) => changeNetworkAcl(cloud, id, { remove }));
}

/** One by one, so that a problem finds its entry. */
function setEntries(context: BuildContext, id: string, entries: readonly LocatedEntry[]): void {
  for (const [at, { path }] of entries.entries()) {
    const set = entries.slice(0, at + 1).map(({ entry }) => entry);
    const rehearse = () => context.draft.rehearse((cloud) => changeNetworkAcl(cloud, id, { set }));
    if (context.problems.attempt(path, rehearse) === undefined) return;
  }
  const set = entries.map(({ entry }) => entry);
  context.draft.apply((cloud) => changeNetworkAcl(cloud, id, { set }));
}
