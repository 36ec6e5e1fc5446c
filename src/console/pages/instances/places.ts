export const INSTANCES = { text: 'Instances', path: ['instances'] } as const;

export function instancePath(id: string): readonly string[] {
  return ['instances', id];
}

export function changeGroupsPath(id: string): readonly string[] {
  return [...instancePath(id), 'change-security-groups'];
}
