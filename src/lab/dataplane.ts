/** The kernel objects of one lab: brought to their plan, changed while they run, removed. */
import { setImmediate as nextTurn } from 'node:timers/promises';
import { endInhabitants } from '../kernel/inhabitants.js';
import { type IpCommands, ipBatch, ipBatches, ipInNamespaces, ipRemovals } from '../kernel/ip.js';
import { closeNetns, listNetns, type Netns, openNetns } from '../kernel/netns.js';
import { type Sysctls, writeSysctls } from '../kernel/sysctl.js';
import { type ActualNamespace, markComplete, markOwner, readLab } from './actual.js';
import { readRouting } from './actual-routing.js';
import { allToTheirEnd } from './all-to-their-end.js';
import { configurationDifference } from './configuration-difference.js';
import { compare, fingerprintOf } from './difference.js';
import { ForeignObjectError } from './errors.js';
import { addBridges, addLink, addNamespace, removeNamespace } from './ip-commands.js';
import { untilLinksCarry, untilNamesAreFree } from './link-state.js';
import type { LabPlan, LinkPlan, NamespacePlan } from './plan.js';
import { type Built, farEnds, linksByNear, type Reshaping, reshape } from './reshaping.js';
import type { RoutingPlan } from './route-plan.js';
import { NO_ROUTING, routingDifference, withoutLinks } from './routing-difference.js';
import { Rulesets, type Transaction } from './rulesets.js';

export interface ConvergeOptions {
  /** Of which a killed process may have left parts. */
  readonly earlier?: LabPlan;
  readonly signal?: AbortSignal;
  readonly onProgress?: (done: number, total: number) => void;
}

const NO_LINKS: ReadonlySet<string> = new Set();

/** As many links are made as soon by one process as by several. */
const FEW_LINKS = 8;

export class Dataplane {
  readonly #lab: string;
  readonly #open = new Map<string, Netns>();
  /** Namespaces that have lost their name and that somebody may still use. */
  readonly #removed: Netns[] = [];
  readonly #rulesets: Rulesets;
  readonly #sysctls = new Map<string, Sysctls>();
  readonly #routing = new Map<string, RoutingPlan>();
  readonly #built = new Map<string, Built>();
  #claimed: ReadonlySet<string>;

  /** @param claimed namespaces that an earlier process of ours was about to make when it was killed: ours without a mark */
  constructor(lab: string, claimed: ReadonlySet<string>) {
    this.#lab = lab;
    this.#claimed = claimed;
    this.#rulesets = new Rulesets(lab, (name) => this.netns(name));
  }

  /** @throws ForeignObjectError when something that is not ours has the name of something planned */
  refuseForeign(plan: LabPlan): void {
    const foreign = this.#read().foreign.filter((name) => plan.namespaces.has(name));
    if (foreign.length > 0) throw new ForeignObjectError(foreign);
  }

  /** The same object as long as the namespace is the same. @throws KernelError when there is none */
  netns(name: string): Netns {
    const open = this.#open.get(name) ?? openNetns(name);
    this.#open.set(name, open);
    return open;
  }

  /** Whether it is what `netns` gives for its name. */
  holds(netns: Netns): boolean {
    return this.#open.get(netns.name) === netns;
  }

