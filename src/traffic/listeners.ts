/** The servers inside instances and external hosts, all in this process: TCP accepts, UDP and raw protocols echo. */
import type { Cloud, Listener, NetworkInterface } from '../cloud/types.js';
import type { Netns } from '../kernel/netns.js';
import { hostNamespace, instanceNamespace } from '../lab/names.js';
import type { ServerContext } from './connection.js';
import { type OpenListener, openListener } from './listener.js';

export class Listeners {
  readonly #context: ServerContext;
  readonly #netns: (name: string) => Netns;
  readonly #open = new Map<string, OpenListener>();

  constructor(context: ServerContext, netns: (name: string) => Netns) {
    this.#context = context;
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
      this.#open.set(name, openListener(this.#context, this.#netns(machine.namespace), machine, on));
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
  readonly addresses: readonly string[];
  readonly publicAddresses: ReadonlyMap<string, string>;
}

function machines(cloud: Cloud): Machine[] {
  const enis = cloud.networkInterfaces;
  return [
    ...Object.values(cloud.instances).map(({ name, listen, interfaceIds }) => ({
      name,
      listen,
      namespace: instanceNamespace(cloud.name, name),
      addresses: interfaceIds.flatMap((id) => [
        ...(enis[id]?.privateIpAddresses ?? []),
        ...(enis[id]?.ipv6Addresses ?? []),
      ]),
      publicAddresses: publicAddresses(interfaceIds.flatMap((id) => enis[id] ?? [])),
    })),
    ...Object.values(cloud.externalHosts).map(({ name, listen, addresses }) => ({
      name,
      listen,
      namespace: hostNamespace(cloud.name, name),
      addresses,
      publicAddresses: new Map(),
    })),
  ];
}

function publicAddresses(enis: readonly NetworkInterface[]): Map<string, string> {
  return new Map(
    enis.flatMap(({ publicIp, privateIpAddresses: [primary] }) =>
      publicIp === null || primary === undefined ? [] : [[publicIp, primary]],
    ),
  );
}

function key(machine: Machine, listener: Listener): string {
  const what = listener.protocol === 'raw' ? listener.number : `${listener.protocol}/${listener.port}`;
  return `${machine.namespace} ${what}`;
}
