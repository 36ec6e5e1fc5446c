/** Options and helpers that the subcommands of `sglab learn` share. */
import type { Command } from 'commander';

export interface LearnOptions {
  readonly json?: boolean;
}

export function subcommand(learn: Command, usage: string, summary: string, example: string): Command {
  return learn
    .command(usage)
    .summary(summary)
    .description(`${summary[0]?.toUpperCase()}${summary.slice(1)}.`)
    .option('--json', 'one JSON document on stdout')
    .addHelpText('after', `\nExample:\n  $ sudo sglab learn ${example}`);
}

/** `--json` may precede or follow the subcommand. */
export function optionsOf(command: Command): LearnOptions {
  return command.optsWithGlobals();
}
