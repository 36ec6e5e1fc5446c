import { byId } from '../cloud/by-id.js';
import type { Direction, SecurityGroup, SecurityGroupRule } from '../cloud/groups/types.js';
import type { Cloud } from '../cloud/types.js';
import { Names } from '../import/names.js';
import { trafficDefinition } from '../import/traffic.js';
import type { RuleDefinition } from '../scenario/schema-parts.js';
import type { SecurityGroupDefinition } from '../scenario/schema-topology.js';

/** The groups of a cloud, with all their rules written down: nothing is left to a default. */
export function defineCloudGroups(cloud: Cloud): Record<string, SecurityGroupDefinition> {
  const names = new Names();
  const hasSeveralVpcs = Object.keys(cloud.vpcs).length > 1;
  return Object.fromEntries(
    Object.values(cloud.securityGroups).map((group) => {
      const { name, description, vpcId, associatedVpcIds } = group;
      const vpc = byId(cloud.vpcs, vpcId);
      const twins = Object.values(cloud.securityGroups).filter((other) => other.name === name);
      const key = names.takeText(twins.length > 1 ? `${vpc.name}-${name}` : name);
      const isPlain = description === name || vpc.defaultGroupId === group.id;
      return [
        key,
        {
          ...(key === name ? {} : { name }),
          ...(hasSeveralVpcs ? { vpc: vpc.name } : {}),
          ...(associatedVpcIds.length > 0
            ? { associatedVpcs: associatedVpcIds.map((id) => byId(cloud.vpcs, id).name) }
            : {}),
          ...(isPlain ? {} : { description }),
          ingress: rulesOf(cloud, group, 'ingress'),
          egress: rulesOf(cloud, group, 'egress'),
        },
      ];
    }),
  );
}

function rulesOf(cloud: Cloud, group: SecurityGroup, direction: Direction): RuleDefinition[] {
  return group.rules
    .filter((rule) => rule.direction === direction)
    .map((rule) => ({
      ...trafficDefinition(rule),
      [direction === 'ingress' ? 'from' : 'to']: peerWord(cloud, group, rule),
      ...(rule.description === null ? {} : { description: rule.description }),
    }));
}

function peerWord(cloud: Cloud, group: SecurityGroup, { peer }: SecurityGroupRule): string {
  if (peer.type === 'cidr') return peer.cidr;
  if (peer.type === 'prefix-list') return byId(cloud.prefixLists, peer.prefixListId).name;
  const { name, vpcId } = byId(cloud.securityGroups, peer.groupId);
  return vpcId === group.vpcId ? name : `${byId(cloud.vpcs, vpcId).name}/${name}`;
}
