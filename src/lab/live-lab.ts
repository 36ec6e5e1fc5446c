/** A lab with everything that makes it live: servers inside its machines, ears in its namespaces, a prober. */
import { applyMutation } from '../changes/mutation.js';
import type { Mutation } from '../changes/verbs.js';
import { type ProbeSpec, resolveProbe } from '../cloud/text/probe.js';
import type { Cloud } from '../cloud/types.js';
import type { Aged } from '../kernel/aged.js';
import { Epoll } from '../kernel/epoll.js';
import type { Netns } from '../kernel/netns.js';
import { twinsOf } from '../observe/addresses-seen.js';
import { type Listener, Observer } from '../observe/observer.js';
import { type PacketReport, packetReport } from '../observe/packet-report.js';
import type { Origin } from '../records/history/types.js';
import { FlowDesk } from '../traffic/flow-desk.js';
import { Flows } from '../traffic/flows.js';
import { Listeners } from '../traffic/listeners.js';
import { OpenSet, type Wanted } from '../traffic/open-set.js';
import { Packets } from '../traffic/packets.js';
import { Prober } from '../traffic/prober.js';
import { LinkLocalServices } from '../traffic/services/link-local.js';
import type { ProbeResult } from '../verdict/types.js';
import { Lab, type LabOptions, type Staged } from './lab.js';
import { filteringPlaces } from './places.js';
import { findMachine, type Machine } from './programs.js';
import { requireProxy, startProxies } from './proxies.js';

export class LiveLab {
  readonly lab: Lab;
  readonly prober: Prober;
  readonly flows: Flows;
  readonly packets: Packets;
  readonly #epoll = new Epoll();
  readonly #observer: Observer;
  readonly #places = new OpenSet();
  readonly #listeners: Listeners;
  readonly #services: LinkLocalServices;
  #isRehearsing = false;
  readonly #onChange = new Set<(before: Cloud, next: Cloud) => void>();
  #turns: Promise<unknown> = Promise.resolve();

