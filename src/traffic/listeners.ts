/** The servers inside instances and external hosts, all in this process: TCP accepts, UDP and raw protocols echo. */
import { listenerWords } from '../cloud/listener.js';
import type { Cloud, Listener, NetworkInterface } from '../cloud/types.js';
import { SglabError } from '../errors.js';
import { KernelError } from '../kernel/errors.js';
import type { Netns } from '../kernel/netns.js';
import type { Staged } from '../lab/lab.js';
import { hostNamespace, instanceNamespace } from '../lab/names.js';
import type { ServerContext } from './connection.js';
import { type OpenListener, openListener } from './listener.js';

/** A program in the machine holds the port already. */
class PortTakenError extends SglabError {
  constructor(machine: string, listener: Listener) {
    super('PortTaken', `${listenerWords(listener)} of ${machine} is taken: a program in it holds the port`, {
      hint: `end that program (\`sglab exec ${machine} -- ss -tulpn\` shows it), or choose another port`,
    });
  }
}

export class Listeners {
  readonly #context: ServerContext;
  readonly #netns: (name: string) => Netns;
  readonly #open = new Map<string, OpenListener>();

  constructor(context: ServerContext, netns: (name: string) => Netns) {
    this.#context = context;
    this.#netns = netns;
  }

  /** Opens and closes servers until they are those of the cloud. @throws what `stage` throws */
  sync(cloud: Cloud): void {
    this.stage(cloud).commit();
  }

  /**
   * Opens the servers that the cloud has more; which it has no longer are closed by `commit`, and those just opened by `undo`.
   * @throws PortTakenError when a program holds a port; nothing has changed then
   */
  stage(cloud: Cloud): Staged {
    const wanted = new Map(
      machines(cloud).flatMap((machine) => machine.listen.map((on) => [key(machine, on), { machine, on }])),
    );
    const added: string[] = [];
    const undo = () => this.#close(added);
    try {
      for (const [name, { machine, on }] of wanted) {
        if (this.#open.has(name)) continue;
        this.#open.set(name, this.#openListener(machine, on));
        added.push(name);
      }
    } catch (error) {
      undo();
      throw error;
    }
    return { commit: () => this.#close([...this.#open.keys()].filter((name) => !wanted.has(name))), undo };
  }

  #openListener(machine: Machine, on: Listener): OpenListener {
    try {
      return openListener(this.#context, this.#netns(machine.namespace), machine, on);
    } catch (error) {
      if (error instanceof KernelError && error.stderr === 'EADDRINUSE') throw new PortTakenError(machine.name, on);
      throw error;
    }
  }

  #close(names: readonly string[]): void {
    for (const name of names) {
      this.#open.get(name)?.close();
      this.#open.delete(name);
    }
  }

  close(): void {
    this.#close([...this.#open.keys()]);
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
  return `${machine.namespace} ${listenerWords(listener)}`;
}
