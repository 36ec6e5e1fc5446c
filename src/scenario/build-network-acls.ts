import { type LocatedEntry, readEntries } from '../changes/read-entries.js';
import { byId } from '../cloud/lookup.js';
import { associateNetworkAcl, changeNetworkAcl, createNetworkAcl } from '../cloud/network/network-acl.js';
import { resolveNetworkAcl } from '../cloud/text/resolve.js';
import type { Path } from '../source/tree.js';
import { assignFileId, type BuildContext, chooseVpc, subnetsOfFile } from './build-context.js';
import type { NetworkAclDefinition } from './schema-network.js';

const DEFAULT = 'default';

/** Network ACLs with their entries, and which subnets stand behind them. */
export function buildNetworkAcls(context: BuildContext): void {
  for (const [key, definition] of Object.entries(context.definition.networkAcls ?? {})) {
    const path = ['networkAcls', key];
    const name = definition.name ?? key;
    const own = buildList(context, path, name, definition);
    if (own === undefined) context.failedNames.add(name);
    else
      setEntries(
        context,
        assignFileId(context, path, own, definition.id),
        readEntries({ problems: context.problems, path }, definition),
      );
  }
  for (const { path, subnet, definition } of subnetsOfFile(context)) {
    const word = definition.networkAcl;
    if (word === undefined || context.failedNames.has(word)) continue;
    const { problems, cloud } = context;
    const associate = () => {
      const isElsewhere = Object.values(cloud.networkAcls).some(({ name }) => name === word);
      const { id } = resolveNetworkAcl(cloud, word, isElsewhere ? undefined : subnet.vpcId);
      return associateNetworkAcl(cloud, subnet.id, id);
    };
    context.cloud = problems.attempt([...path, 'networkAcl'], associate) ?? cloud;
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
  const make = () => createNetworkAcl(context.cloud, { vpcId: vpc.id, name });
  const made = context.problems.attempt(path, make, 'key');
  context.cloud = made?.cloud ?? context.cloud;
  return made?.networkAcl.id;
}

/** The entries that AWS put there go, in the directions that the file writes anew. */
function removeEntries(context: BuildContext, id: string, definition: NetworkAclDefinition): void {
  const { cloud } = context;
  const written = { ingress: definition.inbound !== undefined, egress: definition.outbound !== undefined };
  const remove = byId(cloud.networkAcls, id).entries.filter(({ direction }) => written[direction]);
  context.cloud = changeNetworkAcl(cloud, id, { remove });
}

/** One by one, so that a problem finds its entry. */
function setEntries(context: BuildContext, id: string, entries: readonly LocatedEntry[]): void {
  for (const [at, { path }] of entries.entries()) {
    const set = entries.slice(0, at + 1).map(({ entry }) => entry);
    if (context.problems.attempt(path, () => changeNetworkAcl(context.cloud, id, { set })) === undefined) return;
  }
  context.cloud = changeNetworkAcl(context.cloud, id, { set: entries.map(({ entry }) => entry) });
}
