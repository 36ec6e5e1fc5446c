/**
 * nftables of one namespace, without a process: a rule change takes a third of a millisecond, where starting `nft` alone
 * takes several, and as much again to copy this process for it.
 */
import { KernelError } from './errors.js';
import { libnftables, type NftContext } from './libnftables.js';
import { inNetns, type Netns } from './netns.js';
import { run } from './process.js';

export class NftSession {
  readonly #nft = libnftables();
  readonly #netns: Netns;
  readonly #context: NftContext;

  constructor(netns: Netns) {
    this.#netns = netns;
    // Its netlink socket stays in the namespace in which it was opened.
    this.#context = inNetns(netns, () => this.#nft.open(0));
    this.#nft.bufferOutput(this.#context);
    this.#nft.bufferErrors(this.#context);
  }

  /**
   * Applies one transaction: all of it or nothing.
   * @throws KernelError with nft's message; the namespace's rules are then what they were
   */
  apply(transaction: string): void {
    const failed = inNetns(this.#netns, () => this.#nft.run(this.#context, transaction)) !== 0;
    const output = this.#nft.takeOutput(this.#context);
    const errors = this.#nft.takeErrors(this.#context);
    if (!failed) return;
    const stderr = `${output}${errors}`.trim() || 'nft gave no reason';
    throw new KernelError({ command: 'nft -f', namespace: this.#netns.name, stderr });
  }

  close(): void {
    this.#nft.close(this.#context);
  }
}

/** Everything nftables holds in a namespace, as `nft -j list ruleset` says it. */
export async function listRuleset(namespace: Netns): Promise<unknown> {
  const { stdout } = await run('nft', ['-j', 'list', 'ruleset'], { namespace });
  return JSON.parse(stdout);
}

/** The namespace's ruleset as text, as an administrator would read it. */
export async function printRuleset(namespace: Netns): Promise<string> {
  return (await run('nft', ['list', 'ruleset'], { namespace })).stdout;
}
