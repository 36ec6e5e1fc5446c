import { byId, findById } from '../cloud/lookup.js';
import type { Cloud } from '../cloud/types.js';
import type { ScenarioDefinition } from '../scenario/schema.js';
import { pathText } from '../source/tree.js';
import { isPublicTable, tableName } from './cloud-tables.js';

/** What is assumed, by its place in the exported definition. */
export function defineAssumptions(
  cloud: Cloud,
  groupKeys: readonly string[],
): NonNullable<ScenarioDefinition['assumed']> {
  const paths = pathsById(cloud, groupKeys);
  return Object.entries(cloud.assumed).map(([because, ids]) => {
    const about = ids.flatMap((id) => paths.get(id) ?? []);
    return about.length === 0 ? { because } : { because, about: [...new Set(about)] };
  });
}

/** What the export has no place for, such as a public route table, goes by that of its VPC. */
function pathsById(cloud: Cloud, groupKeys: readonly string[]): Map<string, string> {
  const { vpcs, subnets, securityGroups, prefixLists, peerings, instances, routeTables, networkAcls } = cloud;
  const vpcPath = (vpcId: string) => pathText(['vpcs', byId(vpcs, vpcId).name]);
  const entries: [string, string][] = [
    ...Object.keys(vpcs).map((id): [string, string] => [id, vpcPath(id)]),
    ...Object.values(subnets).map(({ id, name, vpcId }): [string, string] => [
      id,
      pathText(['vpcs', byId(vpcs, vpcId).name, 'subnets', name]),
    ]),
    ...Object.keys(securityGroups).map((id, at): [string, string] => [
      id,
      pathText(['securityGroups', groupKeys[at] ?? '']),
    ]),
    ...named('prefixLists', Object.values(prefixLists)),
    ...named('peerings', Object.values(peerings)),
    ...named('instances', Object.values(instances)),
    ...Object.values(routeTables).map((table): [string, string] => {
      const isOwn = !isPublicTable(cloud, table) && tableName(cloud, table) !== 'main';
      return [table.id, isOwn ? pathText(['routeTables', tableName(cloud, table)]) : vpcPath(table.vpcId)];
    }),
    ...Object.values(networkAcls).map(({ id, vpcId, name }): [string, string] => {
      const isDefault = byId(vpcs, vpcId).defaultNetworkAclId === id;
      return [id, isDefault ? vpcPath(vpcId) : pathText(['networkAcls', name])];
    }),
    ...Object.values(cloud.networkInterfaces).map(({ id, instanceId }): [string, string] => [
      id,
      pathText(['instances', findById(instances, instanceId)?.name ?? '']),
    ]),
  ];
  return new Map(entries);
}

function named(section: string, things: readonly { readonly id: string; readonly name: string }[]): [string, string][] {
  return things.map(({ id, name }) => [id, pathText([section, name])]);
}
