import { z } from 'zod';

/** One value or a list of them, so that the common case stays short. */
export function oneOrMany<T extends z.ZodType>(item: T) {
  return z.union([item, z.array(item)]);
}

/** The list that `oneOrMany` stands for. */
export function listOf<T>(value: T | readonly T[] | undefined): readonly T[] {
  if (value === undefined) return [];
  return isList(value) ? value : [value];
}

function isList<T>(value: T | readonly T[]): value is readonly T[] {
  return Array.isArray(value);
}

/** AWS's id of something that the file defines. */
export function idSchema(example: string) {
  return z.string().optional().describe(`Its id. Default: one that the lab makes. Example: \`id: ${example}\``);
}

export const stepName = z
  .string()
  .optional()
  .describe('For reports. Default: what the step does. Example: `name: the office may log in`');

const ports = z.union([z.int(), z.string()]);

export const ruleSchema = z
  .strictObject({
    protocol: z
      .union([z.string(), z.int()])
      .describe('tcp, udp, icmp, icmpv6, a protocol number, or all (-1). Example: `protocol: tcp`'),
    ports: oneOrMany(ports)
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

export const modificationSchema = z
  .strictObject({
    protocol: ruleSchema.shape.protocol.optional(),
    ports: ports.optional().describe('For tcp and udp: 443, "7000-8000" or all. Example: `ports: 443`'),
    type: ruleSchema.shape.type,
    code: ruleSchema.shape.code,
    from: z.string().optional().describe('Ingress: the new peer, of the same kind. Example: `from: 10.0.0.9/32`'),
    to: z.string().optional().describe('Egress: the new peer, of the same kind. Example: `to: 10.0.0.0/16`'),
    description: ruleSchema.shape.description,
  })
  .describe('What changes; the rest of the rule stays. Example: `{ from: 10.0.0.9/32 }`');

export type RuleDefinition = z.infer<typeof ruleSchema>;

export const listenSchema = oneOrMany(ports).describe(
  'Servers that sglab runs there: tcp/PORT, udp/PORT or a protocol number. Example: `[tcp/443, udp/53, 47]`',
);
