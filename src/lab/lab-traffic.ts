/** What lives above a lab's kernel objects: servers, services, the observer of kernel reports, and who sends probes. */
import { type ProbeQuestion, type ProbeSpec, resolveProbe } from '../cloud/text/probe.js';
import type { Cloud } from '../cloud/types.js';
import type { Epoll } from '../kernel/epoll.js';
import type { OpenNamespaces } from '../kernel/netns.js';
import { addressAliases } from '../observe/address-aliases.js';
import { Observer } from '../observe/observer.js';
import { type PacketReport, packetReport } from '../observe/packet-report.js';
import { FlowDispatcher } from '../traffic/flow-dispatcher.js';
import { Flows } from '../traffic/flows.js';
import { Listeners } from '../traffic/listeners.js';
import { type DesiredResource, OpenSet, type Staged } from '../traffic/open-set.js';
import { Packets } from '../traffic/packets.js';
import { Prober, type ProberContext } from '../traffic/prober.js';
import { LinkLocalServices } from '../traffic/services/link-local.js';
import type { ProbeResult } from '../verdict/types.js';
import { filteringNamespaces } from './filtering-namespaces.js';
import type { Machine } from './init.js';
import type { Integrity } from './integrity.js';
import type { States } from './namespace-state.js';
import { findMachine } from './programs.js';
import { requireProxy, startProxies } from './proxies.js';

export interface LabTrafficContext extends Omit<ProberContext, 'observer' | 'doubt'> {
  readonly integrity: Integrity;
}

export class LabTraffic {
  readonly prober: Prober;
  readonly flows: Flows;
  readonly packets: Packets;
  readonly observer: Observer;
  readonly #namespaces: OpenNamespaces;
  readonly #cloud: () => Cloud;
  readonly #epoll: Epoll;
  readonly #places: OpenSet;
  readonly #listeners: Listeners;
  readonly #services: LinkLocalServices;
  readonly #integrity: Integrity;

  constructor({ namespaces, cloud, epoll, integrity }: LabTrafficContext) {
    this.observer = new Observer((address) => addressAliases(cloud(), address));
    const doubt = (question: ProbeQuestion) => integrity.doubt(question);
    const context = { epoll, observer: this.observer, namespaces, cloud, doubt };
    this.#epoll = epoll;
    this.#integrity = integrity;
    const dispatcher = new FlowDispatcher();
    this.#namespaces = namespaces;
    this.#cloud = cloud;
    this.#places = new OpenSet(namespaces);
    this.#listeners = new Listeners({ epoll: this.#epoll, dispatcher }, namespaces);
    this.#services = new LinkLocalServices(context);
    this.prober = new Prober(context);
    this.flows = new Flows(context, this.prober, dispatcher);
    this.packets = new Packets(context, this.flows);
  }

  /**
   * Opens what can be opened before the change: a port that is taken ends it here. Where only rules, lists and the like
   * differ, there is nothing to do.
   * @param before null: nothing is open yet
   * @throws SglabError
   */
  stage(before: Cloud | null, next: Cloud, states: States): Staged {
    if (before !== null && hasSameMachines(before, next)) return NOTHING;
    requireProxy(next);
    const parts: Staged[] = [];
    const undo = () => {
      for (const part of parts) part.undo();
    };
    try {
      parts.push(this.#places.stage(this.#reporting(next, states)));
      parts.push(this.#services.stage(next));
      parts.push(this.#listeners.stage(before, next));
    } catch (error) {
      undo();
      throw error;
    }
    return {
      grow: async () => {
        for (const part of parts) await part.grow();
        await startProxies(next, this.#namespaces);
      },
      commit: () => {
        for (const part of parts) part.commit();
        this.flows.forgetGone();
        this.prober.forgetGone();
      },
      undo,
    };
  }

  /** Tells every verdict of a card or router, in the words of reports, until the returned function is called. */
  onReport(tell: (report: PacketReport) => void, onEnd: () => void): () => void {
    return this.observer.listen({
      onRecord: ({ netns, interfaceId }, record) => {
        const report = packetReport(this.#cloud(), { namespace: netns.name, interfaceId }, record);
        if (report !== null) tell(report);
      },
      onEnd,
    });
  }

  machine(word: string): Machine {
    return findMachine(this.#cloud(), word, this.#namespaces);
  }

  /** Puts one question, in words, with real packets. @throws CloudError for words that name nothing */
  probe(spec: ProbeSpec, signal?: AbortSignal): Promise<ProbeResult> {
    return this.prober.probe({ from: spec.from, to: spec.to, question: resolveProbe(this.#cloud(), spec) }, signal);
  }

  /** Opens a flow, in words. @throws SglabError for words that name nothing, or a name in use */
  openFlow(name: string, spec: ProbeSpec, send: 'client' | 'both'): Promise<ProbeResult> {
    return this.flows.open(name, { from: spec.from, to: spec.to, question: resolveProbe(this.#cloud(), spec) }, send);
  }

  close(): void {
    this.flows.close();
    this.prober.close();
    this.#listeners.close();
    this.#services.close();
    this.observer.close();
    this.#epoll.close();
  }

  /** Namespaces whose kernel reports are to be heard. */
  #reporting(cloud: Cloud, states: States): DesiredResource[] {
    return filteringNamespaces(cloud, states).map(({ namespace, interfaceId }) => ({
      key: namespace,
      namespace,
      isReady: false,
      open: (netns) => {
        const watch = this.#integrity.watch(netns);
        const stop = this.observer.observe({ netns, interfaceId });
        return {
          close: () => {
            watch.close();
            stop();
          },
        };
      },
    }));
  }
}

const NOTHING: Staged = { grow: async () => {}, commit: () => {}, undo: () => {} };

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
