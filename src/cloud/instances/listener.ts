import { CloudError } from '../errors.js';
import { allInstances, byId, withEntry, withInstance } from '../lookup.js';
import { protocolName } from '../protocol.js';
import { tagsOf } from '../tags.js';
import { resolveMachine } from '../text/endpoint.js';
import { quote } from '../text/quote.js';
import type { Cloud } from '../types.js';
import type { Instance, Listener } from './types.js';

const PORT = /^(tcp|udp)\/(\d{1,5})$/i;
const NUMBER = /^(?:proto\/)?(\d{1,3})$/;

/** Reads `tcp/443`, `udp/53`, `47` or `proto/47`. Throws CloudError. */
export function parseListener(word: string): Listener {
  const [, protocol = '', portText = ''] = PORT.exec(word) ?? [];
  const port = Number(portText);
  if (protocol !== '' && port >= 1 && port <= 65535)
    return { protocol: protocol.toLowerCase() === 'tcp' ? 'tcp' : 'udp', port };
  const number = Number(NUMBER.exec(word)?.[1] ?? Number.NaN);
  if (number <= 255 && protocolName(number) === String(number)) return { protocol: 'raw', number };
  throw new CloudError(
    'InvalidParameterValue',
    `${quote(word)} is not something that can be listened on`,
    'Write tcp/443, udp/53, or the number of a protocol without ports, such as 47.',
  );
}

export function listenerText(listener: Listener): string {
  return listener.protocol === 'raw' ? String(listener.number) : `${listener.protocol}/${listener.port}`;
}

/** What clients find at an instance: its servers, and the listeners of a load balancer. */
export function servedBy({ listen, forwarding }: Instance): Listener[] {
  return [...listen, ...(forwarding?.ports ?? []).map(({ port }): Listener => ({ protocol: 'tcp', port }))];
}

/** What anything in the lab serves, each once, by protocol and number. */
export function servedTraffic(cloud: Cloud): string[] {
  const served = [
    ...Object.values(cloud.instances).flatMap(servedBy),
    ...Object.values(cloud.externalHosts).flatMap(({ listen }) => listen),
  ];
  return [...new Set(served.map(listenerText))].sort(byPort);
}

function byPort(a: string, b: string): number {
  return a.localeCompare(b, 'en', { numeric: true });
}

/** The machine with these servers started. Throws CloudError for one that runs already. */
export function openListeners(cloud: Cloud, machine: string, listeners: readonly Listener[]): Cloud {
  return changeListeners(cloud, machine, (running) => {
    const all = [...running];
    for (const listener of listeners) {
      if (all.some((other) => isSame(other, listener))) throw wrongState(machine, listener, 'listens already');
      all.push(listener);
    }
    return all;
  });
}

/** The machine with these servers stopped. Throws CloudError for one that does not run. */
export function closeListeners(cloud: Cloud, machine: string, listeners: readonly Listener[]): Cloud {
  return changeListeners(cloud, machine, (running) =>
    listeners.reduce((all, listener) => {
      if (!all.some((other) => isSame(other, listener))) throw wrongState(machine, listener, 'does not listen');
      return all.filter((other) => !isSame(other, listener));
    }, running),
  );
}

function changeListeners(
  cloud: Cloud,
  word: string,
  change: (running: readonly Listener[]) => readonly Listener[],
): Cloud {
  const machine = resolveMachine(cloud, word);
  if (machine.kind === 'instance') {
    const instance = byId(cloud.instances, machine.id);
    return { ...cloud, instances: withEntry(cloud.instances, { ...instance, listen: change(instance.listen) }) };
  }
  const host = byId(cloud.externalHosts, machine.name);
  return { ...cloud, externalHosts: { ...cloud.externalHosts, [host.name]: { ...host, listen: change(host.listen) } } };
}

function isSame(a: Listener, b: Listener): boolean {
  return listenerText(a) === listenerText(b);
}

function wrongState(machine: string, listener: Listener, what: string): CloudError {
  return new CloudError('InvalidParameterValue', `${machine} ${what} on ${listenerText(listener)}`);
}

/** This tag of an instance says on what sglab's own servers listen in it: `tcp/443, udp/53`. */
const TAG = 'sglab:listen';

/** Servers follow the tag where it changed, and stay what they are where it did not. Throws CloudError for a value that says nothing. */
export function followListenTags(before: Cloud, after: Cloud): Cloud {
  if (before.tags === after.tags) return after;
  return allInstances(after).reduce((cloud, instance) => {
    const value = tagsOf(after, instance.id)[TAG];
    if (value === tagsOf(before, instance.id)[TAG]) return cloud;
    return withListeners(cloud, instance, value ?? '');
  }, after);
}

function withListeners(cloud: Cloud, instance: Instance, value: string): Cloud {
  const words = new Set(value.split(/[\s,]+/).filter((word) => word !== ''));
  return withInstance(cloud, { ...instance, listen: [...words].map(parseListener) });
}
