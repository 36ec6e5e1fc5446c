import { Argument, type Command } from 'commander';
import type { ShellName } from './completion/script.js';
import { write } from './output.js';

const HELP = `
Example:
  $ sglab completion bash | sudo tee /etc/bash_completion.d/sglab
  $ source <(sglab completion zsh)

Names of labs, machines and groups, and ports are known to root alone: \`sudo sglab …\` completes them in a shell of root's.`;

export function registerCompletion(program: Command): void {
  program
    .command('completion')
    .summary('completion of these commands for bash or zsh')
    .description(
      'Prints what makes the tab key complete sglab: commands, options, and the names in the labs that are up.',
    )
    .addArgument(new Argument('<shell>', 'bash or zsh').choices(['bash', 'zsh']))
    .addHelpText('after', HELP)
    .action(async (shell: ShellName) => {
      const { completionScript } = await import('./completion/script.js');
      write(completionScript(shell));
    });
  program
    .command('complete [words...]', { hidden: true })
    .description('What a shell asks: the words typed so far, the last one unfinished.')
    .action((words: string[]) => answer(program, words));
}

/** One line `files` or `words`: whether a file's name would do, too. Then a line for each word. */
async function answer(program: Command, words: readonly string[]): Promise<void> {
  const [{ complete }, { askLab }] = await Promise.all([
    import('./completion/complete.js'),
    import('./completion/ask-lab.js'),
  ]);
  // bash makes three words of --lab=shop.
  const typed = words.slice(0, -1).filter((word) => word !== '=');
  const last = words.at(-1) ?? '';
  const found = complete(program, typed, last === '=' ? '' : last, await askLab(typed));
  write([found.files ? 'files' : 'words', ...found.words].map((line) => `${line}\n`).join(''));
}
