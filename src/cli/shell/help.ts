import type { Command } from 'commander';
import { table } from '../report/table.js';

/** What can be typed, and what sglab's commands are for. */
export function shellHelp(program: Command, machines: readonly string[]): string {
  const example = machines[0] ?? 'web-1';
  const own = [
    [`${example} COMMAND …`, `run a command inside ${example}, or another machine, with this terminal`],
    [example, 'a shell inside; its exit leads back'],
    ['help COMMAND', 'how a command is written'],
    ['exit', 'leave; the lab stays up (Ctrl-D, too)'],
  ];
  const commands = program
    .createHelp()
    .visibleCommands(program)
    .filter((command) => command.name() !== 'shell' && command.name() !== 'help')
    .map((command) => [command.name(), command.summary()]);
  return `${table(
    [...own, ['', ''], ...commands].map((row) => [`  ${row[0]}`, row[1] ?? '']),
    [{}, {}],
  )}

Quotes are those of sh. What a line does not name is of this lab. Ctrl-C ends a command, not the shell.
`;
}
