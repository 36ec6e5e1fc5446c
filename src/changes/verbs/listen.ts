/** `listen` and `close` start and stop servers that sglab runs in machines. */
import { closeListeners, listenerText, openListeners } from '../../cloud/instances/listener.js';
import type { Listener } from '../../cloud/instances/types.js';
import { namedMachine } from '../names.js';
import { readListeners } from '../read-parts.js';
import type { SchemaParts } from '../schema-parts.js';
import { listKey } from '../step-form.js';
import type { DefinitionOf, Place, Verb } from '../verb.js';

interface Servers {
  /** An instance or an external host. */
  readonly on: string;
  readonly listeners: readonly Listener[];
}

interface Listen extends Servers {
  readonly type: 'listen';
}

interface Close extends Servers {
  readonly type: 'close';
}

const serversSchema = ({ z, machineSchema, listenSchema }: SchemaParts) =>
  z.strictObject({ on: machineSchema, ports: listenSchema });

type Definition = DefinitionOf<typeof serversSchema>;

export const listen: Verb<Listen, Definition> = {
  key: 'listen',
  schema: (parts) =>
    serversSchema(parts).describe('Starts built-in servers. Example: `listen: { on: web-1, ports: [tcp/80] }`'),
  read: (place, definition) => ({
    mutation: { type: 'listen', ...readServers(place, definition) },
    names: [namedMachine([...place.path, 'on'], definition.on)],
  }),
  apply: (cloud, { on, listeners }) => openListeners(cloud, on, listeners),
  text: (change) => `listen on ${serversText(change)}`,
  step: serversStep,
};

export const close: Verb<Close, Definition> = {
  key: 'close',
  schema: (parts) =>
    serversSchema(parts).describe('Stops built-in servers. Example: `close: { on: web-1, ports: [tcp/80] }`'),
  read: (place, definition) => ({
    mutation: { type: 'close', ...readServers(place, definition) },
    names: [namedMachine([...place.path, 'on'], definition.on)],
  }),
  apply: (cloud, { on, listeners }) => closeListeners(cloud, on, listeners),
  text: (change) => `close on ${serversText(change)}`,
  step: serversStep,
};

function readServers({ problems, path }: Place, { on, ports }: Definition): Servers {
  return { on, listeners: readListeners({ problems, path: [...path, 'ports'] }, ports) };
}

function serversText({ on, listeners }: Servers): string {
  return `${on}: ${listeners.map(listenerText).join(', ')}`;
}

function serversStep({ on, listeners }: Servers): object {
  return { on, ...listKey('ports', listeners.map(listenerText)) };
}
