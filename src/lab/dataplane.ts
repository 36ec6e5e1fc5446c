/** The kernel objects of one lab: what is known of them, and the kernel that changes them. */
import { setImmediate as nextTurn } from 'node:timers/promises';
import { settleAll } from '../kernel/errors.js';
import type { Kernel } from '../kernel/kernel.js';
import type { OpenNamespaces } from '../kernel/netns.js';
import { NO_ROUTING, type Setting } from '../kernel/objects.js';
import type { Operation } from '../kernel/operation.js';
import type { Finding } from './guard.js';
import { Known } from './known.js';
import { marksOf, type States } from './namespace-state.js';
import { Ownership } from './ownership.js';
import { type Change, type Phase, reconcile } from './reconcile.js';
import { takeOver } from './take-over.js';

export interface BuildOptions {
  /** Ends a build that is under way; what it made so far goes with `destroy`. */
  readonly signal?: AbortSignal;
  readonly onProgress?: (done: number, total: number) => void;
}

/** Removing one takes some ten milliseconds. */
const REMOVED_AT_ONCE = 256;

export class Dataplane {
  readonly #lab: string;
  readonly #kernel: Kernel;
  readonly #ownership: Ownership;
  readonly #known = new Known();
  /** How many rulesets this process has written in each namespace. */
  readonly #writes = new Map<string, number>();
  #isPrepared = false;

  /** @param claimed namespaces that an earlier process of ours was about to make when it was killed: ours without a mark */
  constructor(lab: string, kernel: Kernel, claimed: ReadonlySet<string>) {
    this.#lab = lab;
    this.#kernel = kernel;
    this.#ownership = new Ownership(lab, kernel, claimed);
  }

  get namespaces(): OpenNamespaces {
    return this.#kernel.namespaces;
  }

  /** @throws ForeignObjectError when something that is not ours has the name of something wanted */
  refuseForeign(wanted: States): void {
    this.#ownership.refuseForeign(wanted);
  }

