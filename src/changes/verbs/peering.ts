/** `peering` accepts a VPC peering, ends it, or requests one anew. */
import { changePeering } from '../../cloud/gateways/peering.js';
import { PEERING_STATUSES, type PeeringStatus } from '../../cloud/gateways/types.js';
import type { SchemaParts } from '../schema-parts.js';
import type { DefinitionOf, Verb } from '../verb.js';

interface ChangePeering {
  readonly type: 'peering';
  /** The name of a peering, or of one that has ended: then a new one of the same VPCs is made. */
  readonly name: string;
  readonly status: PeeringStatus;
}

const schema = ({ z }: SchemaParts) =>
  z
    .strictObject({
      name: z.string().describe('The peering’s name. Example: `name: shop-data`'),
      status: z.enum(PEERING_STATUSES).describe('Example: `status: deleted`'),
    })
    .describe(
      'Accepts or ends a peering or, if it has ended, requests a new one. Example: `peering: { name: shop-data, status: deleted }`',
    );

export const peering: Verb<ChangePeering, DefinitionOf<typeof schema>> = {
  key: 'peering',
  schema,
  read: (_, definition) => ({ mutation: { type: 'peering', ...definition } }),
  apply: (cloud, { name, status }) => changePeering(cloud, name, status),
  text: ({ name, status }) => `peering ${name}: ${status}`,
  step: ({ name, status }) => ({ name, status }),
  random: {
    weight: 1,
    choose(cloud, choices) {
      const [first] = Object.values(cloud.peerings);
      if (first === undefined) return null;
      return { type: 'peering', name: first.name, status: choices.number(2) === 0 ? 'deleted' : 'active' };
    },
  },
};
