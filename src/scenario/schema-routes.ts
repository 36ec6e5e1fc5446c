import { z } from 'zod';
import { idSchema, oneOrMany, routeSchema } from '../changes/schema-parts.js';

export const routeTableSchema = z
  .strictObject({
    id: idSchema('rtb-0123456789abcdef0'),
    name: z
      .string()
      .optional()
      .describe('Default: the key; for the main tables of several VPCs. Example: `name: main`'),
    vpc: z.string().optional().describe('Not needed if there is only one VPC. Example: `vpc: shop`'),
    routes: oneOrMany(routeSchema)
      .optional()
      .describe(
        'Besides the local routes, which every table has. Example: `routes: [{ to: 0.0.0.0/0, via: internetGateway }]`',
      ),
  })
  .describe(
    'Subnets name it as `routeTable`. One whose name is `main` adds routes to the VPC’s main table. Example: `{ routes: [{ to: 10.0.2.0/24, via: fw-1 }] }`',
  );

export type RouteTableDefinition = z.infer<typeof routeTableSchema>;
