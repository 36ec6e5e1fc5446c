import { closeNetns, type Netns, openNetns } from './netns.js';

/** The descriptors by which namespaces are entered; handed to everything that opens sockets or starts processes inside. */
export class OpenNamespaces {
  readonly #open = new Map<string, Netns>();
  /** Those that have lost their name and that somebody may still use. */
  readonly #removed: Netns[] = [];

  /** The same object as long as the namespace is the same. @throws KernelError when there is none */
  netns(name: string): Netns {
    const open = this.#open.get(name) ?? this.open(name);
    this.#open.set(name, open);
    return open;
  }

  /** Whether it is what `netns` gives for its name. */
  holds(netns: Netns): boolean {
    return this.#open.get(netns.name) === netns;
  }

  /** It has lost its name; its descriptor stays open until nobody uses it any more. */
  forget(name: string): void {
    const netns = this.#open.get(name);
    if (netns !== undefined) this.#removed.push(netns);
    this.#open.delete(name);
  }

  /** Lets go of those that were forgotten, when nobody uses them any more. */
  closeForgotten(): void {
    for (const netns of this.#removed.splice(0)) this.close(netns);
  }

  closeAll(): void {
    for (const netns of this.#open.values()) this.close(netns);
    this.closeForgotten();
    this.#open.clear();
  }

  protected open(name: string): Netns {
    return openNetns(name);
  }

  protected close(netns: Netns): void {
    closeNetns(netns);
  }
}
