/** The rulesets that are in force in a lab's namespaces, and the nft processes and files by which they change. */
import fs from 'node:fs';
import path from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Netns } from '../kernel/netns.js';
import { applyInNamespaces, NftSession } from '../kernel/nft.js';
import { difference, type Ruleset, render } from '../ruleset/index.js';
import { allToTheirEnd } from './all-to-their-end.js';
import type { NamespacePlan } from './plan.js';
import { labDirectory } from './run-directory.js';

/** A namespace's whole ruleset, as nft reads it. */
export interface WholeRuleset {
  readonly name: string;
  readonly ruleset: Ruleset;
  readonly text: string;
}

export class Rulesets {
  readonly #lab: string;
  readonly #netns: (name: string) => Netns;
  readonly #sessions = new Map<string, NftSession>();
  readonly #inForce = new Map<string, Ruleset>();
  #isPrepared = false;
  #hasNew = false;

  constructor(lab: string, netns: (name: string) => Netns) {
    this.#lab = lab;
    this.#netns = netns;
  }

  /** Writes whole rulesets for `load`. */
  write(namespaces: Iterable<NamespacePlan>): WholeRuleset[] {
    return [...namespaces].flatMap(({ name, ruleset: make }) => {
      if (make === null) return [];
      const ruleset = make();
      return [{ name, ruleset, text: render(ruleset) }];
    });
  }

  async load(rulesets: readonly WholeRuleset[]): Promise<void> {
    await applyInNamespaces(
      rulesets.map(({ name, text }) => ({ namespace: this.#netns(name), text, file: this.#file(name) })),
    );
    for (const { name, ruleset } of rulesets) this.#inForce.set(name, ruleset);
    this.#hasNew = true;
  }

  /** Brings each to what its plan says, in one transaction; what is untouched costs nothing. @throws KernelError */
  async update(namespaces: Iterable<NamespacePlan>): Promise<void> {
    await allToTheirEnd([...namespaces].map((namespace) => this.#update(namespace)));
  }

  /** Starts what a first change would otherwise wait for: 3 ms per namespace that filters, a little at a time. */
  async prepare(): Promise<void> {
    this.#isPrepared = true;
    this.#hasNew = false;
    for (const name of [...this.#inForce.keys()]) {
      if (this.#inForce.has(name)) this.#session(name); // else released meanwhile
      await nextTurn();
    }
  }

  /** The same for what has come since, where it was asked for. */
  async prepareNew(): Promise<void> {
    if (this.#isPrepared && this.#hasNew) await this.prepare();
  }

  /** Ends what would keep namespaces in the kernel. */
  async end(names: readonly string[]): Promise<void> {
    const sessions = names.flatMap((name) => this.#sessions.get(name) ?? []);
    for (const name of names) {
      this.#sessions.delete(name);
      this.#inForce.delete(name);
    }
    await Promise.all(sessions.map((session) => session.close()));
    for (const name of names) fs.rmSync(this.#file(name), { force: true });
  }

  async release(): Promise<void> {
    const sessions = [...this.#sessions.values()];
    this.#isPrepared = false;
    this.#sessions.clear();
    this.#inForce.clear();
    await Promise.all(sessions.map((session) => session.close()));
  }

  async #update({ name, ruleset }: NamespacePlan): Promise<void> {
    const before = this.#inForce.get(name);
    const wanted = ruleset?.();
    if (wanted === undefined || wanted === before) return;
    const change = before === undefined ? render(wanted) : difference(before, wanted);
    if (change !== null) await this.#session(name).apply(change);
    this.#inForce.set(name, wanted);
  }

  #session(name: string): NftSession {
    const running = this.#sessions.get(name);
    if (running && !running.isEnded) return running;
    const session = new NftSession(this.#netns(name), this.#file(name));
    this.#sessions.set(name, session);
    return session;
  }

  #file(namespace: string): string {
    const directory = path.join(labDirectory(this.#lab), 'nft');
    fs.mkdirSync(directory, { recursive: true, mode: 0o700 });
    return path.join(directory, `${namespace}.nft`);
  }
}
