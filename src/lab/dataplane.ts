/** The kernel objects of one lab: brought to their plan, changed while they run, removed. */
import { setImmediate as nextTurn } from 'node:timers/promises';
import { type IpCommands, ipInNamespaces, ipRemovals } from '../kernel/ip.js';
import { listNetns, type Netns } from '../kernel/netns.js';
import { markComplete, markOwner } from './actual.js';
import { allToTheirEnd } from './all-to-their-end.js';
import { configurationDifference } from './configuration-difference.js';
import { compare, type Difference, fingerprintOf } from './difference.js';
import { KernelParameters } from './kernel-parameters.js';
import { untilLinksCarry, untilNamesAreFree } from './link-state.js';
import { makeLinks, makeNamespaces, removeNamespaces } from './make-objects.js';
import { Namespaces } from './namespaces.js';
import type { LabPlan, LinkPlan, NamespacePlan } from './plan.js';
import { type Built, farEnds, linksByNear, type Reshaping, reshape } from './reshaping.js';
import { Routings } from './routings.js';
import { Rulesets, type WholeRuleset } from './rulesets.js';

export interface ConvergeOptions {
  /** Of which a killed process may have left parts. */
  readonly earlier?: LabPlan;
  readonly signal?: AbortSignal;
  readonly onProgress?: (done: number, total: number) => void;
}

const NO_LINKS: ReadonlySet<string> = new Set();

export class Dataplane {
  readonly #lab: string;
  readonly #namespaces: Namespaces;
  readonly #rulesets: Rulesets;
  readonly #parameters: KernelParameters;
  readonly #routings: Routings;
  readonly #built = new Map<string, Built>();

  /** @param claimed namespaces that an earlier process of ours was about to make when it was killed: ours without a mark */
  constructor(lab: string, claimed: ReadonlySet<string>) {
    this.#lab = lab;
    this.#namespaces = new Namespaces(lab, claimed);
    const netns = (name: string) => this.netns(name);
    this.#rulesets = new Rulesets(lab, netns);
    this.#parameters = new KernelParameters(netns);
    this.#routings = new Routings(netns);
  }

  /** @throws ForeignObjectError when something that is not ours has the name of something planned */
  refuseForeign(plan: LabPlan): void {
    this.#namespaces.refuseForeign(plan);
  }

  /** The same object as long as the namespace is the same. @throws KernelError when there is none */
  netns(name: string): Netns {
    return this.#namespaces.netns(name);
  }

  /** Whether it is what `netns` gives for its name. */
  holds(netns: Netns): boolean {
    return this.#namespaces.holds(netns);
  }

  /** Lets go of namespaces that were removed, when nobody uses them any more. */
  closeRemoved(): void {
    this.#namespaces.closeRemoved();
  }