  /** Lets go of namespaces that were removed, when nobody uses them any more. */
  closeRemoved(): void {
    for (const netns of this.#removed.splice(0)) closeNetns(netns);
  }

  /** Makes the kernel what the plan says, from whatever it is now. */
  async converge(plan: LabPlan, options: ConvergeOptions = {}): Promise<void> {
    this.refuseForeign(plan);
    const change = compare(plan, this.#read().ours);
    this.#claim(plan.namespaces.keys());
    const created = new Set(change.create);
    let transactions: readonly Transaction[] = [];
    const steps: (() => Promise<void>)[] = [
      () => this.#remove(change.remove),
      // Rulesets are written while another process makes the namespaces.
      async () => {
        const made = this.#create(change.create);
        const written = this.#writeRulesets(plan);
        await allToTheirEnd([made, written]);
        transactions = await written;
      },
      async () => this.#writeSysctls(change.configure),
      () => this.#untilNamesAreFree(change.links, created),
      () => this.#makeLinks(change),
      () => this.#rulesets.load(transactions),
      () => this.#configure(change.configure.map((each) => this.#wholeConfiguration(each, created.has(each)))),
      async () => {
        await this.#updateRoutings(change.configure);
        const kept = change.configure.filter((each) => !created.has(each));
        await this.#undo(kept, options.earlier);
      },
      () => untilLinksCarry(plan.links, (name) => this.netns(name)),
      async () => this.#complete(plan, change.configure),
    ];
    for (const { name, sysctls } of plan.namespaces.values()) this.#sysctls.set(name, sysctls);
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
    const set = kept.filter((namespace) => this.#updateSysctls(namespace));
    for (const { namespace } of change.configure) this.#begin(namespace.name, namespace);
    await this.#configure([
      ...change.create.map((namespace) => this.#wholeConfiguration(namespace, true)),
      ...change.configure.map(({ namespace, change: { set: commands } }) => this.#commands(namespace, commands)),
    ]);
    const routed = await this.#updateRoutings(plan.namespaces.values(), change.lostLinks);
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
    await this.#remove([...this.#read().ours.keys()]);
  }

  /** Lets go of everything and leaves it running: the namespaces go on filtering. */
  async release(): Promise<void> {
    for (const netns of this.#open.values()) closeNetns(netns);
    this.closeRemoved();
    this.#open.clear();
    this.#routing.clear();
    this.#sysctls.clear();
    this.#built.clear();
    await this.#rulesets.release();
  }

  /** A namespace without a mark is ours only when we said that we would make it, and nobody has put anything into it. */
  #read(): { ours: Map<string, ActualNamespace>; foreign: string[] } {
    const { ours, unmarked, others } = readLab(this.#lab);
    const isOurs = ({ name, links }: ActualNamespace) => this.#claimed.has(name) && links.size <= 1;
    const unfinished = unmarked.filter(isOurs).map((found) => [found.name, found] as const);
    return {
      ours: new Map([...ours, ...unfinished]),
      foreign: [...others, ...unmarked.filter((found) => !isOurs(found)).map(({ name }) => name)],
    };
  }

  #claim(names: Iterable<string>): void {
    this.#claimed = new Set([...this.#claimed, ...names]);
  }

  async #make(change: Reshaping): Promise<void> {
    await this.#demolish(change.rebuild);
    const present = new Set(listNetns());
    const foreign = change.create.map(({ name }) => name).filter((name) => present.has(name));
    if (foreign.length > 0) throw new ForeignObjectError(foreign);
    this.#claim(change.create.map(({ name }) => name));
    const links = linksByNear(change.links);
    for (const plan of change.create) {
      this.#built.set(plan.name, { plan, links: links.get(plan.name) ?? [], state: 'begun' });
      this.#sysctls.set(plan.name, plan.sysctls);
    }
    await this.#create(change.create);
    this.#writeSysctls(change.create);
    await this.#makeLinks(change);
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
    await this.#remove(names.filter((name) => present.has(name)));
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
    const netns = this.#open.get(name);
    if (netns !== undefined) this.#removed.push(netns);
    for (const record of [this.#open, this.#routing, this.#sysctls, this.#built]) record.delete(name);
  }

  async #remove(names: readonly string[]): Promise<void> {
    if (names.length === 0) return;
    await endInhabitants(names);
    await ipBatch(names.map(removeNamespace));
  }

  async #create(namespaces: readonly NamespacePlan[]): Promise<void> {
    await ipBatches(namespaces.map(({ name }) => addNamespace(name)));
    for (const { name } of namespaces) markOwner(this.netns(name), this.#lab);
  }

  async #makeLinks({ create, links }: Pick<Reshaping, 'create' | 'links'>): Promise<void> {
    const bridges = create.flatMap(addBridges);
    const pairs = links.map(addLink);
    if (pairs.length <= FEW_LINKS) return ipBatch([...bridges, ...pairs]);
    await ipBatch(bridges);
    await ipBatches(pairs);
  }

  #writeSysctls(namespaces: readonly NamespacePlan[]): void {
    for (const { name, sysctls } of namespaces) writeSysctls(this.netns(name), sysctls);
  }

  /** @returns whether any had to change; what an earlier process left is as planned, or was built anew */
  #updateSysctls({ name, sysctls }: NamespacePlan): boolean {
    const before = this.#sysctls.get(name) ?? sysctls;
    const changed = Object.entries(sysctls).filter(([key, value]) => before[key] !== value);
    if (changed.length > 0) writeSysctls(this.netns(name), Object.fromEntries(changed));
    this.#sysctls.set(name, sysctls);
    return changed.length > 0;
  }

  async #writeRulesets(plan: LabPlan): Promise<Transaction[]> {
    await nextTurn(); // whoever is waited for meanwhile begins first
    return this.#rulesets.write(plan.namespaces.values());
  }

  #configure(batches: readonly IpCommands[]): Promise<void> {
    return ipInNamespaces(batches);
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

  /** The tables of a namespace that was just made are known to be empty. */
  #wholeConfiguration(namespace: NamespacePlan, isNew: boolean): IpCommands {
    const { name, configuration, initialConfiguration = [] } = namespace;
    if (isNew) this.#routing.set(name, NO_ROUTING);
    return this.#commands(namespace, isNew ? [...initialConfiguration, ...configuration] : configuration);
  }

  /** @returns those in which anything had to change; after a failure the kernel is asked what it has */
  async #updateRoutings(
    namespaces: Iterable<NamespacePlan>,
    lostLinks: ReadonlyMap<string, ReadonlySet<string>> = new Map(),
  ): Promise<NamespacePlan[]> {
    const changed: NamespacePlan[] = [];
    for (const namespace of namespaces) {
      const { name, routing = NO_ROUTING } = namespace;
      if (namespace.routing === undefined && !this.#routing.has(name)) continue;
      const known = this.#routing.get(name) ?? (await readRouting(this.netns(name)));
      const commands = routingDifference(withoutLinks(known, lostLinks.get(name) ?? NO_LINKS), routing);
      if (commands.length > 0) {
        this.#routing.delete(name);
        await ipBatch(commands, this.netns(name));
        changed.push(namespace);
      }
      this.#routing.set(name, routing);
    }
    return changed;
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
