/**
 * A kernel that holds everything in memory: for saying what would be done without doing it, and for tests of every order of
 * changes without root. It refuses what the real one refuses.
 */
import type { Ruleset } from '../ruleset/ruleset.js';
import { KernelError } from './errors.js';
import { set, settingKey } from './ip-text.js';
import type { Inspected, Kernel, Tell } from './kernel.js';
import { type Netns, OpenNamespaces } from './netns.js';
import { type LinkEnd, NO_ROUTING, type Routing, type Setting } from './objects.js';
import type { AddLink, Await, Create, Operation, Remove } from './operation.js';

export interface FakeNamespace {
  readonly owner: number;
  readonly sysctls: Map<string, string>;
  readonly links: Map<string, FakeLink>;
  /** By what tells each from others. */
  readonly settings: Map<string, Setting>;
  routing: Routing;
  ruleset: Ruleset | null;
}

export interface FakeLink {
  isUp: boolean;
  readonly index: number | null;
  /** The other end of a pair. */
  readonly peer: LinkEnd | null;
}

/** Told of each operation, which fails where one of them throws: having done nothing, or all of it. */
export interface Faults {
  readonly before?: (operation: Operation) => void;
  readonly after?: (operation: Operation) => void;
}

export class FakeKernel implements Kernel {
  readonly namespaces: OpenNamespaces = new FakeDescriptors();
  /** By name. */
  readonly held = new Map<string, FakeNamespace>();
  readonly #faults: Faults;

  constructor(faults: Faults = {}) {
    this.#faults = faults;
  }

  list(): string[] {
    return [...this.held.keys()];
  }

  inspect(namespace: string, sysctls: readonly string[]): Inspected | null {
    const found = this.held.get(namespace);
    if (found === undefined) return null;
    return {
      owner: found.owner,
      sysctls: sysctls.map((key) => found.sysctls.get(key) ?? '0'),
      links: new Set(found.links.keys()),
    };
  }

  async perform(operations: readonly Operation[], tell: Tell): Promise<void> {
    for (const operation of operations) {
      this.#faults.before?.(operation);
      this.#do(operation);
      this.#after(operation, tell);
      tell(operation, 'done');
    }
  }

