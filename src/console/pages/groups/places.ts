import type { Direction, SecurityGroup } from '../../../cloud/groups/types.js';

export const GROUPS = { text: 'Security groups', path: ['groups'] } as const;

export const DELETED = { noun: 'security group', action: 'DeleteSecurityGroup', idMember: 'GroupId' } as const;

export function groupPath({ id }: Pick<SecurityGroup, 'id'>): readonly string[] {
  return ['groups', id];
}

export function editRulesPath(group: Pick<SecurityGroup, 'id'>, direction: Direction): readonly string[] {
  return [...groupPath(group), direction === 'ingress' ? 'edit-inbound-rules' : 'edit-outbound-rules'];
}
