/** Whether the kernel still has what the lab has written, and the way back to it. */
import type { ProbeQuestion } from '../cloud/text/probe.js';
import type { Cloud } from '../cloud/types.js';
import type { Epoll } from '../kernel/epoll.js';
import type { Netns } from '../kernel/netns.js';
import type { Dataplane } from './dataplane.js';
import type { Drift } from './drift.js';
import { namespacesOfQuestion } from './filtering-namespaces.js';
import { type Depth, type Finding, Guard } from './guard.js';
import type { HistoryFile } from './history-file.js';
import type { Planner } from './planner.js';

export interface IntegrityContext {
  readonly lab: string;
  readonly epoll: Epoll;
  readonly cloud: () => Cloud;
  readonly planner: Planner;
  readonly dataplane: Dataplane;
  readonly history: HistoryFile;
}

export interface IntegrityActions {
  /** Runs an action while no change of the lab is under way. */
  alone<T>(action: () => Promise<T>): Promise<T>;
  /** Opens the servers and observers of what was made anew. */
  reopen(): Promise<void>;
}

export class Integrity {
  readonly #context: IntegrityContext;
  readonly #actions: IntegrityActions;
  readonly #guard: Guard;
  /** What the history has an entry of, as JSON. */
  #reported = new Set<string>();

  constructor(context: IntegrityContext, actions: IntegrityActions) {
    const { lab, epoll, planner, dataplane } = context;
    this.#context = context;
    this.#actions = actions;
    this.#guard = new Guard({
      ...{ lab, epoll, namespaces: dataplane.namespaces, states: () => planner.states },
      writes: (namespace) => dataplane.writes(namespace),
    });
  }

  /** See Guard. */
  watch(netns: Netns): { close(): void } {
    return this.#guard.watch(netns);
  }

  /** See Guard. */
  suspectAll(): void {
    this.#guard.suspectAll();
  }

  /** Runs what writes rulesets in another way than the lab's changes do. */
  allow<T>(action: () => Promise<T>): Promise<T> {
    return this.#guard.allow(action);
  }

  /** The lab has changed these itself. */
  forgive(names: ReadonlySet<string>): void {
    this.#guard.forgive(names);
  }

  /** Tells that something has changed in the kernel, by this process or another, until the returned function is called. */
  onSuspicion(tell: () => void): () => void {
    return this.#guard.suspicion.add(tell);
  }

  /** What somebody else has changed in the kernel, everywhere. */
  async drift(): Promise<Drift[]> {
    return (await this.#actions.alone(() => this.#findAll())).map(driftOf);
  }

  /** Why a verdict on this question would not be about the lab's rules; null: the kernel has what was written. */
  async doubt(question: ProbeQuestion): Promise<string | null> {
    const names = namespacesOfQuestion(this.#context.cloud(), this.#context.planner.states, question);
    const findings = await this.#actions.alone(() => this.#find(names, 'what decides'));
    if (findings.length === 0) return null;
    const places = findings.map(({ namespace, differences }) => `${namespace} (${differences.join('; ')})`);
    return `somebody else has changed ${places.join(' and ')}: \`sglab repair\` takes it back`;
  }

  /** Takes back what somebody else has changed in the kernel, and starts what he has ended. @returns what it was @throws KernelError */
  repair(): Promise<Drift[]> {
    return this.#actions.alone(async () => {
      const findings = await this.#findAll();
      const { dataplane, planner } = this.#context;
      if (findings.length > 0) await dataplane.repair(findings, planner.states);
      await this.#actions.reopen();
      if (findings.length === 0) return [];
      this.#guard.accept(findings.map(({ namespace }) => namespace));
      this.#reported = new Set();
      const places = findings.map(driftOf);
      this.#context.history.add({ type: 'drift', time: new Date().toISOString(), isMended: true, places });
      return places;
    });
  }

  #findAll(): Promise<Finding[]> {
    return this.#find([...this.#context.planner.states.keys()], 'everything');
  }

  /** What is found is an entry of the history, once. */
  async #find(names: readonly string[], depth: Depth): Promise<Finding[]> {
    const findings = await this.#guard.check(names, depth);
    const places = findings.map(driftOf).filter((each) => !this.#reported.has(JSON.stringify(each)));
    if (places.length === 0) return findings;
    for (const each of places) this.#reported.add(JSON.stringify(each));
    this.#context.history.add({ type: 'drift', time: new Date().toISOString(), isMended: false, places });
    return findings;
  }
}

function driftOf({ namespace, differences }: Finding): Drift {
  return { namespace, differences };
}
