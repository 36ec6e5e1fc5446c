/** The kernel objects of one lab: brought to their plan, changed while they run, removed. */
import fs from 'node:fs';
import path from 'node:path';
import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises';
import { KernelError } from '../kernel/errors.js';
import { endInhabitants } from '../kernel/inhabitants.js';
import { ipBatch, ipBatches, ipInNamespaces } from '../kernel/ip.js';
import { idleLinks, listLinks } from '../kernel/links.js';
import { closeNetns, type Netns, openNetns } from '../kernel/netns.js';
import { applyInNamespaces, NftSession, writeTransaction } from '../kernel/nft.js';
import { type Sysctls, writeSysctls } from '../kernel/sysctl.js';
import { difference, type Ruleset, render } from '../ruleset/index.js';
import { type ActualNamespace, markComplete, markOwner, readLab } from './actual.js';
import { readRouting } from './actual-routing.js';
import { compare, fingerprintOf } from './difference.js';
import { ForeignObjectError } from './errors.js';
import { addLink, addNamespace, removeNamespace } from './ip-commands.js';
import type { LabPlan, LinkPlan, NamespacePlan } from './plan.js';
import type { RoutingPlan } from './route-plan.js';
import { NO_ROUTING, routingDifference } from './routing-difference.js';
import { labDirectory } from './run-directory.js';

/** How long links may take to carry: a deferred word of the kernel comes within a second. */
const LINKS_MS = 5000;

/** A namespace's whole ruleset, in a file for nft. */
interface Transaction {
  readonly name: string;
  readonly ruleset: Ruleset;
  readonly file: string;
}

export interface ConvergeOptions {
  readonly signal?: AbortSignal;
  readonly onProgress?: (done: number, total: number) => void;
}

export class Dataplane {
  readonly #lab: string;
  readonly #netns = new Map<string, Netns>();
  readonly #nft = new Map<string, NftSession>();
  readonly #rulesets = new Map<string, Ruleset>();
  readonly #sysctls = new Map<string, Sysctls>();
  readonly #routing = new Map<string, RoutingPlan>();
  #claimed: ReadonlySet<string>;

  /** @param claimed namespaces that an earlier process of ours was about to make when it was killed: ours without a mark */
  constructor(lab: string, claimed: ReadonlySet<string>) {
    this.#lab = lab;
    this.#claimed = claimed;
  }

  /** @throws ForeignObjectError when something that is not ours has the name of something planned */
  refuseForeign(plan: LabPlan): void {
    const foreign = this.#read().foreign.filter((name) => plan.namespaces.has(name));
    if (foreign.length > 0) throw new ForeignObjectError(foreign);
  }

  netns(name: string): Netns {
    const open = this.#netns.get(name) ?? openNetns(name);
    this.#netns.set(name, open);
    return open;
  }