  /**
   * Makes the kernel what is wanted, from whatever it is now.
   * @param earlier of which a killed process may have left parts
   */
  async build(wanted: States, earlier: States, options: BuildOptions = {}): Promise<void> {
    this.refuseForeign(wanted);
    const found = takeOver(this.#ownership.present(), wanted, earlier);
    for (const [name, known] of found) this.#known.set(name, known);
    const change = this.plan(wanted, new Set([...wanted.keys(), ...found.keys()]));
    await this.grow(change, options);
    await this.shrink(change);
  }

  /** What is to be done, without doing it. @param touched names of namespaces that may be wanted otherwise than before */
  plan(wanted: States, touched: Iterable<string>): Change {
    return reconcile({ lab: this.#lab, known: this.#known, wanted, touched });
  }

  /** @throws ForeignObjectError before anything is touched; KernelError: what is known then says how far it came */
  async grow({ grow, wanted, newNames }: Change, { signal, onProgress }: BuildOptions = {}): Promise<void> {
    if (newNames.length > 0) this.#ownership.claim(newNames);
    for (const [done, phase] of grow.entries()) {
      signal?.throwIfAborted();
      onProgress?.(done, grow.length);
      const written = done === 0 ? [writeRulesets(grow)] : [];
      await settleAll([this.#perform(phase, wanted), ...written]);
    }
    for (const state of wanted.values()) this.#known.complete(state);
  }

  /** With the processes inside; nothing of what goes answers any more from the first moment. */
  async shrink({ shrink, wanted }: Change): Promise<void> {
    for (const phase of shrink) await this.#perform(phase, wanted);
  }

  /** Starts what a first change would otherwise wait for: 3 ms per namespace that filters, a little at a time. */
  async prepareChanges(): Promise<void> {
    this.#isPrepared = true;
    for (const name of this.#known.names()) {
      if (this.#filters(name)) this.#kernel.prepareChange(name);
      await nextTurn();
    }
  }

  /** The same for what a change has made, where it was asked for. */
  async prepareNew({ newNames }: Change): Promise<void> {
    if (this.#isPrepared && newNames.length > 0) await this.prepareChanges();
  }

  writes(namespace: string): number {
    return this.#writes.get(namespace) ?? 0;
  }

  /** Takes back what somebody else has changed. @param wanted the state that this process has brought about */
  async repair(findings: readonly Finding[], wanted: States): Promise<void> {
    const ups = findings.flatMap(({ namespace, network: { down } }): Operation[] =>
      down.length === 0
        ? []
        : [{ type: 'set', namespace, settings: down.map((link): Setting => ({ type: 'up', link })) }],
    );
    const born = findings.flatMap(({ namespace, network: { lostRules } }): Operation[] =>
      lostRules.length === 0
        ? []
        : [{ type: 'route', namespace, from: NO_ROUTING, to: { rules: lostRules, routes: [] } }],
    );
    await this.#kernel.perform([...ups, ...born], () => {});
    for (const { namespace, isRuleset, network } of findings) {
      const { foreign, foreignRules } = network;
      const hasOwn = wanted.get(namespace)?.routing !== undefined;
      this.#known.distrust(namespace, {
        ...{ isRuleset, foreign },
        routing: hasOwn ? null : { rules: foreignRules, routes: [] },
      });
      for (const name of network.ruined) this.#known.ruin(name);
    }
    const names = findings.map(({ namespace }) => namespace);
    const change = this.plan(wanted, [...names, ...this.#known.unfinished()]);
    await this.grow(change);
    await this.#kernel.perform(this.#marks(change.wanted), () => {});
  }

  /**
   * Removes every namespace that carries this lab's mark, or that this process has built, with the processes inside.
   * @param onProgress told between parts
   */
  async destroy(onProgress: () => void = () => {}): Promise<void> {
    const built = this.#known.names();
    await this.release();
    const present = new Set(this.#kernel.list());
    const all = new Set([...this.#ownership.present().keys(), ...built.filter((name) => present.has(name))]);
    const names = [...all];
    for (let at = 0; at < names.length; at += REMOVED_AT_ONCE) {
      const removals = names
        .slice(at, at + REMOVED_AT_ONCE)
        .map((name) => ({ type: 'remove', namespace: name, farEnds: [] }) as const);
      await this.#kernel.perform(removals, () => {});
      onProgress();
    }
  }

  /** Lets go of everything and leaves it running: the namespaces go on filtering. */
  async release(): Promise<void> {
    this.#isPrepared = false;
    this.#known.clear();
    await this.#kernel.release();
  }

  #perform({ operations }: Phase, wanted: States): Promise<void> {
    for (const operation of operations) this.#known.begin(operation, wanted.get(operation.namespace));
    return this.#kernel.perform(operations, (operation, outcome) => {
      if (outcome !== 'done') return this.#known.doubt(operation);
      this.#known.finish(operation, wanted.get(operation.namespace));
      if ('to' in operation && operation.type !== 'route') {
        this.#writes.set(operation.namespace, this.writes(operation.namespace) + 1);
      }
    });
  }

  #marks(states: States): Operation[] {
    return [...states.values()].map((state) => ({
      type: 'sysctls',
      namespace: state.name,
      sysctls: marksOf(this.#lab, state),
    }));
  }

  #filters(name: string): boolean {
    const known = this.#known.get(name);
    return known !== undefined && known.ruleset !== 'none' && known.ruleset !== null;
  }
}

/** While other processes make namespaces and links: a build waits for both, or for what takes longer. */
async function writeRulesets(phases: readonly Phase[]): Promise<void> {
  await nextTurn(); // whoever is waited for meanwhile begins first
  for (const operation of phases.flatMap(({ operations }) => operations)) {
    if (operation.type === 'load ruleset') operation.text.length;
  }
}
