export const TERMINAL = { text: 'Terminal', path: ['terminal'] } as const;

export function terminalPath(machine: string): readonly string[] {
  return [...TERMINAL.path, machine];
}
