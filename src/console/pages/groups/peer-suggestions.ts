/** What a rule can refer to, as the form suggests it. */
import { canReferenceGroup, vpcIdsOfGroup } from '../../../cloud/groups/members.js';
import type { Direction, SecurityGroup } from '../../../cloud/groups/types.js';
import { byId } from '../../../cloud/lookup.js';
import type { Cloud } from '../../../cloud/types.js';
import { hostBlock } from './rule-form.js';

interface Suggestion {
  readonly value: string;
  readonly description?: string;
}

export interface Suggestions {
  readonly label: string;
  readonly options: readonly Suggestion[];
}

export function peerSuggestions(cloud: Cloud, group: SecurityGroup, direction: Direction): readonly Suggestions[] {
  const groups = Object.values(cloud.securityGroups).filter((other) =>
    canReferenceGroup(cloud, direction, group, other),
  );
  return [
    { label: 'CIDR blocks', options: blocks(cloud, group) },
    { label: 'Security groups', options: groups.map(({ id, name }) => ({ value: id, description: name })) },
    {
      label: 'Prefix lists',
      options: Object.values(cloud.prefixLists).map(({ id, name }) => ({ value: id, description: name })),
    },
  ];
}

function blocks(cloud: Cloud, group: SecurityGroup): readonly Suggestion[] {
  const vpcs = vpcIdsOfGroup(group).map((id) => byId(cloud.vpcs, id));
  const own = vpcs.flatMap(({ name, cidrs, ipv6Cidr }) =>
    [...cidrs, ...(ipv6Cidr === null ? [] : [ipv6Cidr])].map((value) => ({ value, description: `VPC ${name}` })),
  );
  const hosts = Object.keys(cloud.externalHosts).map((name) => ({ value: hostBlock(cloud, name), description: name }));
  return [{ value: '0.0.0.0/0' }, { value: '::/0' }, ...own, ...hosts];
}
