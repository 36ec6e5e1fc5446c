import { createExternalHost } from '../cloud/instances/external-host.js';
import { checkNewMachine } from '../cloud/instances/instance.js';
import { parseListener } from '../cloud/instances/listener.js';
import type { Listener } from '../cloud/instances/types.js';
import type { ProblemList } from '../source/problems.js';
import type { Path } from '../source/tree.js';
import { type BuildContext, placedItems } from './build-context.js';
import { listOf } from './schema-parts.js';

/** The hosts of `internet`. */
export function buildExternalHosts(context: BuildContext): void {
  for (const [name, value] of Object.entries(context.definition.internet ?? {})) {
    const path = ['internet', name];
    const { problems, cloud } = context;
    const definition = typeof value === 'string' ? { addresses: value } : value;
    const addressPath = typeof value === 'string' ? path : [...path, 'addresses'];
    const listen = readListeners(problems, [...path, 'listen'], definition.listen);
    if (problems.attempt(path, () => [checkNewMachine(cloud, 'the host', name)], 'key') === undefined) continue;
    const addresses = listOf(definition.addresses);
    const made = problems.attempt(addressPath, () => createExternalHost(cloud, { name, addresses, listen }));
    if (made !== undefined) context.cloud = made.cloud;
  }
}

/** `[tcp/443, 47]`, each checked in its place. */
export function readListeners(
  problems: ProblemList,
  path: Path,
  value: string | number | readonly (string | number)[] | undefined,
): Listener[] {
  return placedItems(path, value).flatMap(
    ({ item, path: place }) => problems.attempt(place, () => parseListener(String(item))) ?? [],
  );
}
