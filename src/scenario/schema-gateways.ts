import { z } from 'zod';
import { PEERING_STATUSES } from '../cloud/types.js';

export const peeringSchema = z
  .strictObject({
    between: z
      .tuple([z.string(), z.string()])
      .describe('Two VPCs, the requester first. Example: `between: [shop, data]`'),
    status: z
      .enum(PEERING_STATUSES)
      .optional()
      .describe(
        'Default active. Rules may refer to groups of the other VPC whatever it is, as if it had been active before. Example: `status: pending-acceptance`',
      ),
  })
  .describe('A peering carries nothing without routes that name it. Example: `{ between: [shop, data] }`');

export type PeeringDefinition = z.infer<typeof peeringSchema>;
