import { z } from 'zod';
import { entriesShape, idSchema } from '../changes/schema-parts.js';

export const networkAclSchema = z
  .strictObject({
    id: idSchema('acl-0123456789abcdef0'),
    name: z
      .string()
      .optional()
      .describe('Default: the key; for the default lists of several VPCs. Example: `name: default`'),
    vpc: z.string().optional().describe('Not needed if there is only one VPC. Example: `vpc: shop`'),
    ...entriesShape,
  })
  .describe(
    'Subnets name it as `networkAcl`. What no entry matches is denied. One whose name is `default` replaces the entries of the VPC’s default list. Example: `{ inbound: { rule: 100, action: allow, protocol: all, from: 0.0.0.0/0 } }`',
  );

export type NetworkAclDefinition = z.infer<typeof networkAclSchema>;
