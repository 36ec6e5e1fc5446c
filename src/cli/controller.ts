import type { Command } from 'commander';
import { portOption } from './port-option.js';

interface ControllerOptions {
  readonly lab?: string;
  readonly region?: string;
  readonly port?: number;
}

/** The process that `sglab up` and `sglab serve` start. Hidden: nobody needs to type it. */
export function registerController(program: Command): void {
  program
    .command('controller [file]', { hidden: true })
    .option('--lab <name>')
    .option('--region <region>')
    .addOption(portOption())
    .action(async (file: string | undefined, { lab, region, port }: ControllerOptions) => {
      const { runController } = await import('../controller/controller.js');
      await runController({ file: file ?? null, lab: lab ?? null, region: region ?? null }, port ?? null);
    });
}