  #after(operation: Operation, tell: Tell): void {
    try {
      this.#faults.after?.(operation);
    } catch (error) {
      if (operation.type === 'change ruleset') tell(operation, 'in doubt');
      throw error;
    }
  }

  prepareChange(): void {}

  async release(): Promise<void> {
    this.namespaces.closeAll();
  }

  #do(operation: Operation): void {
    switch (operation.type) {
      case 'create':
        this.#create(operation);
        return;
      case 'remove':
        this.#remove(operation);
        return;
      case 'bridge':
        this.#addLink(operation.namespace, operation.bridge.name, {
          index: operation.bridge.index,
          isUp: true,
          peer: null,
        });
        return;
      case 'link':
        this.#connect(operation);
        return;
      case 'free names':
      case 'carrier':
        this.#check(operation);
        return;
      default:
        this.#change(operation);
    }
  }

  /** What happens inside a namespace. */
  #change(operation: Exclude<Operation, Remove | AddLink | Await>): void {
    const namespace = this.#find(operation.namespace);
    switch (operation.type) {
      case 'sysctls':
        for (const [key, value] of Object.entries(operation.sysctls)) namespace.sysctls.set(key, String(value));
        return;
      case 'load ruleset':
      case 'change ruleset':
        checkDevices(operation.namespace, namespace, operation.to);
        namespace.ruleset = operation.to;
        return;
      case 'set':
        for (const setting of operation.settings) setIn(operation.namespace, namespace, setting);
        return;
      case 'unset':
        for (const setting of operation.settings) namespace.settings.delete(settingKey(setting));
        return;
      case 'route':
        for (const { to, link } of operation.to.routes)
          checkLink(operation.namespace, namespace, link, `route replace ${to}`);
        namespace.routing = operation.to;
    }
  }

  #create({ namespace: name, owner }: Create): void {
    if (this.held.has(name)) throw new KernelError({ command: `ip netns add ${name}`, stderr: 'File exists' });
    const links = new Map([['lo', { isUp: false, index: 1, peer: null }]]);
    this.held.set(name, {
      owner: owner ?? 0,
      sysctls: new Map(),
      links,
      settings: new Map(),
      routing: NO_ROUTING,
      ruleset: null,
    });
  }

  #remove({ namespace: name, farEnds }: Remove): void {
    for (const end of farEnds) this.#removeLink(end);
    for (const link of this.held.get(name)?.links.keys() ?? []) this.#removeLink({ namespace: name, name: link });
    this.held.delete(name);
    this.namespaces.forget(name);
  }

  /** With its other end, and with everything about both. */
  #removeLink({ namespace, name }: LinkEnd): void {
    const found = this.held.get(namespace);
    const link = found?.links.get(name);
    if (found === undefined || link === undefined) return;
    found.links.delete(name);
    for (const [key, setting] of found.settings) if (setting.link === name) found.settings.delete(key);
    const { rules, routes } = found.routing;
    found.routing = { rules, routes: routes.filter((route) => route.link !== name) };
    if (link.peer !== null) this.#removeLink(link.peer);
  }

  #connect({ link: { near, far } }: AddLink): void {
    if (
      near.master !== undefined &&
      ![...this.#find(near.namespace).links.values()].some(({ index }) => index === near.master)
    ) {
      throw new KernelError({ command: `ip link add ${near.name}`, stderr: `there is no link ${near.master}` });
    }
    this.#addLink(near.namespace, near.name, { isUp: true, index: near.index, peer: far });
    this.#addLink(far.namespace, far.name, { isUp: false, index: null, peer: near });
  }

  #addLink(namespace: string, name: string, link: FakeLink): void {
    const { links } = this.#find(namespace);
    const isTaken = links.has(name) || [...links.values()].some(({ index }) => index !== null && index === link.index);
    if (isTaken) throw new KernelError({ command: `ip link add ${name}`, namespace, stderr: 'File exists' });
    links.set(name, link);
  }

  /** Nothing changes by itself here, so what is waited for is so, or never will be. */
  #check({ type, namespace, links }: Await): void {
    const found = this.#find(namespace);
    for (const name of links) {
      const isSo = type === 'carrier' ? this.carries(found.links.get(name)) : !found.links.has(name);
      if (!isSo) throw new KernelError({ command: `wait for ${type}`, namespace, stderr: `${name} never will` });
    }
  }

  /** Whether packets pass: both ends are up. */
  carries(link: FakeLink | undefined): boolean {
    if (link?.peer == null) return false;
    return link.isUp && this.held.get(link.peer.namespace)?.links.get(link.peer.name)?.isUp === true;
  }

  #find(name: string): FakeNamespace {
    const found = this.held.get(name);
    if (found === undefined) throw new KernelError({ command: `enter namespace ${name}`, stderr: 'No such file' });
    return found;
  }
}

/** Descriptors that nobody can enter by. */
class FakeDescriptors extends OpenNamespaces {
  protected override open(name: string): Netns {
    return { name, fd: -1 };
  }

  protected override close(): void {}
}

function setIn(name: string, namespace: FakeNamespace, setting: Setting): void {
  checkLink(name, namespace, setting.link, set(setting));
  const link = namespace.links.get(setting.link ?? '');
  if (setting.type === 'up' && link !== undefined) link.isUp = true;
  namespace.settings.set(settingKey(setting), setting);
}

function checkLink(name: string, { links }: FakeNamespace, link: string | undefined, command: string): void {
  if (link === undefined || links.has(link)) return;
  throw new KernelError({ command: `ip ${command}`, namespace: name, stderr: `Cannot find device ${link}` });
}

/** Before Linux 6.16 a netdev chain needs its devices. */
function checkDevices(name: string, { links }: FakeNamespace, { tables }: Ruleset): void {
  const hooks = tables
    .filter(({ family }) => family === 'netdev')
    .flatMap(({ chains }) => chains.map(({ hook }) => hook));
  for (const hook of hooks) {
    for (const [, device = ''] of hook?.replace(/^.*device(s =)?/, '').matchAll(/"([^"]+)"/g) ?? []) {
      if (!links.has(device)) throw new KernelError({ command: 'nft', namespace: name, stderr: `no device ${device}` });
    }
  }
}
