/** README's table of commands has a row for each command, and names no other one. */
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { buildProgram } from '../../../src/cli/program.js';

it('names every command, and no other one', () => {
  const table = /(?<=^\| Command \| Does \|\n)(?:\|.*\n)+/m.exec(readFileSync('README.md', 'utf8'))?.[0] ?? '';
  const rows = table.matchAll(/^\| (`.*?`) \| /gm);
  // A command is a row's first word, `sglab` or not, of each of its alternatives: "`sglab up FILE` · `down [LAB]`".
  const words = [...rows].flatMap(([, first = '']) => first.split(' · ').map((each) => wordOf(each)));
  const program = buildProgram();
  const commands = program.createHelp().visibleCommands(program);
  expect(new Set(words)).toEqual(new Set(commands.map((command) => command.name()).filter((name) => name !== 'help')));
});

const wordOf = (text: string) => /^`(?:sglab )?([a-z]+)/.exec(text)?.[1];
