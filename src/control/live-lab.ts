/** A lab with everything that makes it live: servers inside its machines, ears in its namespaces, a prober. */
import { applyMutation, type Mutation } from '../cloud/mutation.js';
import { type ProbeSpec, resolveProbe } from '../cloud/probe.js';
import type { Cloud } from '../cloud/types.js';
import type { Aged } from '../kernel/aged.js';
import { Epoll } from '../kernel/epoll.js';
import { Lab, type LabOptions } from '../lab/lab.js';
import { filteringPlaces } from '../lab/places.js';
import { twinsOf } from '../observe/addresses-seen.js';
import { Observer } from '../observe/observer.js';
import { type PacketReport, packetReport } from '../observe/packet-report.js';
import type { ProbeResult } from '../observe/types.js';
import { LinkLocalServices } from '../services/link-local.js';
import { FlowDesk } from '../traffic/flow-desk.js';
import { Flows } from '../traffic/flows.js';
import { Listeners } from '../traffic/listeners.js';
import { Packets } from '../traffic/packets.js';
import { Prober } from '../traffic/prober.js';
import { findMachine, type Machine } from './programs.js';
import { requireProxy, startProxies } from './proxies.js';

export class LiveLab {
  readonly lab: Lab;
  readonly prober: Prober;
  readonly flows: Flows;
  readonly packets: Packets;
  readonly #epoll = new Epoll();
  readonly #observer: Observer;
  readonly #listeners: Listeners;
  readonly #services: LinkLocalServices;

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
      for (const { namespace, interfaceId } of filteringPlaces(cloud)) {
        live.#observer.observe({ netns: lab.netns(namespace), interfaceId });
      }
      live.#services.open();
      live.#listeners.sync(cloud);
      await startProxies(cloud, (name) => lab.netns(name));
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

  get cloud(): Cloud {
    return this.lab.cloud;
  }

  /** When it returns, the next packet meets the new rules. @throws SglabError; nothing has changed then */
  async mutate(mutation: Mutation): Promise<void> {
    await this.lab.change(
      (before) => applyMutation(before, mutation),
      (next) => this.#listeners.stage(next),
    );
  }

  /** Another cloud with the same machines and addresses: rules and memberships may differ. */
  async replace(cloud: Cloud): Promise<void> {
    await this.lab.change(
      () => cloud,
      (next) => this.#listeners.stage(next),
    );
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