  private constructor(lab: Lab) {
    this.lab = lab;
    const netns = (name: string) => lab.netns(name);
    this.#observer = new Observer((address) => twinsOf(lab.cloud, address));
    const context = { epoll: this.#epoll, observer: this.#observer, netns, cloud: () => lab.cloud };
    const desk = new FlowDesk();
    this.#listeners = new Listeners({ epoll: this.#epoll, desk }, netns);
    this.#services = new LinkLocalServices(context);
    this.prober = new Prober(context);
    this.flows = new Flows(context, this.prober, desk);
    this.packets = new Packets(context, this.flows);
  }

  /** Builds a lab or takes over a left one; on any error nothing of it remains. */
  static async up(cloud: Cloud, options: LabOptions): Promise<LiveLab> {
    requireProxy(cloud);
    const lab = await Lab.up(cloud, options);
    const live = new LiveLab(lab);
    try {
      // What was taken over may have changed since it was defined.
      const staged = live.#stage(null, lab.cloud);
      await staged.grow();
      staged.commit();
      return live;
    } catch (error) {
      await live.down();
      throw error;
    }
  }

  /** Tells every verdict of a card or router, in the words of reports, until the returned function is called. */
  onReport(tell: (report: PacketReport) => void, onEnd: () => void): () => void {
    return this.#observer.listen({
      onRecord: ({ netns, interfaceId }, record) => {
        const report = packetReport(this.cloud, { namespace: netns.name, interfaceId }, record);
        if (report !== null) tell(report);
      },
      onEnd,
    });
  }

  /** Tells every record of the kernel, as it is, until the returned function is called. */
  listen(listener: Listener): () => void {
    return this.#observer.listen(listener);
  }

  /** Tells of every change before the kernel is touched, which may still refuse it, until the returned function is called. */
  onChange(tell: (before: Cloud, next: Cloud) => void): () => void {
    this.#onChange.add(tell);
    return () => this.#onChange.delete(tell);
  }

  get cloud(): Cloud {
    return this.lab.cloud;
  }

  /** When it returns, the next packet meets the new rules. @throws SglabError; nothing has changed then */
  async mutate(mutation: Mutation, origin?: Origin): Promise<void> {
    await this.change((before) => applyMutation(before, mutation), origin);
  }

  /** The same for any change, of machines and networks too. @returns the new cloud */
  change(mutate: (cloud: Cloud) => Cloud, origin?: Origin): Promise<Cloud> {
    return this.#inTurn(() => this.#change(mutate, origin));
  }

  /**
   * Whatever `action` changes by the function that it is given is taken back when it is over. Changes by others wait until
   * then, so none is lost and none is taken back with it.
   */
  rehearse<T>(action: (change: (mutate: (cloud: Cloud) => Cloud) => Promise<Cloud>) => Promise<T>): Promise<T> {
    return this.#inTurn(async () => {
      const before = this.cloud;
      this.#isRehearsing = true;
      try {
        return await action((mutate) => this.#change(mutate));
      } finally {
        if (this.cloud !== before) await this.#change(() => before);
        this.#isRehearsing = false;
      }
    });
  }

  /** What packets meet now is only tried: it says nothing about the lab. */
  get isRehearsing(): boolean {
    return this.#isRehearsing;
  }

  #change(mutate: (cloud: Cloud) => Cloud, origin?: Origin): Promise<Cloud> {
    return this.lab.change(mutate, (next) => this.#stage(this.cloud, next), origin);
  }

  #inTurn<T>(action: () => Promise<T>): Promise<T> {
    const done = this.#turns.then(action);
    this.#turns = done.catch(() => {});
    return done;
  }

  /** Servers, services, ears and proxies of what comes; those of what goes are let go of. */
  #stage(before: Cloud | null, next: Cloud): Staged {
    const netns = (name: string) => this.lab.netns(name);
    const isSame = before !== null && hasSameMachines(before, next);
    if (before !== null) for (const tell of this.#onChange) tell(before, next);
    if (!isSame) requireProxy(next);
    const others = isSame ? [] : [this.#places.stage(this.#ears(next)), this.#services.stage(next)];
    const parts = [...others, this.#listeners.stage(before, next)];
    return {
      grow: async () => {
        for (const part of parts) await part.grow();
        if (!isSame) await startProxies(next, netns);
      },
      commit: () => {
        for (const part of parts) part.commit();
        const isGone = (each: Netns) => !this.lab.holds(each);
        this.flows.forget(isGone);
        this.prober.forget(isGone);
      },
      undo: () => {
        for (const part of parts) part.undo();
      },
    };
  }

  #ears(cloud: Cloud): Wanted[] {
    return filteringPlaces(cloud).map(({ namespace, interfaceId }) => ({
      key: namespace,
      netns: () => this.lab.netns(namespace),
      isReady: false,
      open: (netns) => ({ close: this.#observer.observe({ netns, interfaceId }) }),
    }));
  }

  /** Lets whole seconds of silence pass for every connection of the lab, in milliseconds. */
  advance(seconds: number): Promise<Aged> {
    return this.lab.advance(seconds);
  }

  machine(word: string): Machine {
    return findMachine(this.cloud, word, (name) => this.lab.netns(name));
  }

  /** Puts one question, in words, with real packets. @throws CloudError for words that name nothing */
  probe(spec: ProbeSpec): Promise<ProbeResult> {
    return this.prober.probe({ from: spec.from, to: spec.to, question: resolveProbe(this.cloud, spec) });
  }

  /** Opens a flow, in words. @throws SglabError for words that name nothing, or a name in use */
  openFlow(name: string, spec: ProbeSpec, send: 'client' | 'both'): Promise<ProbeResult> {
    return this.flows.open(name, { from: spec.from, to: spec.to, question: resolveProbe(this.cloud, spec) }, send);
  }

  async down(): Promise<void> {
    this.#close();
    await this.lab.down();
  }

  /** Leaves the lab filtering in the kernel, for another process to take over. */
  async release(): Promise<void> {
    this.#close();
    await this.lab.release();
  }

  #close(): void {
    this.flows.close();
    this.prober.close();
    this.#listeners.close();
    this.#services.close();
    this.#observer.close();
    this.#epoll.close();
  }
}

/** Whether only rules, lists and the like differ: nothing comes or goes. */
function hasSameMachines(before: Cloud, next: Cloud): boolean {
  const records = [
    'vpcs',
    'subnets',
    'peerings',
    'transitGateways',
    'gatewayEndpoints',
    'instances',
    'networkInterfaces',
    'externalHosts',
  ] as const;
  return records.every((record) => before[record] === next[record]);
}
