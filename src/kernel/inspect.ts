import { KernelError } from './errors.js';
import type { Inspected } from './kernel.js';
import { listLinks } from './links.js';
import { closeNetns, type Netns, openNetns } from './netns.js';
import { readSysctl } from './sysctl.js';
import { ownerOf } from './user-namespaces.js';

/** A namespace of another lab may come or go meanwhile. @returns null for one that cannot be entered */
export function inspectNamespace(name: string, sysctls: readonly string[]): Inspected | null {
  let netns: Netns;
  try {
    netns = openNetns(name);
  } catch {
    return null;
  }
  try {
    return { owner: ownerOf(netns), sysctls: sysctls.map((key) => readSysctl(netns, key)), links: listLinks(netns) };
  } catch (error) {
    return nullIfGone(error);
  } finally {
    closeNetns(netns);
  }
}

/** @throws the error if it says nothing about the namespace: this process may lack descriptors or memory */
function nullIfGone(error: unknown): null {
  if (error instanceof KernelError && /E[MN]FILE|ENOMEM|ENOBUFS/.test(error.stderr)) throw error;
  return null;
}
