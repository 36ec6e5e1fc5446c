/** The servers inside instances and external hosts, all in this process: TCP accepts, UDP and raw protocols echo. */
import { listenerText } from '../cloud/instances/listener.js';
import type { Listener } from '../cloud/instances/types.js';
import type { Cloud } from '../cloud/types.js';
import { SglabError } from '../errors.js';
import { KernelError } from '../kernel/errors.js';
import { hostNamespace, instanceNamespace } from '../kernel/lab-names.js';
import type { OpenNamespaces } from '../kernel/netns.js';
import type { ServerContext } from './connection.js';
import { listenerParts } from './listener.js';
import { type DesiredResource, OpenSet, type Staged } from './open-set.js';

/** A program in the machine holds the port already. */
class PortTakenError extends SglabError {
  constructor(machine: string, listener: Listener) {
    super('PortTaken', `${listenerText(listener)} of ${machine} is taken: a program in it holds the port`, {
      hint: `end that program (\`sglab exec ${machine} -- ss -tulpn\` shows it), or choose another port`,
    });
  }
}

export class Listeners {
  readonly #context: ServerContext;
  readonly #open: OpenSet;

  constructor(context: ServerContext, namespaces: OpenNamespaces) {
    this.#context = context;
    this.#open = new OpenSet(namespaces);
  }

  /**
   * Opens the servers that the cloud has more, and closes those that it has no longer (OpenSet.stage).
   * @param before what there is; null: machines, and no server yet
   * @throws PortTakenError when a program holds a port; nothing has changed then
   */
  stage(before: Cloud | null, cloud: Cloud): Staged {
    const present = new Map(
      (before === null ? [] : machines(before)).map((machine) => [machine.id, machine.addresses]),
    );
    const wanted = machines(cloud).flatMap((machine) => {
      const has = present.get(machine.id) ?? [];
      return machine.listen.flatMap((on) => this.#desired(machine, on, has));
    });
    return this.#open.stage(wanted);
  }

  close(): void {
    this.#open.close();
  }

  #desired(machine: Machine, on: Listener, present: readonly string[]): DesiredResource[] {
    return listenerParts(this.#context, machine, on).map(({ name, needs, open }) => ({
      key: `${machine.id} ${listenerText(on)} ${name}`,
      namespace: machine.namespace,
      isReady: present.length > 0 && needs.every((address) => present.includes(address)),
      open: (netns) => opened(() => open(netns), machine, on),
    }));
  }
}

function opened<T>(open: () => T, machine: Machine, on: Listener): T {
  try {
    return open();
  } catch (error) {
    if (error instanceof KernelError && error.stderr === 'EADDRINUSE') throw new PortTakenError(machine.name, on);
    throw error;
  }
}

interface Machine {
  /** An instance's id, an external host's name. */
  readonly id: string;
  readonly name: string;
  readonly namespace: string;
  readonly listen: readonly Listener[];
  readonly addresses: readonly string[];
}

function machines(cloud: Cloud): Machine[] {
  const enis = cloud.networkInterfaces;
  return [
    ...Object.values(cloud.instances).map(({ id, name, listen, interfaceIds }) => ({
      id,
      name,
      listen,
      namespace: instanceNamespace(cloud.name, name),
      addresses: interfaceIds.flatMap((id) => [
        ...(enis[id]?.privateIpAddresses ?? []),
        ...(enis[id]?.ipv6Addresses ?? []),
      ]),
    })),
    ...Object.values(cloud.externalHosts).map(({ name, listen, addresses }) => ({
      id: name,
      name,
      listen,
      namespace: hostNamespace(cloud.name, name),
      addresses,
    })),
  ];
}