  /** Makes the kernel what the plan says, from whatever it is now. */
  async converge(plan: LabPlan, options: ConvergeOptions = {}): Promise<void> {
    this.refuseForeign(plan);
    const change = compare(plan, this.#read().ours);
    this.#claimed = new Set([...this.#claimed, ...plan.namespaces.keys()]);
    const created = new Set(change.create);
    let transactions: readonly Transaction[] = [];
    const steps: (() => Promise<void>)[] = [
      () => this.#remove(change.remove),
      // Rulesets are written while another process makes the namespaces.
      async () => {
        const [written, made] = await Promise.allSettled([this.#writeRulesets(plan), this.#create(change.create)]);
        if (made.status === 'rejected') throw made.reason;
        if (written.status === 'rejected') throw written.reason;
        transactions = written.value;
      },
      async () => this.#writeSysctls(change.configure),
      () => this.#untilNamesAreFree(change.links, created),
      () => ipBatch(change.create.flatMap(addNamespaceBridges)),
      () => ipBatches(change.links.map(addLink)),
      () => this.#loadRulesets(transactions),
      () => this.#configure(change.configure, created),
      () => this.#untilLinksCarry(plan.links),
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
   * Brings every ruleset to what the plan now says, each in one transaction, and then parameters and routes; what is
   * untouched costs nothing.
   */
  async update(plan: LabPlan): Promise<void> {
    const namespaces = [...plan.namespaces.values()];
    // All of them to their end: whoever takes a failed change back has to know what became of each.
    const done = await Promise.allSettled(namespaces.map((namespace) => this.#updateRuleset(namespace)));
    const failed = done.find((each) => each.status === 'rejected');
    if (failed) throw failed.reason;
    for (const namespace of namespaces) {
      const isSet = this.#updateSysctls(namespace);
      if ((await this.#updateRouting(namespace)) || isSet) this.#complete(plan, [namespace]);
    }
  }

  /** Starts what a first change would otherwise wait for: 3 ms per namespace that filters, a little at a time. */
  async prepareUpdates(): Promise<void> {
    for (const name of [...this.#rulesets.keys()]) {
      if (this.#rulesets.has(name)) this.#session(name); // else released meanwhile
      await nextTurn();
    }
  }

  /** Removes every namespace that carries this lab's mark, with the processes inside. */
  async destroy(): Promise<void> {
    await this.release();
    await this.#remove([...this.#read().ours.keys()]);
  }

  /** Lets go of everything and leaves it running: the namespaces go on filtering. */
  async release(): Promise<void> {
    const sessions = [...this.#nft.values()];
    for (const netns of this.#netns.values()) closeNetns(netns);
    this.#nft.clear();
    this.#netns.clear();
    this.#rulesets.clear();
    this.#routing.clear();
    this.#sysctls.clear();
    await Promise.all(sessions.map((session) => session.close()));
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

  async #remove(names: readonly string[]): Promise<void> {
    if (names.length === 0) return;
    await endInhabitants(names);
    await ipBatch(names.map(removeNamespace));
  }

  async #create(namespaces: readonly NamespacePlan[]): Promise<void> {
    await ipBatches(namespaces.map(({ name }) => addNamespace(name)));
    for (const { name } of namespaces) markOwner(this.netns(name), this.#lab);
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
    return [...plan.namespaces.values()].flatMap(({ name, ruleset }) =>
      ruleset === null ? [] : [this.#writeTransaction(name, ruleset())],
    );
  }

  #writeTransaction(name: string, ruleset: Ruleset): Transaction {
    const file = this.#transactionFile(name);
    writeTransaction(file, render(ruleset));
    return { name, ruleset, file };
  }

  async #loadRulesets(transactions: readonly Transaction[]): Promise<void> {
    await applyInNamespaces(transactions.map(({ name, file }) => ({ namespace: this.netns(name), file })));
    for (const { name, ruleset } of transactions) this.#rulesets.set(name, ruleset);
  }

  async #updateRuleset({ name, ruleset }: NamespacePlan): Promise<void> {
    if (ruleset === null) return;
    const before = this.#rulesets.get(name);
    const wanted = ruleset();
    if (wanted === before) return;
    const change = before === undefined ? render(wanted) : difference(before, wanted);
    if (change !== null) await this.#session(name).apply(change);
    this.#rulesets.set(name, wanted);
  }

  /** @returns whether anything had to change; after a failure the kernel is asked what it has */
  async #updateRouting({ name, routing }: NamespacePlan): Promise<boolean> {
    if (routing === undefined) return false;
    const before = this.#routing.get(name) ?? (await readRouting(this.netns(name)));
    const commands = routingDifference(before, routing);
    if (commands.length > 0) {
      this.#routing.delete(name);
      await ipBatch(commands, this.netns(name));
    }
    this.#routing.set(name, routing);
    return commands.length > 0;
  }

  #session(name: string): NftSession {
    const running = this.#nft.get(name);
    if (running && !running.isEnded) return running;
    const session = new NftSession(this.netns(name), this.#transactionFile(name));
    this.#nft.set(name, session);
    return session;
  }

  #transactionFile(namespace: string): string {
    const directory = path.join(labDirectory(this.#lab), 'nft');
    fs.mkdirSync(directory, { recursive: true, mode: 0o700 });
    return path.join(directory, `${namespace}.nft`);
  }

  async #configure(namespaces: readonly NamespacePlan[], created: ReadonlySet<NamespacePlan>): Promise<void> {
    await ipInNamespaces(
      namespaces.map((namespace) => {
        const begins = created.has(namespace) ? this.#beginning(namespace) : [];
        return { namespace: this.netns(namespace.name), commands: [...begins, ...namespace.configuration] };
      }),
    );
    for (const namespace of namespaces) await this.#updateRouting(namespace);
  }

  /** Of a namespace that was just made: its tables are known to be empty. */
  #beginning({ name, initialConfiguration = [] }: NamespacePlan): readonly string[] {
    this.#routing.set(name, NO_ROUTING);
    return initialConfiguration;
  }

  /** The kernel takes a removed namespace apart later: until then the other ends of its links keep their names. */
  async #untilNamesAreFree(links: readonly LinkPlan[], created: ReadonlySet<NamespacePlan>): Promise<void> {
    const fresh = new Set([...created].map(({ name }) => name));
    const ends = links.map(({ far }) => far).filter(({ namespace }) => !fresh.has(namespace));
    const deadline = Date.now() + LINKS_MS;
    const namesIn = new Map(
      [...new Set(ends.map(({ namespace }) => namespace))].map((each) => [each, this.netns(each)]),
    );
    const taken = () => {
      const present = new Map([...namesIn].map(([name, netns]) => [name, listLinks(netns)]));
      return ends.find(({ namespace, name }) => present.get(namespace)?.has(name));
    };
    for (let end = taken(); end !== undefined; end = taken()) {
      if (Date.now() > deadline) {
        const stderr = 'the link of a removed namespace stays';
        throw new KernelError({ command: `link add ${end.name}`, namespace: end.namespace, stderr });
      }
      await sleep(1);
    }
  }

  async #untilLinksCarry(links: readonly LinkPlan[]): Promise<void> {
    const namesIn = new Map<string, string[]>();
    for (const end of links.flatMap(({ near, far }) => [near, far])) {
      namesIn.set(end.namespace, [...(namesIn.get(end.namespace) ?? []), end.name]);
    }
    const deadline = Date.now() + LINKS_MS;
    for (const [namespace, names] of namesIn) {
      await untilRunning(this.netns(namespace), names, deadline);
    }
  }

  #complete(plan: LabPlan, namespaces: readonly NamespacePlan[]): void {
    for (const namespace of namespaces) markComplete(this.netns(namespace.name), fingerprintOf(plan, namespace));
  }
}

function addNamespaceBridges({ name, bridges }: NamespacePlan): string[] {
  return bridges.map((bridge) => `link add ${bridge.name} index ${bridge.index} netns ${name} up type bridge`);
}

async function untilRunning(netns: Netns, names: readonly string[], deadline: number): Promise<void> {
  let idle = idleLinks(netns, names);
  while (idle.length > 0) {
    if (Date.now() > deadline) {
      const stderr = 'the link stays without carrier';
      throw new KernelError({ command: `link set ${idle[0]} up`, namespace: netns.name, stderr });
    }
    await sleep(1);
    idle = idleLinks(netns, idle);
  }
}
