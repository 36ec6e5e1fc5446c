/** Watches the namespaces that filter: what somebody else changes there would make verdicts about rules that are not in force. */
import type { Epoll } from '../kernel/epoll.js';
import { rulesetGeneration, watchNamespace } from '../kernel/namespace-events.js';
import type { Netns, OpenNamespaces } from '../kernel/netns.js';
import { readNamespaces } from '../kernel/read-namespace.js';
import { OpenSysctls, readSysctls, type Sysctls } from '../kernel/sysctl.js';
import { type Drift, type NetworkDrift, networkDrift } from './drift.js';
import { Listeners } from './listeners.js';
import { marksOf, type NamespaceState, type States } from './namespace-state.js';

export interface Guarded {
  readonly lab: string;
  readonly epoll: Epoll;
  readonly namespaces: OpenNamespaces;
  states(): States;
  /** How many rulesets this process has written there. */
  writes(namespace: string): number;
}

interface Watched {
  readonly netns: Netns;
  /** The ruleset's, before anything that was written since. */
  generation: number;
  writes: number;
  /** Events of its ruleset have come since its generation was read the last time, or it was another one. */
  isOther: boolean;
  /** Events have come since its network was read the last time. */
  isSuspect: boolean;
  /** Of the parameters that decide what is filtered and that have no events; opened by the first probe that needs them. */
  decisive: OpenSysctls | null;
}

/** `what decides`: whatever has no events and changes no verdict (marks, time-outs of tracking) is left out. */
export type Depth = 'what decides' | 'everything';

/** A bridge that does not hand its packets to the ruleset passes all of them. */
const DECISIVE = 'bridge.';

/** What is found to be otherwise in one namespace, with the means to take it back. */
export interface Finding extends Drift {
  readonly isRuleset: boolean;
  readonly isSysctl: boolean;
  readonly network: NetworkDrift;
}

const NO_DRIFT: NetworkDrift = { differences: [], down: [], foreign: [], foreignRules: [], lostRules: [], ruined: [] };

export class Guard {
  /** Told that something has changed, by us or by others. */
  readonly suspicion = new Listeners<[]>();
  readonly #context: Guarded;
  readonly #watched = new Map<string, Watched>();
  /** What a namespace's parameters differed in when all were read. */
  readonly #parameters = new Map<string, readonly string[]>();
  readonly #network = new Map<string, NetworkDrift>();
  readonly #wanted = new WeakMap<NamespaceState, Sysctls>();
  #isEverythingSuspect = false;

  constructor(context: Guarded) {
    this.#context = context;
  }

  /** What is watched from now on may have been changed since it was written. */
  suspectAll(): void {
    this.#isEverythingSuspect = true;
  }

