import fs from 'node:fs';
import path from 'node:path';
import { settleAll } from './errors.js';
import { inspectNamespace } from './inspect.js';
import { ipBatch, ipBatches, ipInNamespaces, ipRemovals } from './ip.js';
import { addBridge, addLink, addNamespace, removeLink, removeNamespace, routingLines, set, unset } from './ip-text.js';
import type { Inspected, Kernel, Tell } from './kernel.js';
import { waitForCarrier, waitForFreeNames } from './link-state.js';
import { killNamespaceProcesses } from './namespace-processes.js';
import { listNetns, OpenNamespaces } from './netns.js';
import { applyInNamespaces, NftSession } from './nft.js';
import type { ChangeRouting, ChangeRuleset, Create, LoadRuleset, Operation, OperationOf, Remove } from './operation.js';
import { readRouting } from './routes.js';
import { writeSysctls } from './sysctl.js';
import { makeOwnedNamespaces } from './user-namespaces.js';

/** As many links are made as soon by one process as by several. */
const FEW_LINKS = 8;

/** The kernel of this host, through `ip`, `nft`, and its files below /proc. */
export class RealKernel implements Kernel {
  readonly namespaces = new OpenNamespaces();
  readonly #directory: string;
  readonly #sessions = new Map<string, NftSession>();

  /** @param directory where the last transaction of each namespace is kept */
  constructor(directory: string) {
    this.#directory = directory;
  }

  list(): string[] {
    return listNetns();
  }

  inspect(namespace: string, sysctls: readonly string[]): Inspected | null {
    return inspectNamespace(namespace, sysctls);
  }

  async perform(operations: readonly Operation[], tell: Tell): Promise<void> {
    const all = new Map<Operation['type'], Operation[]>();
    for (const each of operations) all.set(each.type, [...(all.get(each.type) ?? []), each]);
    const of = <T extends Operation['type']>(type: T) => (all.get(type) ?? []) as OperationOf<T>[];
    const together = async (those: readonly Operation[], action: () => Promise<void>) => {
      if (those.length === 0) return;
      await action();
      for (const each of those) tell(each, 'done');
    };
    const links = [...of('bridge'), ...of('link')];
    const [removed, created, loaded] = [of('remove'), of('create'), of('load ruleset')];
    const [settings, unwanted, routed] = [of('set'), of('unset'), of('route')];
    await settleAll([
      together(removed, () => this.#remove(removed)),
      together(created, () => this.#create(created)),
      ...of('sysctls').map((each) => together([each], async () => this.#writeSysctls(each))),
      together(links, () => this.#connect(of('bridge'), of('link'))),
      together(loaded, () => this.#load(loaded)),
      ...of('change ruleset').map((each) => together([each], () => this.#changeRuleset(each, tell))),
      together(settings, () => this.#set(settings)),
      together(routed, () => this.#route(routed)),
      ...unwanted.map((each) => together([each], () => this.#unset(each))),
      together(of('free names'), () => waitForFreeNames(this.namespaces, of('free names'))),
      together(of('carrier'), () => waitForCarrier(this.namespaces, of('carrier'))),
    ]);
  }

  prepareChange(namespace: string): void {
    this.#session(namespace);
  }

  async release(): Promise<void> {
    this.namespaces.closeAll();
    const sessions = [...this.#sessions.values()];
    this.#sessions.clear();
    await Promise.all(sessions.map((session) => session.close()));
  }

  async #create(operations: readonly Create[]): Promise<void> {
    const hosts = operations.filter(({ owner }) => owner === null).map(({ namespace }) => addNamespace(namespace));
    const owned = operations.flatMap(({ namespace, owner }) => (owner === null ? [] : [{ name: namespace, owner }]));
    await settleAll([ipBatches(hosts), makeOwnedNamespaces(owned)]);
  }

  /** Of some of them a part may be gone already, or all. */
  async #remove(operations: readonly Remove[]): Promise<void> {
    await this.#endSessions(operations);
    const ends = operations.flatMap(({ farEnds }) => farEnds);
    for (const namespace of new Set(ends.map((end) => end.namespace))) {
      const lines = ends.filter((end) => end.namespace === namespace).map(({ name }) => removeLink(name));
      await ipRemovals(lines, this.namespaces.netns(namespace));
    }
    const present = new Set(this.list());
    const names = operations.map(({ namespace }) => namespace).filter((name) => present.has(name));
    if (names.length > 0) await killNamespaceProcesses(names);
    await ipBatch(names.map(removeNamespace));
    for (const { namespace } of operations) this.namespaces.forget(namespace);
  }

  /** They would keep namespaces in the kernel. */
  async #endSessions(operations: readonly Remove[]): Promise<void> {
    const sessions = operations.flatMap(({ namespace }) => this.#sessions.get(namespace) ?? []);
    for (const { namespace } of operations) this.#sessions.delete(namespace);
    await Promise.all(sessions.map((session) => session.close()));
    for (const { namespace } of operations) fs.rmSync(this.#file(namespace), { force: true });
  }

  #writeSysctls({ namespace, sysctls }: OperationOf<'sysctls'>): void {
    writeSysctls(this.namespaces.netns(namespace), sysctls);
  }

  /** Bridges first: links may be ports of them. */
  async #connect(bridges: readonly OperationOf<'bridge'>[], links: readonly OperationOf<'link'>[]): Promise<void> {
    const ports = bridges.map(({ namespace, bridge }) => addBridge(namespace, bridge));
    const pairs = links.map(({ link }) => addLink(link));
    if (pairs.length <= FEW_LINKS) return ipBatch([...ports, ...pairs]);
    await ipBatch(ports);
    await ipBatches(pairs);
  }

  #load(operations: readonly LoadRuleset[]): Promise<void> {
    return applyInNamespaces(
      operations.map(({ namespace, text }) => {
        return { namespace: this.namespaces.netns(namespace), text, file: this.#file(namespace) };
      }),
    );
  }

  async #changeRuleset(operation: ChangeRuleset, tell: Tell): Promise<void> {
    const session = this.#session(operation.namespace);
    try {
      await session.apply(operation.text);
    } catch (error) {
      if (session.isEnded) tell(operation, 'in doubt');
      throw error;
    }
  }

  #set(operations: readonly OperationOf<'set'>[]): Promise<void> {
    return ipInNamespaces(
      operations.map(({ namespace, settings }) => {
        return { namespace: this.namespaces.netns(namespace), commands: settings.map(set) };
      }),
    );
  }

  #unset({ namespace, settings }: OperationOf<'unset'>): Promise<void> {
    return ipRemovals(settings.flatMap(unset), this.namespaces.netns(namespace));
  }

  async #route(operations: readonly ChangeRouting[]): Promise<void> {
    const batches = operations.map(async ({ namespace: name, from, to }) => {
      const namespace = this.namespaces.netns(name);
      return { namespace, commands: routingLines(from ?? (await readRouting(namespace)), to) };
    });
    await ipInNamespaces(await Promise.all(batches));
  }

  #session(namespace: string): NftSession {
    const running = this.#sessions.get(namespace);
    if (running && !running.isEnded) return running;
    const session = new NftSession(this.namespaces.netns(namespace), this.#file(namespace));
    this.#sessions.set(namespace, session);
    return session;
  }

  #file(namespace: string): string {
    fs.mkdirSync(this.#directory, { recursive: true, mode: 0o700 });
    return path.join(this.#directory, `${namespace}.nft`);
  }
}
