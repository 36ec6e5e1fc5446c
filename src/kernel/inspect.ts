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
  } catch {
    return null;
  } finally {
    closeNetns(netns);
  }
}
