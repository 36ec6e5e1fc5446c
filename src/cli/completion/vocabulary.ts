/** The candidates that a lab offers for completion: names of its resources, and traffic that something answers. */

import type { Listener } from '../../cloud/instances/types.js';
import { interfaceName } from '../../cloud/lookup.js';
import type { Cloud } from '../../cloud/types.js';
import { call, chooseLab, labsOfHost } from '../../controller/client.js';

export interface Vocabulary {
  readonly labs: readonly string[];
  /** Names of instances and external hosts. */
  readonly machines: readonly string[];
  /** Interfaces such as `web-1.eth1`, of instances with more than one. */
  readonly interfaces: readonly string[];
  readonly groups: readonly string[];
  /** Traffic such as `tcp/443` that something listens on; and `icmp`. */
  readonly traffic: readonly string[];
}

/** @param cloud of the lab that is meant; null if that is unknown, or if the user may not ask it */
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

/**
 * @param typed words of the command line, one of which may name the lab
 * @returns an empty vocabulary when no controller answers
 */
export async function vocabularyOfLab(typed: readonly string[]): Promise<Vocabulary> {
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
    return labsOfHost();
  } catch {
    return [];
  }
}
