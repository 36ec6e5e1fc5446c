import type { Cloud } from '../cloud/types.js';
import { OpenNamespaces } from '../kernel/netns.js';
import { forwardSignals, spawn } from '../kernel/process.js';
import { machineCommand, makeScratchDirectory } from './machine.js';
import { findMachine } from './programs.js';

/** Runs a command in a machine with this process's terminal. @returns its exit code, 128 + n where signal n ended it */
export async function execAttached(cloud: Cloud, word: string, argv: readonly string[]): Promise<number> {
  const machine = findMachine(cloud, word, new OpenNamespaces());
  const { file, args, env } = machineCommand(cloud, machine, argv);
  const { subprocess } = spawn(file, args, {
    namespace: machine.netns,
    cwd: makeScratchDirectory(cloud.name, machine.name),
    env: { ...env },
    stdio: 'inherit',
    reject: false,
  });
  const stopPassing = forwardSignals(['SIGINT', 'SIGQUIT'], (signal) => subprocess.kill(signal));
  const { exitCode, signal } = await subprocess;
  stopPassing();
  return exitCode ?? 128 + (signal === undefined ? 0 : signalNumber(signal));
}

function signalNumber(signal: string): number {
  return { SIGHUP: 1, SIGINT: 2, SIGQUIT: 3, SIGKILL: 9, SIGTERM: 15 }[signal] ?? 0;
}
