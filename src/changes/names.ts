/** The words by which a step names groups and machines. */
import { resolveInstance, resolveMachine } from '../cloud/text/endpoint.js';
import { resolveGroup } from '../cloud/text/resolve.js';
import type { Path } from '../source/tree.js';
import type { NamedThing } from './verb.js';

export function namedGroup(path: Path, word: string): NamedThing {
  return { kind: 'group', word, check: { path, find: (cloud) => resolveGroup(cloud, word) } };
}

/** An instance, or one of its interfaces, of which only the instance is looked up. */
export function namedInterface(path: Path, word: string): NamedThing {
  const machine = machineOf(word);
  return { kind: 'machine', word, check: { path, find: (cloud) => resolveInstance(cloud, machine) } };
}

/** An instance or an external host. */
export function namedMachine(path: Path, word: string): NamedThing {
  return { kind: 'machine', word, check: { path, find: (cloud) => resolveMachine(cloud, word) } };
}

/** `web-1.eth1` and `web-1.public` are about web-1. */
export function machineOf(word: string): string {
  return word.replace(/\.(eth\d+|public)$/, '');
}
