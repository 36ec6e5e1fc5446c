/** Load balancers and connect endpoints are given their targets once all machines are there. */

import { itemsWithPaths } from '../changes/read-parts.js';
import { setForwarding } from '../cloud/instances/forwarding.js';
import type { ForwardedPort, Forwarding } from '../cloud/instances/types.js';
import { named } from '../cloud/lookup.js';
import { resolveInstance, resolveInterface } from '../cloud/text/endpoint.js';
import { isPattern, namesMatching } from '../cloud/text/name-pattern.js';
import { quote } from '../cloud/text/quote.js';
import { hintFor } from '../cloud/text/suggest.js';
import type { Cloud } from '../cloud/types.js';
import type { Path } from '../source/tree.js';
import type { BuildContext } from './build-context.js';
import { machineNames } from './machine-names.js';
import type { ConnectEndpointDefinition, LoadBalancerDefinition } from './schema-managed.js';

export function buildForwarding(context: BuildContext): void {
  const { loadBalancers = {}, connectEndpoints = {} } = context.definition;
  for (const [name, definition] of Object.entries(loadBalancers)) buildBalancer(context, name, definition);
  for (const [name, definition] of Object.entries(connectEndpoints)) buildConnectEndpoint(context, name, definition);
}

function buildBalancer(context: BuildContext, name: string, definition: LoadBalancerDefinition): void {
  const path = ['loadBalancers', name];
  if (definition.type === 'application' && definition.preserveClientIp === true) {
    const message = 'an application load balancer speaks to its targets with its own address';
    const hint = 'Leave it out, or use `type: network`.';
    context.problems.add([...path, 'preserveClientIp'], { message, hint, on: 'key' });
    return;
  }
  const ports = definition.listeners.map(({ port, targetPort, targets }, position): ForwardedPort => {
    const targetIds = itemsWithPaths([...path, 'listeners', position, 'targets'], targets).flatMap(
      ({ item, path: place }) => targetOf(context, place, item),
    );
    return { port, targetPort: targetPort ?? port, targetIds };
  });
  if (
    ports.some(({ targetIds }, at) => targetIds.length < itemsWithPaths([], definition.listeners[at]?.targets).length)
  ) {
    return; // a target that is not there has been reported
  }
  const preserveClientIp = definition.type === 'network' && (definition.preserveClientIp ?? true);
  forward(context, [...path, 'listeners'], name, { preserveClientIp, clientIp: null, ports });
}

function buildConnectEndpoint(context: BuildContext, name: string, definition: ConnectEndpointDefinition): void {
  const path = ['connectEndpoints', name];
  const { preserveClientIp = false, client } = definition;
  const hosts = context.cloud.externalHosts;
  const clientIp =
    client === undefined ? undefined : hosts[client]?.addresses.find((address) => !address.includes(':'));
  if (client !== undefined && clientIp === undefined) {
    const hint = hintFor(client, Object.keys(hosts)) ?? 'Name a host of `internet` that has an IPv4 address.';
    context.problems.add([...path, 'client'], { message: `there is no host ${client} with an IPv4 address`, hint });
    return;
  }
  if (preserveClientIp && clientIp === undefined) {
    const message = 'whose address is to be preserved?';
    context.problems.add([...path, 'preserveClientIp'], { message, hint: 'Add `client: HOST`.', on: 'key' });
    return;
  }
  forward(context, path, name, { preserveClientIp, clientIp: preserveClientIp ? (clientIp ?? null) : null, ports: [] });
}

function targetOf(context: BuildContext, path: Path, word: string): string[] {
  const { cloud, problems, definition } = context;
  if (isPattern(word)) {
    const names = namesMatching([...machineNames(definition)], word);
    if (names.length === 0) problems.add(path, { message: `no machine is called ${quote(word)}` });
    return names.flatMap((name) => targetOf(context, path, name));
  }
  const found = problems.attempt(path, () => [builtInterface(cloud, definition, word)])?.[0];
  return found === undefined || found === null ? [] : [found];
}

/** The interface's id; null for a machine that could not be built, since the word is right. */
function builtInterface(cloud: Cloud, definition: BuildContext['definition'], word: string): string | null {
  const isBuilt = named(cloud.instances, word).length > 0;
  if (!isBuilt && machineNames(definition).has(word) && !Object.hasOwn(cloud.externalHosts, word)) return null;
  return resolveInterface(cloud, word).id;
}

function forward(context: BuildContext, path: Path, name: string, forwarding: Forwarding): void {
  if (named(context.cloud.instances, name).length === 0) return; // reported already
  context.problems.attempt(path, () =>
    context.draft.apply((cloud) => setForwarding(cloud, resolveInstance(cloud, name).id, forwarding)),
  );
}
