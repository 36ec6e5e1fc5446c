/** Shapes that verbs and the sections of a scenario file have in common. */
import { z } from 'zod';

/** One value or a list of them, so that the common case stays short. */
export function oneOrMany<T extends z.ZodType>(item: T) {
  return z.union([item, z.array(item)]);
}

/** AWS's id of something that the file defines. */
export function idSchema(example: string) {
  return z.string().optional().describe(`Its id. Default: one that the lab makes. Example: \`id: ${example}\``);
}

export const portsSchema = z.union([z.int(), z.string()]);

export const ruleSchema = z
  .strictObject({
    protocol: z
      .union([z.string(), z.int()])
      .describe('tcp, udp, icmp, icmpv6, a protocol number, or all (-1). Example: `protocol: tcp`'),
    ports: oneOrMany(portsSchema)
      .optional()
      .describe('For tcp and udp: 443, "7000-8000", [80, 443] (one rule each) or all. Example: `ports: 443`'),
    type: z.int().optional().describe('For icmp and icmpv6: the type; -1 or left out: all. Example: `type: 8`'),
    code: z.int().optional().describe('For icmp and icmpv6: the code; -1 or left out: all. Example: `code: -1`'),
    from: oneOrMany(z.string())
      .optional()
      .describe('Ingress: a CIDR block, group or prefix list, or a list (one rule each). Example: `from: 0.0.0.0/0`'),
    to: oneOrMany(z.string())
      .optional()
      .describe('Egress: a CIDR block, group or prefix list, or a list (one rule each). Example: `to: 10.0.0.0/16`'),
    id: idSchema('sgr-0123456789abcdef0'),
    description: z
      .string()
      .optional()
      .describe(
        'Up to 255 of AWS’s characters; probes can name a rule by it. Example: `description: HTTPS from anywhere`',
      ),
  })
  .meta({
    id: 'rule',
    description: 'A security group rule. Rules only allow. Example: `{ protocol: tcp, ports: 443, from: 0.0.0.0/0 }`',
  });

const groupSchema = z.string().describe('A security group’s name. Example: `group: web`');

const rulesShape = {
  ingress: oneOrMany(ruleSchema)
    .optional()
    .describe('A rule or several. Example: `ingress: { protocol: tcp, ports: 22, from: web }`'),
  egress: oneOrMany(ruleSchema)
    .optional()
    .describe('A rule or several. Example: `egress: { protocol: all, to: 0.0.0.0/0 }`'),
};

const interfaceSchema = z.string().describe('An instance or one of its interfaces. Example: `instance: web-1.eth1`');

export const machineSchema = z.string().describe('An instance or external host. Example: `on: web-1`');

export const listenSchema = oneOrMany(portsSchema).describe(
  'Servers that sglab runs there: tcp/PORT, udp/PORT or a protocol number. Example: `[tcp/443, udp/53, 47]`',
);

export const connectionTrackingSchema = z
  .strictObject({
    tcpEstablishedTimeout: z
      .number()
      .optional()
      .describe(
        'Seconds, 60 to 432000. Default 432000, with Nitro v6 350. Example: `connectionTracking: { tcpEstablishedTimeout: 60 }`',
      ),
    udpStreamTimeout: z
      .number()
      .optional()
      .describe(
        'Seconds, 60 to 180, for UDP with more than one request and response. Default 180. Example: `udpStreamTimeout: 60`',
      ),
    udpTimeout: z.number().optional().describe('Seconds, 30 to 60. Default 30. Example: `udpTimeout: 60`'),
  })
  .describe('After how much silence a flow is forgotten. Example: `connectionTracking: { udpTimeout: 60 }`');

export const placementShape = {
  securityGroups: oneOrMany(z.string())
    .optional()
    .describe('Names; left out: the VPC’s default group. Example: `securityGroups: [web, admin]`'),
  publicIp: z
    .union([z.boolean(), z.string()])
    .optional()
    .describe('true takes a free one, or name it. Example: `publicIp: true`'),
  privateIp: z.string().optional().describe('Default: the first free one. Example: `privateIp: 10.0.1.10`'),
};

export const SUBNET =
  'The subnet’s name; `vpc/subnet` if several VPCs have one of that name. Example: `subnet: public`';

const entrySchema = z
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

export const routeSchema = z
  .strictObject({
    to: oneOrMany(z.string()).describe(
      'A CIDR block or prefix list, or a list (one route each). Example: `to: 0.0.0.0/0`',
    ),
    via: z
      .string()
      .describe(
        'internetGateway, egressOnlyInternetGateway, local, a peering or transit gateway, or an instance or one of its interfaces. Example: `via: fw-1.eth1`',
      ),
  })
  .meta({ id: 'route', description: 'A route. Example: `{ to: 10.0.2.0/24, via: fw-1 }`' });

/** What the schema of a verb is made of. */
export const SCHEMA_PARTS = {
  z,
  oneOrMany,
  portsSchema,
  ruleSchema,
  groupSchema,
  rulesShape,
  interfaceSchema,
  machineSchema,
  listenSchema,
  connectionTrackingSchema,
  placementShape,
  SUBNET,
  entriesShape,
  routeSchema,
} as const;

export type SchemaParts = typeof SCHEMA_PARTS;
export type RuleDefinition = z.infer<typeof ruleSchema>;
export type EntryDefinition = z.infer<typeof entrySchema>;
export type RouteDefinition = z.infer<typeof routeSchema>;
export type ConnectionTrackingDefinition = z.infer<typeof connectionTrackingSchema>;