  /** Makes the kernel what the plan says, from whatever it is now. */
  async converge(plan: LabPlan, options: ConvergeOptions = {}): Promise<void> {
    this.refuseForeign(plan);
    const change = compare(plan, this.#namespaces.present());
    this.#namespaces.claim(plan.namespaces.keys());
    const created = new Set(change.create);
    let rulesets: readonly WholeRuleset[] = [];
    const steps: (() => Promise<void>)[] = [
      () => removeNamespaces(change.remove),
      // Rulesets are written while other processes make namespaces and links, and loaded when the links are there, which carry
      // nothing yet: before Linux 6.16 a netdev chain needs its device.
      async () => {
        const made = this.#create(change.create).then(() => this.#connect(change));
        const written = this.#writeRulesets(plan);
        await allToTheirEnd([made, written]);
        rulesets = await written;
      },
      () => this.#rulesets.load(rulesets),
      () => ipInNamespaces(change.configure.map((each) => this.#wholeConfiguration(each, created.has(each)))),
      async () => {
        await this.#routings.update(change.configure);
        const kept = change.configure.filter((each) => !created.has(each));
        await this.#undo(kept, options.earlier);
      },
      () => untilLinksCarry(plan.links, (name) => this.netns(name)),
      async () => this.#complete(plan, change.configure),
    ];
    this.#parameters.expect(plan.namespaces.values());
    for (const [done, step] of steps.entries()) {
      options.signal?.throwIfAborted();
      options.onProgress?.(done, steps.length);
      await step();
    }
  }

  /**
   * Brings the kernel from the plan before to this one, apart from what has to go (`shrink`): what is missing is made, what
   * differs is changed in place, what is untouched costs nothing. After a failure it can be called again, for the plan before
   * too. @throws ForeignObjectError, KernelError
   */
  async grow(plan: LabPlan): Promise<void> {
    const change = reshape(plan, this.#built);
    const created = new Set(change.create);
    if (created.size > 0) await this.#make(change);
    const kept = [...plan.namespaces.values()].filter((namespace) => !created.has(namespace));
    // The links are there and carry nothing yet.
    await allToTheirEnd([this.#rulesets.load(this.#rulesets.write(change.create)), this.#rulesets.update(kept)]);
    const set = kept.filter((namespace) => this.#parameters.update(namespace));
    for (const { namespace } of change.configure) this.#begin(namespace.name, namespace);
    await ipInNamespaces([
      ...change.create.map((namespace) => this.#wholeConfiguration(namespace, true)),
      ...change.configure.map(({ namespace, change: { set: commands } }) => this.#commands(namespace, commands)),
    ]);
    const routed = await this.#routings.update(plan.namespaces.values(), change.lostLinks);
    for (const { namespace, change: each } of change.configure) {
      await ipRemovals(each.undo, this.netns(namespace.name));
    }
    await untilLinksCarry(change.links, (name) => this.netns(name));
    const configured = change.configure.map(({ namespace }) => namespace);
    this.#complete(plan, [...new Set([...change.create, ...set, ...configured, ...routed])]);
  }

  /** Removes what the plan does not have, with the processes inside; nothing of it answers any more from the first moment. */
  async shrink(plan: LabPlan): Promise<void> {
    await this.#demolish([...this.#built.keys()].filter((name) => !plan.namespaces.has(name)));
  }

  /** Makes ready for changes. */
  prepareUpdates(): Promise<void> {
    return this.#rulesets.prepare();
  }

  /** The same for namespaces that have come since, where it was asked for. */
  prepareNew(): Promise<void> {
    return this.#rulesets.prepareNew();
  }

  /** Removes every namespace that carries this lab's mark, with the processes inside. */
  async destroy(): Promise<void> {
    await this.release();
    await removeNamespaces([...this.#namespaces.present().keys()]);
  }

  /** Lets go of everything and leaves it running: the namespaces go on filtering. */
  async release(): Promise<void> {
    this.#namespaces.close();
    for (const record of [this.#routings, this.#parameters, this.#built]) record.clear();
    await this.#rulesets.release();
  }

  async #make(change: Reshaping): Promise<void> {
    await this.#demolish(change.rebuild);
    this.#namespaces.claimNew(change.create.map(({ name }) => name));
    const links = linksByNear(change.links);
    for (const plan of change.create) {
      this.#built.set(plan.name, { plan, links: links.get(plan.name) ?? [], state: 'begun' });
    }
    this.#parameters.expect(change.create);
    await this.#create(change.create);
    this.#parameters.write(change.create);
    await makeLinks(change.create, change.links);
  }

  /** Removes what this process has made or taken over, of which a part may be gone already: its links first, and at once. */
  async #demolish(names: readonly string[]): Promise<void> {
    if (names.length === 0) return;
    const going = new Set(names);
    const ends = names.flatMap((name) => farEnds(this.#built.get(name), going));
    for (const name of names) this.#begin(name);
    await this.#rulesets.end(names);
    for (const namespace of new Set(ends.map((end) => end.namespace))) {
      const links = ends.filter((end) => end.namespace === namespace);
      await ipRemovals(
        links.map(({ name }) => `link del ${name}`),
        this.netns(namespace),
      );
    }
    const present = new Set(listNetns());
    await removeNamespaces(names.filter((name) => present.has(name)));
    for (const name of names) this.#forget(name);
  }

  /** @param attempted what it is changed to; left out when it is removed */
  #begin(name: string, attempted?: NamespacePlan): void {
    const found = this.#built.get(name);
    if (found === undefined) return;
    const { plan, links } = found;
    this.#built.set(name, { plan, links, state: 'begun', ...(attempted === undefined ? {} : { attempted }) });
  }

  #forget(name: string): void {
    for (const record of [this.#namespaces, this.#routings, this.#parameters]) record.forget(name);
    this.#built.delete(name);
  }

  async #create(namespaces: readonly NamespacePlan[]): Promise<void> {
    await makeNamespaces(namespaces.map(({ name }) => name));
    for (const { name } of namespaces) markOwner(this.netns(name), this.#lab);
  }

  async #connect({ create, configure, links }: Difference): Promise<void> {
    this.#parameters.write(configure);
    await this.#untilNamesAreFree(links, new Set(create));
    await makeLinks(create, links);
  }

  async #writeRulesets(plan: LabPlan): Promise<WholeRuleset[]> {
    await nextTurn(); // whoever is waited for meanwhile begins first
    return this.#rulesets.write(plan.namespaces.values());
  }

  /** What an earlier plan configured in these namespaces and they should not have. */
  async #undo(namespaces: readonly NamespacePlan[], earlier: LabPlan | undefined): Promise<void> {
    for (const { name, configuration } of namespaces) {
      const before = earlier?.namespaces.get(name)?.configuration ?? [];
      const { undo } = configurationDifference(before, configuration, { fresh: NO_LINKS, gone: NO_LINKS });
      await ipRemovals(undo, this.netns(name));
    }
  }

  #commands({ name }: NamespacePlan, commands: readonly string[]): IpCommands {
    return { namespace: this.netns(name), commands };
  }

  #wholeConfiguration(namespace: NamespacePlan, isNew: boolean): IpCommands {
    const { name, configuration, initialConfiguration = [] } = namespace;
    if (isNew) this.#routings.begin(name);
    return this.#commands(namespace, isNew ? [...initialConfiguration, ...configuration] : configuration);
  }

  async #untilNamesAreFree(links: readonly LinkPlan[], created: ReadonlySet<NamespacePlan>): Promise<void> {
    const fresh = new Set([...created].map(({ name }) => name));
    const ends = links.map(({ far }) => far).filter(({ namespace }) => !fresh.has(namespace));
    await untilNamesAreFree(ends, (name) => this.netns(name));
  }

  /** @param touched those that get a new fingerprint; all of the plan stands now */
  #complete(plan: LabPlan, touched: readonly NamespacePlan[]): void {
    for (const namespace of touched) markComplete(this.netns(namespace.name), fingerprintOf(plan, namespace));
    const links = linksByNear(plan.links);
    for (const namespace of plan.namespaces.values()) {
      const own = links.get(namespace.name) ?? [];
      this.#built.set(namespace.name, { plan: namespace, links: own, state: 'complete' });
    }
  }
}
