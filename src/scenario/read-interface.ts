import { placedItems, timeoutsOf } from '../changes/read-parts.js';
import { byId } from '../cloud/by-id.js';
import type { InterfaceInput } from '../cloud/interfaces/new-interface.js';
import type { Subnet } from '../cloud/network/types.js';
import { resolveGroupFor } from '../cloud/text/peer-words.js';
import { resolveSubnet } from '../cloud/text/resolve.js';
import type { Path } from '../source/tree.js';
import type { BuildContext } from './build-context.js';
import { addressInputOf } from './instance-shape.js';
import type { InterfaceDefinition } from './schema-topology.js';

/** An interface whose names are looked up. */
export interface ReadInterface {
  readonly path: Path;
  /** What it has at least. */
  readonly base: InterfaceInput;
  /** The rest, under the keys of the file. */
  readonly parts: Readonly<Record<string, Partial<InterfaceInput>>>;
}

/** Undefined, and a problem, if its subnet or one of its groups does not exist. */
export function readInterface(
  context: BuildContext,
  path: Path,
  definition: InterfaceDefinition,
): ReadInterface | undefined {
  const subnet = findSubnet(context, [...path, 'subnet'], definition.subnet);
  const groupIds = subnet && readGroups(context, [...path, 'securityGroups'], definition.securityGroups, subnet.vpcId);
  if (subnet === undefined || groupIds === undefined) return undefined;
  const addresses = Object.entries(addressInputOf(definition)).map(([key, value]) => [key, { [key]: value }]);
  return {
    path,
    base: { subnetId: subnet.id, sourceDestCheck: definition.sourceDestCheck ?? true },
    parts: {
      ...(definition.securityGroups === undefined ? {} : { securityGroups: { groupIds } }),
      ...Object.fromEntries(addresses),
      ...(definition.connectionTracking === undefined
        ? {}
        : { connectionTracking: { connectionTracking: timeoutsOf(definition.connectionTracking) } }),
    },
  };
}

/** The ids of the groups; undefined if one of them does not exist. */
function readGroups(
  context: BuildContext,
  path: Path,
  words: string | readonly string[] | undefined,
  vpcId: string,
): string[] | undefined {
  const ids = placedItems(path, words).map(({ item, path: place }) =>
    context.failedNames.has(item)
      ? undefined
      : context.problems.attempt(place, () => resolveGroupFor(context.cloud, item, vpcId).id),
  );
  const found = ids.filter((id) => id !== undefined);
  return found.length === ids.length ? found : undefined;
}

function findSubnet(context: BuildContext, path: Path, word: string): Subnet | undefined {
  const { problems, cloud } = context;
  const isBuilt = Object.values(cloud.subnets).some((subnet) => {
    return word === subnet.name || word === `${byId(cloud.vpcs, subnet.vpcId).name}/${subnet.name}`;
  });
  return !isBuilt && isDeclaredSubnet(context, word)
    ? undefined
    : problems.attempt(path, () => resolveSubnet(cloud, word));
}

function isDeclaredSubnet({ definition }: BuildContext, word: string): boolean {
  return Object.entries(definition.vpcs).some(([vpc, { subnets = {} }]) =>
    Object.keys(subnets).some((name) => word === name || word === `${vpc}/${name}`),
  );
}
