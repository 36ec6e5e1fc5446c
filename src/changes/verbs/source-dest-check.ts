/** `sourceDestCheck` lets an interface forward packets that are not its own, or forbids it again. */
import { setSourceDestCheck } from '../../cloud/interfaces/interface-attributes.js';
import { interfaceName } from '../../cloud/lookup.js';
import { resolveInterface } from '../../cloud/text/endpoint.js';
import { namedInterface } from '../names.js';
import type { SchemaParts } from '../schema-parts.js';
import type { DefinitionOf, Verb } from '../verb.js';

interface SetSourceDestCheck {
  readonly type: 'source-dest-check';
  /** A name, an id or `web-1.eth1`. */
  readonly instance: string;
  readonly enabled: boolean;
}

const schema = ({ z }: SchemaParts) =>
  z
    .strictObject({
      instance: z.string().describe('An instance or one of its interfaces. Example: `instance: fw-1.eth1`'),
      enabled: z.boolean().describe('false lets it forward other machines’ packets. Example: `enabled: false`'),
    })
    .describe(
      'Turns the source/destination check of an interface on or off. Example: `sourceDestCheck: { instance: fw-1, enabled: false }`',
    );

export const sourceDestCheck: Verb<SetSourceDestCheck, DefinitionOf<typeof schema>> = {
  key: 'sourceDestCheck',
  schema,
  read: ({ path }, definition) => ({
    mutation: { type: 'source-dest-check', ...definition },
    names: [namedInterface([...path, 'instance'], definition.instance)],
  }),
  apply: (cloud, { instance, enabled }) => setSourceDestCheck(cloud, resolveInterface(cloud, instance).id, enabled),
  text: ({ instance, enabled }) => `source/destination check of ${instance}: ${enabled ? 'on' : 'off'}`,
  step: ({ instance, enabled }) => ({ instance, enabled }),
  random: {
    weight: 1,
    choose(cloud, choices) {
      const eni = choices.of(Object.values(cloud.networkInterfaces));
      const instance = eni === undefined ? '' : interfaceName(cloud, eni.id);
      return { type: 'source-dest-check', instance, enabled: choices.number(2) === 0 };
    },
  },
};
