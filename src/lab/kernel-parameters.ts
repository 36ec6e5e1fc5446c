/** The kernel parameters that are in force in a lab's namespaces. */
import type { Netns } from '../kernel/netns.js';
import { type Sysctls, writeSysctls } from '../kernel/sysctl.js';
import type { NamespacePlan } from './plan.js';

export class KernelParameters {
  readonly #netns: (name: string) => Netns;
  readonly #inForce = new Map<string, Sysctls>();

  constructor(netns: (name: string) => Netns) {
    this.#netns = netns;
  }

  /** Takes for in force what an earlier process left, or what `write` is about to set. */
  expect(namespaces: Iterable<NamespacePlan>): void {
    for (const { name, sysctls } of namespaces) this.#inForce.set(name, sysctls);
  }

  write(namespaces: readonly NamespacePlan[]): void {
    for (const { name, sysctls } of namespaces) writeSysctls(this.#netns(name), sysctls);
  }

  /** @returns whether any had to change; what an earlier process left is as planned, or was built anew */
  update({ name, sysctls }: NamespacePlan): boolean {
    const before = this.#inForce.get(name) ?? sysctls;
    const changed = Object.entries(sysctls).filter(([key, value]) => before[key] !== value);
    if (changed.length > 0) writeSysctls(this.#netns(name), Object.fromEntries(changed));
    this.#inForce.set(name, sysctls);
    return changed.length > 0;
  }

  forget(name: string): void {
    this.#inForce.delete(name);
  }

  clear(): void {
    this.#inForce.clear();
  }
}
