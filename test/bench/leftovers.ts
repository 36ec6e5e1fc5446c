/** Names of a run's labs, and removal of labs that killed runs have left. */
import fs from 'node:fs';
import { listNetns } from '../../src/kernel/netns.js';
import { run } from '../../src/kernel/process.js';
import { Lab } from '../../src/lab/lab.js';
import { labsInKernel } from '../../src/lab/ownership.js';
import { labsWithFiles } from '../../src/lab/run-directory.js';

const LAB = /^bench-(\d+)-/;
const NAMESPACE = /^sglab-bench-(\d+)-/;

/** Gives each role a name of its own that includes the process id. */
export function labNames(): (role: string) => string {
  return (role) => `bench-${process.pid}-${role}`;
}

/**
 * Removes labs of this process and of processes that have ended. Bare labs have no owner mark, so that only their names
 * identify them.
 */
export async function removeLeftovers(): Promise<void> {
  const labs = new Set([...labsInKernel(), ...labsWithFiles()].filter((name) => isLeftover(LAB, name)));
  for (const name of labs) await Lab.remove(name);
  const namespaces = listNetns().filter((name) => isLeftover(NAMESPACE, name));
  for (const name of namespaces) await run('ip', ['netns', 'del', name], { allowFailure: true });
}

function isLeftover(pattern: RegExp, name: string): boolean {
  const pid = pattern.exec(name)?.[1];
  if (pid === undefined) return false;
  return Number(pid) === process.pid || !fs.existsSync(`/proc/${pid}`);
}
