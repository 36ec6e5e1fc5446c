import type { Direction } from '../../../cloud/groups/types.js';

export const NETWORK_ACLS = { text: 'Network ACLs', path: ['network-acls'] } as const;

export const DELETED = { noun: 'network ACL', action: 'DeleteNetworkAcl', idMember: 'NetworkAclId' } as const;

export function aclPath(id: string): readonly string[] {
  return ['network-acls', id];
}

export function editEntriesPath(id: string, direction: Direction): readonly string[] {
  return [...aclPath(id), direction === 'ingress' ? 'edit-inbound-rules' : 'edit-outbound-rules'];
}

export function editSubnetsPath(id: string): readonly string[] {
  return [...aclPath(id), 'edit-subnet-associations'];
}
