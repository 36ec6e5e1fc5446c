/** The servers inside instances and external hosts, all in this process: TCP accepts, UDP and raw protocols echo. */
import type { Cloud, Listener } from '../cloud/types.js';
import type { Epoll } from '../kernel/epoll.js';
import type { Netns } from '../kernel/netns.js';
import { hostNamespace, instanceNamespace } from '../lab/names.js';
import { type OpenListener, openListener } from './listener.js';

export class Listeners {
  readonly #epoll: Epoll;
  readonly #netns: (name: string) => Netns;
  readonly #open = new Map<string, OpenListener>();

  constructor(epoll: Epoll, netns: (name: string) => Netns) {
    this.#epoll = epoll;
    this.#netns = netns;
  }

  /** Opens and closes servers until they are those of the cloud. @throws KernelError when a port is taken */
  sync(cloud: Cloud): void {
    const wanted = new Map(
      machines(cloud).flatMap((machine) => machine.listen.map((on) => [key(machine, on), { machine, on }])),
    );
    for (const [name, open] of this.#open) {
      if (wanted.has(name)) continue;
      open.close();
      this.#open.delete(name);
    }
    for (const [name, { machine, on }] of wanted) {
      if (this.#open.has(name)) continue;
      this.#open.set(name, openListener(this.#epoll, this.#netns(machine.namespace), machine, on));
    }
  }

  close(): void {
    for (const open of this.#open.values()) open.close();
    this.#open.clear();
  }
}

interface Machine {
  readonly name: string;
  readonly namespace: string;
  readonly listen: readonly Listener[];
  readonly ipv6: boolean;
}

function machines(cloud: Cloud): Machine[] {
  const enis = cloud.networkInterfaces;
  return [
    ...Object.values(cloud.instances).map(({ name, listen, interfaceIds }) => ({
      name,
      listen,
      namespace: instanceNamespace(cloud.name, name),
      ipv6: interfaceIds.some((id) => (enis[id]?.ipv6Addresses.length ?? 0) > 0),
    })),
    ...Object.values(cloud.externalHosts).map(({ name, listen, addresses }) => ({
      name,
      listen,
      namespace: hostNamespace(cloud.name, name),
      ipv6: addresses.some((address) => address.includes(':')),
    })),
  ];
}

function key(machine: Machine, listener: Listener): string {
  const what = listener.protocol === 'raw' ? listener.number : `${listener.protocol}/${listener.port}`;
  return `${machine.namespace} ${what}`;
}
