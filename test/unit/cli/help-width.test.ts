/** The help of every command holds on a terminal of 80 columns. */
import type { Command } from 'commander';
import { expect, it } from 'vitest';
import { buildProgram } from '../../../src/cli/program.js';

const COLUMNS = 80;

const everything = (command: Command): readonly Command[] => [command, ...command.commands.flatMap(everything)];

function helpOf(command: Command): string {
  let text = '';
  const writeOut = (part: string) => {
    text += part;
  };
  command.configureOutput({ writeOut, getOutHelpWidth: () => COLUMNS }).outputHelp();
  return text;
}

it.each(everything(buildProgram()).map((command) => [command.name(), command] as const))('of %s', (_, command) => {
  const wide = helpOf(command)
    .split('\n')
    .filter((line) => line.length > COLUMNS);
  expect(wide).toEqual([]);
});
