import { z } from 'zod';
import { idSchema, oneOrMany } from './schema-parts.js';

export const entrySchema = z
  .strictObject({
    rule: z.int().describe('1 to 32766; the lowest that matches decides. Example: `rule: 100`'),
    action: z.enum(['allow', 'deny']).describe('Example: `action: deny`'),
    protocol: z
      .union([z.string(), z.int()])
      .describe('tcp, udp, icmp, icmpv6, a protocol number, or all (-1). Example: `protocol: tcp`'),
    ports: z
      .union([z.int(), z.string()])
      .optional()
      .describe('For tcp and udp: 443, "1024-65535" or all. Example: `ports: 1024-65535`'),
    type: z.int().optional().describe('For icmp and icmpv6: the type; -1 or left out: all. Example: `type: 8`'),
    code: z.int().optional().describe('For icmp and icmpv6: the code; -1 or left out: all. Example: `code: -1`'),
    from: z.string().optional().describe('Inbound: a CIDR block. Example: `from: 0.0.0.0/0`'),
    to: z.string().optional().describe('Outbound: a CIDR block. Example: `to: 0.0.0.0/0`'),
  })
  .meta({
    id: 'networkAclEntry',
    description:
      'An entry of a network ACL. Example: `{ rule: 100, action: allow, protocol: tcp, ports: 443, from: 0.0.0.0/0 }`',
  });

export const entriesShape = {
  inbound: oneOrMany(entrySchema)
    .optional()
    .describe(
      'What comes into the subnet. Example: `inbound: { rule: 90, action: deny, protocol: tcp, ports: 22, from: 0.0.0.0/0 }`',
    ),
  outbound: oneOrMany(entrySchema)
    .optional()
    .describe(
      'What leaves the subnet, answers too. Example: `outbound: { rule: 100, action: allow, protocol: all, to: 0.0.0.0/0 }`',
    ),
};

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

export type EntryDefinition = z.infer<typeof entrySchema>;
export type NetworkAclDefinition = z.infer<typeof networkAclSchema>;
