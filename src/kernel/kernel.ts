import type { OpenNamespaces } from './netns.js';
import type { Operation } from './operation.js';

/** The kernel as a lab needs it: the real one (`real-kernel.ts`), or one that holds it all in memory (`fake-kernel.ts`). */
export interface Kernel {
  readonly namespaces: OpenNamespaces;
  /** Names of all namespaces that have one, of labs and others. */
  list(): string[];
  /** Null for one that cannot be entered: it may go at any moment, and a killed `ip netns add` leaves a name without one. */
  inspect(namespace: string, sysctls: readonly string[]): Inspected | null;
  /**
   * Does operations that need not wait for one another, several at once, and returns when none runs any more.
   * @param tell of each that is in force, and of each ruleset of which nobody knows whether it is: nft ended amid it
   * @throws KernelError of one that failed; others may then have been left out
   */
  perform(operations: readonly Operation[], tell: Tell): Promise<void>;
  /** Makes the first change of a namespace's ruleset as quick as any other. */
  prepareChange(namespace: string): void;
  /** Ends every process that changes have left running, and closes all descriptors. */
  release(): Promise<void>;
}

export type Tell = (operation: Operation, outcome: 'done' | 'in doubt') => void;

export interface Inspected {
  /** The owner of the user namespace to which it belongs; 0 for the host's own. */
  readonly owner: number;
  /** In the order in which they were asked for; null where this kernel has no such parameter. */
  readonly sysctls: readonly (string | null)[];
  readonly links: ReadonlySet<string>;
}