  /** @returns ends it */
  watch(netns: Netns): { close(): void } {
    const { epoll, writes } = this.#context;
    const watched: Watched = {
      netns,
      generation: rulesetGeneration(netns),
      writes: writes(netns.name),
      isOther: false,
      isSuspect: this.#isEverythingSuspect,
      decisive: null,
    };
    this.#watched.set(netns.name, watched);
    const events = watchNamespace(netns, epoll, (changed) => {
      if (changed === 'network') watched.isSuspect = true;
      else watched.isOther = true;
      this.suspicion.tell();
    });
    return {
      close: () => {
        events.close();
        watched.decisive?.close();
        if (this.#watched.get(netns.name) === watched) this.#watched.delete(netns.name);
        this.#network.delete(netns.name);
        this.#parameters.delete(netns.name);
      },
    };
  }

  /** Runs what writes rulesets in another way than the lab's changes do. */
  async allow<T>(action: () => Promise<T>): Promise<T> {
    this.#context.epoll.deliverNow();
    const sound = [...this.#watched.values()].filter((watched) => !this.#hasOtherRuleset(watched));
    try {
      return await action();
    } finally {
      for (const watched of sound) this.#accept(watched);
    }
  }

  /** What is in force there now is what was written. */
  accept(names: Iterable<string>): void {
    for (const name of names) {
      const watched = this.#watched.get(name);
      if (watched !== undefined) this.#accept(watched);
      this.#parameters.delete(name);
    }
  }

  /** Events of our own changes make nothing suspect that was not. */
  forgive(names: ReadonlySet<string>): void {
    const sound = [...this.#watched].filter(([name, { isSuspect }]) => names.has(name) && !isSuspect);
    this.#context.epoll.deliverNow();
    for (const [name, watched] of sound) if (!this.#network.has(name)) watched.isSuspect = false;
  }

  /** What somebody else has changed in these namespaces. No change may be under way. */
  async check(names: readonly string[], depth: Depth): Promise<Finding[]> {
    this.#context.epoll.deliverNow();
    await this.#readSuspects(names);
    return names.flatMap((name): Finding[] => {
      const state = this.#context.states().get(name);
      if (state === undefined) return [];
      const watched = this.#watched.get(name);
      const isRuleset = watched !== undefined && this.#hasOtherRuleset(watched);
      const parameters = this.#parameterDrift(state, depth);
      const network = this.#network.get(name) ?? NO_DRIFT;
      const differences = [
        ...(isRuleset ? ["the ruleset is not the lab's"] : []),
        ...parameters,
        ...network.differences,
      ];
      if (differences.length === 0) return [];
      return [{ namespace: name, differences, isRuleset, isSysctl: parameters.length > 0, network }];
    });
  }

  #accept(watched: Watched): void {
    watched.generation = rulesetGeneration(watched.netns);
    watched.writes = this.#context.writes(watched.netns.name);
  }

  #hasOtherRuleset(watched: Watched): boolean {
    const { netns, generation, writes } = watched;
    if (!watched.isOther) return false;
    watched.isOther = rulesetGeneration(netns) !== generation + this.#context.writes(netns.name) - writes;
    return watched.isOther;
  }

  async #readSuspects(names: readonly string[]): Promise<void> {
    const states = this.#context.states();
    const suspects = names.flatMap((name) => {
      const [watched, state] = [this.#watched.get(name), states.get(name)];
      return watched?.isSuspect && state !== undefined ? [{ watched, state }] : [];
    });
    if (suspects.length === 0) return;
    for (const { watched } of suspects) watched.isSuspect = false;
    const found = await readNamespaces(suspects.map(({ watched }) => watched.netns));
    for (const [at, { state }] of suspects.entries()) {
      const there = found[at];
      const drift = there === undefined ? NO_DRIFT : networkDrift(states, state, there);
      if (drift.differences.length === 0) this.#network.delete(state.name);
      else this.#network.set(state.name, drift);
      // Forwarding and the like have events, too.
      this.#parameters.set(state.name, this.#differingParameters(state));
    }
  }

  #parameterDrift(state: NamespaceState, depth: Depth): readonly string[] {
    const known = this.#parameters.get(state.name) ?? [];
    if (depth === 'what decides' && known.length === 0 && this.#hasDecisive(state)) return known;
    const differences = this.#differingParameters(state);
    this.#parameters.set(state.name, differences);
    return differences;
  }

  #hasDecisive({ name, sysctls }: NamespaceState): boolean {
    const watched = this.#watched.get(name);
    const keys = Object.keys(sysctls).filter((key) => key.startsWith(DECISIVE));
    if (watched === undefined || keys.length === 0) return true;
    watched.decisive ??= new OpenSysctls(watched.netns, keys);
    const found = watched.decisive.read();
    return keys.every((key) => found.get(key) === String(sysctls[key]));
  }

  #differingParameters(state: NamespaceState): string[] {
    const wanted = this.#wantedParameters(state);
    const keys = Object.keys(wanted);
    const found = readSysctls(this.#context.namespaces.netns(state.name), keys);
    return keys.flatMap((key, at) =>
      found[at] === String(wanted[key]) ? [] : [`net.${key} is ${found[at]}, not ${wanted[key]}`],
    );
  }

  /** In a machine, whose user may change the others, the lab's mark only. A router's state is large: it is hashed once. */
  #wantedParameters(state: NamespaceState): Sysctls {
    const known = this.#wanted.get(state);
    if (known !== undefined) return known;
    const mark = marksOf(this.#context.lab, state);
    const wanted = state.ruleset === null ? mark : { ...state.sysctls, ...mark };
    this.#wanted.set(state, wanted);
    return wanted;
  }
}
