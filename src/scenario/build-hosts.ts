import { listOf, readListeners } from '../changes/read-parts.js';
import { createExternalHost } from '../cloud/instances/external-host.js';
import { checkNewMachine } from '../cloud/instances/instance.js';
import type { BuildContext } from './build-context.js';

/** The hosts of `internet`. */
export function buildExternalHosts(context: BuildContext): void {
  for (const [name, value] of Object.entries(context.definition.internet ?? {})) {
    const path = ['internet', name];
    const { problems, cloud } = context;
    const definition = typeof value === 'string' ? { addresses: value } : value;
    const addressPath = typeof value === 'string' ? path : [...path, 'addresses'];
    const listen = readListeners({ problems, path: [...path, 'listen'] }, definition.listen);
    if (problems.attempt(path, () => [checkNewMachine(cloud, 'the host', name)], 'key') === undefined) continue;
    const addresses = listOf(definition.addresses);
    const made = problems.attempt(addressPath, () => createExternalHost(cloud, { name, addresses, listen }));
    if (made !== undefined) context.cloud = made.cloud;
  }
}
