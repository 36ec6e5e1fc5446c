import type { Direction } from '../../../cloud/groups/types.js';

export const NETWORK_ACLS = { text: 'Network ACLs', path: ['network-acls'] } as const;

export function aclPath(id: string): readonly string[] {
  return ['network-acls', id];
}

export function editEntriesPath(id: string, direction: Direction): readonly string[] {
  return [...aclPath(id), direction === 'ingress' ? 'edit-inbound-rules' : 'edit-outbound-rules'];
}
