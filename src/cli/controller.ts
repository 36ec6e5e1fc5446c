import type { Command } from 'commander';

/** The process that `sglab up` starts. Hidden: nobody needs to type it. */
export function registerController(program: Command): void {
  program
    .command('controller <file>', { hidden: true })
    .option('--lab <name>')
    .action(async (file: string, { lab }: { lab?: string }) => {
      const { runController } = await import('../control/controller.js');
      await runController(file, lab ?? null);
    });
}
