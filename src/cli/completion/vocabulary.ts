/** The words that a lab gives to whoever types a command: names of its things, and traffic that something answers. */

import type { Listener } from '../../cloud/instances/types.js';
import { interfaceName } from '../../cloud/lookup.js';
import type { Cloud } from '../../cloud/types.js';
import { call, chooseLab, knownLabs } from '../../controller/client.js';

export interface Vocabulary {
  readonly labs: readonly string[];
  /** Instances and external hosts. */
  readonly machines: readonly string[];
  /** Such as `web-1.eth1`, of instances with more than one. */
  readonly interfaces: readonly string[];
  readonly groups: readonly string[];
  /** Such as `tcp/443`, what something listens on; and `icmp`. */
  readonly traffic: readonly string[];
}

/** @param cloud of the lab that is meant; null: it is not known which, or nobody may ask */
export function vocabularyOf(cloud: Cloud | null, labs: readonly string[]): Vocabulary {
  if (cloud === null) return { labs, machines: [], interfaces: [], groups: [], traffic: [] };
  const instances = Object.values(cloud.instances);
  const externalHosts = Object.values(cloud.externalHosts);
  const names = instances.map(({ name }) => name);
  const listeners = [...instances, ...externalHosts].flatMap(({ listen }) => listen);
  return {
    labs,
    machines: sorted([...externalHosts.map(({ name }) => name), ...names]),
    interfaces: sorted(
      instances
        .filter(({ interfaceIds }) => interfaceIds.length > 1)
        .flatMap(({ interfaceIds }) => interfaceIds.map((id) => interfaceName(cloud, id))),
    ),
    groups: sorted(Object.values(cloud.securityGroups).map(({ name }) => name)),
    traffic: sorted(['icmp', ...listeners.flatMap(trafficOf)]),
  };
}

function trafficOf(listener: Listener): string[] {
  return listener.protocol === 'raw' ? [] : [`${listener.protocol}/${listener.port}`];
}

function sorted(words: readonly string[]): string[] {
  return [...new Set(words)].sort((a, b) => a.localeCompare(b, 'en', { numeric: true }));
}

/** @param typed words of the command line, of which one may name the lab @returns no words where nobody answers */
export async function askLab(typed: readonly string[]): Promise<Vocabulary> {
  return vocabularyOf(await cloudOf(typed), labs());
}

async function cloudOf(typed: readonly string[]): Promise<Cloud | null> {
  const at = typed.indexOf('--lab');
  try {
    return (await call(chooseLab(at === -1 ? undefined : typed[at + 1]), 'status', {})).cloud;
  } catch {
    return null;
  }
}

function labs(): readonly string[] {
  try {
    return knownLabs();
  } catch {
    return [];
  }
}
