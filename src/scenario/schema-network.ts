/** The ways between networks: peerings, gateways, route tables and network ACLs. */
import { z } from 'zod';
import { entriesShape, idSchema, oneOrMany, routeSchema } from '../changes/schema-parts.js';
import { ipv4Text } from '../changes/text-shapes.js';
import { PEERING_STATUSES } from '../cloud/gateways/types.js';
import { countSchema } from './counted.js';

export const peeringSchema = z
  .strictObject({
    id: idSchema('pcx-0123456789abcdef0'),
    between: z
      .tuple([z.string(), z.string()])
      .describe('Two VPCs, the requester first. Example: `between: [shop, data]`'),
    status: z
      .enum(PEERING_STATUSES)
      .optional()
      .describe(
        'Default active. Rules may refer to groups of the other VPC whatever it is, as if it had been active before. Example: `status: pending-acceptance`',
      ),
    dnsResolution: z
      .boolean()
      .optional()
      .describe(
        'Each VPC’s resolver knows the other’s names. Default false, as in AWS. Example: `dnsResolution: true`',
      ),
  })
  .describe('A peering carries nothing without routes that name it. Example: `{ between: [shop, data] }`');

export type PeeringDefinition = z.infer<typeof peeringSchema>;

const attachmentSchema = z
  .strictObject({
    securityGroupReferencing: z
      .boolean()
      .optional()
      .describe('Default true. Example: `securityGroupReferencing: false`'),
  })
  .describe('Example: `{}`');

export const transitGatewaySchema = z
  .strictObject({
    attachments: z
      .record(z.string(), attachmentSchema)
      .describe('VPCs by name. Example: `attachments: { shop: {}, data: { securityGroupReferencing: false } }`'),
    securityGroupReferencing: z
      .boolean()
      .optional()
      .describe(
        'Ingress rules may refer to groups of other attached VPCs. Default false, as in AWS. Example: `securityGroupReferencing: true`',
      ),
  })
  .describe('It carries nothing without routes that name it. Example: `{ attachments: { shop: {}, data: {} } }`');

export type TransitGatewayDefinition = z.infer<typeof transitGatewaySchema>;

export const natGatewaySchema = z
  .strictObject({
    subnet: z
      .string()
      .describe(
        'Its subnet; it reaches the internet if that subnet has a route to the internet gateway. Example: `subnet: public`',
      ),
    publicIp: ipv4Text.optional().describe('Its Elastic IP. Default: a free one. Example: `publicIp: 198.51.100.20`'),
    privateIp: ipv4Text.optional().describe('Default: the first free one. Example: `privateIp: 10.0.1.10`'),
    count: countSchema('{ count: 3, subnet: "public-{n}" }'),
  })
  .describe('Other subnets use it by a route: `{ to: 0.0.0.0/0, via: nat-1 }`. Example: `{ subnet: public }`');

export type NatGatewayDefinition = z.infer<typeof natGatewaySchema>;

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
