import type { RunResult } from './process.js';

const TIMEOUT = 10_000; // milliseconds

/**
 * Runs a shell command in a network namespace without a name, which the kernel removes with its last process: nothing
 * can be left behind, not even after kill -9.
 * @throws KernelError when the command fails
 */
export async function inScratchNamespace(command: string, input?: string): Promise<RunResult> {
  // Loaded late, so that the question whether the native modules work can be asked without them.
  const { run } = await import('./process.js');
  const options = { timeout: TIMEOUT, ...(input === undefined ? {} : { input }) };
  return run('unshare', ['--net', 'sh', '-ec', command], options);
}

/** Loads a ruleset into a scratch namespace that has a pair of links, `v0` and `v1`. */
export function loadInScratchNamespace(ruleset: string): Promise<RunResult> {
  return inScratchNamespace('ip link add name v0 type veth peer name v1; exec nft -f -', ruleset);
}
