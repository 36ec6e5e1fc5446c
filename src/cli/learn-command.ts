/** Options and helpers that the subcommands of `sglab learn` share. */
import type { Command } from 'commander';

export interface LearnOptions {
  readonly json?: boolean;
  readonly course?: string;
}

export const COURSE_HELP = 'a folder of lessons (default: $SGLAB_COURSE, or the shipped ones)';

export function subcommand(learn: Command, usage: string, summary: string, example: string): Command {
  return learn
    .command(usage)
    .summary(summary)
    .description(`${summary[0]?.toUpperCase()}${summary.slice(1)}.`)
    .option('--course <folder>', COURSE_HELP)
    .option('--json', 'one JSON document on stdout')
    .addHelpText('after', `\nExample:\n  $ sudo sglab learn ${example}`);
}

/** The options may precede or follow the subcommand. */
export function optionsOf(command: Command): LearnOptions {
  return command.optsWithGlobals();
}
