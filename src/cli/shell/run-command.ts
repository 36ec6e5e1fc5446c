import { LAB_VARIABLE } from '../../controller/client.js';
import { MAIN } from '../../controller/main-script.js';
import { spawn } from '../../kernel/process.js';

/**
 * Runs a command of sglab as a process of its own, in this one's process group: a Ctrl-C on the terminal ends it, and
 * the shell that waits for it continues.
 * @param lab for commands that name none
 * @param terminal whether it may read from it
 * @returns its exit code; 130 if a Ctrl-C ended it
 */
export async function runCommand(args: readonly string[], lab: string, terminal: boolean): Promise<number> {
  const { subprocess } = spawn(process.execPath, [MAIN, ...args], {
    stdio: [terminal ? 'inherit' : 'ignore', 'inherit', 'inherit'],
    env: { [LAB_VARIABLE]: lab },
    reject: false,
  });
  const { exitCode, signal } = await subprocess;
  return exitCode ?? (signal === 'SIGINT' ? INTERRUPTED : 1);
}

export const INTERRUPTED = 130;
