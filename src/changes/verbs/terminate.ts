/** `terminate` ends an instance, with its interfaces and all that runs in it. */
import { terminateInstance } from '../../cloud/instances/instance-life.js';
import { pruneTags } from '../../cloud/tags.js';
import { resolveInstance } from '../../cloud/text/endpoint.js';
import type { SchemaParts } from '../schema-parts.js';
import type { DefinitionOf, Verb } from '../verb.js';

interface Terminate {
  readonly type: 'terminate';
  /** A name or id. */
  readonly machine: string;
}

const schema = ({ z }: SchemaParts) =>
  z
    .string()
    .describe(
      'Terminates an instance, with its interfaces and everything that runs in it. Example: `terminate: web-2`',
    );

export const terminate: Verb<Terminate, DefinitionOf<typeof schema>> = {
  key: 'terminate',
  schema,
  read: (_, machine) => ({ mutation: { type: 'terminate', machine } }),
  apply: (cloud, { machine }) => pruneTags(terminateInstance(cloud, resolveInstance(cloud, machine).id)),
  text: ({ machine }) => `terminate ${machine}`,
  step: ({ machine }) => machine,
};
