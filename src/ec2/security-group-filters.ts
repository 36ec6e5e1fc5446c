/** What the filters of DescribeSecurityGroups look at (7.2). Several rule filters may be met by different rules (A19). */
import { byId } from '../cloud/by-id.js';
import type { Direction, SecurityGroup, SecurityGroupRule } from '../cloud/groups/types.js';
import type { Cloud } from '../cloud/types.js';
import type { FilterValues } from './filters.js';

type RuleValue = (rule: SecurityGroupRule) => string | number | null;

export function groupFilters(cloud: Cloud) {
  return {
    description: ({ description }: SecurityGroup) => [description],
    'group-id': ({ id }: SecurityGroup) => [id],
    'group-name': ({ name }: SecurityGroup) => [name],
    'owner-id': () => [cloud.accountId],
    'vpc-id': ({ vpcId }: SecurityGroup) => [vpcId],
    ...ruleFilters(cloud, 'ip-permission', 'ingress'),
    ...ruleFilters(cloud, 'egress.ip-permission', 'egress'),
  } satisfies FilterValues<SecurityGroup>;
}

function ruleFilters(cloud: Cloud, prefix: string, direction: Direction): FilterValues<SecurityGroup> {
  const filters = Object.entries(ruleValues(cloud)).map(([word, read]) => {
    const valuesOf = ({ rules }: SecurityGroup) =>
      rules.filter((rule) => rule.direction === direction).map((rule) => read(rule)?.toString());
    return [`${prefix}.${word}`, valuesOf] as const;
  });
  return Object.fromEntries(filters);
}

function ruleValues(cloud: Cloud): Readonly<Record<string, RuleValue>> {
  return {
    cidr: ({ peer }) => (peer.type === 'cidr' && peer.family === 'ipv4' ? peer.cidr : null),
    'ipv6-cidr': ({ peer }) => (peer.type === 'cidr' && peer.family === 'ipv6' ? peer.cidr : null),
    'from-port': ({ fromPort }) => fromPort,
    'to-port': ({ toPort }) => toPort,
    protocol: ({ protocol }) => protocol,
    'group-id': ({ peer }) => (peer.type === 'group' ? peer.groupId : null),
    'group-name': ({ peer }) => (peer.type === 'group' ? byId(cloud.securityGroups, peer.groupId).name : null),
    'prefix-list-id': ({ peer }) => (peer.type === 'prefix-list' ? peer.prefixListId : null),
    'user-id': ({ peer }) => (peer.type === 'group' ? cloud.accountId : null),
  };
}
