import { z } from 'zod';
import { LEGS, OUTCOMES, STAGES } from '../verdict/types.js';
import { stepName as name, oneOrMany } from './schema-parts.js';
import { GROUP_STEPS } from './schema-step-groups.js';
import { MACHINE_STEPS } from './schema-step-machines.js';
import { NETWORK_STEPS } from './schema-step-network.js';
import { endSchema, flowSchema, openSchema, packetSchema } from './schema-traffic.js';

const probe = z.strictObject({
  name,
  probe: z
    .string()
    .describe(
      'FROM -> TO WHAT; WHAT is tcp/PORT, udp/PORT, icmp, icmp/TYPE/CODE, icmpv6 or a protocol number. Example: `probe: office -> web-1 tcp/22`',
    ),
  expect: z.enum(OUTCOMES).exclude(['unknown']).describe('What the client feels. Example: `expect: timed-out`'),
  at: z.enum(STAGES).optional().describe('Where it stops. Example: `at: sg-ingress`'),
  leg: z.enum(LEGS).optional().describe('On which way it stops. Example: `leg: request`'),
  rule: oneOrMany(z.string())
    .optional()
    .describe(
      'Id or description of the rule that decides, or of several: one of them. Example: `rule: HTTPS from anywhere`',
    ),
  family: z
    .enum(['ipv4', 'ipv6'])
    .optional()
    .describe('Default: what both ends have, IPv4 first. Example: `family: ipv6`'),
});

const advance = z.strictObject({
  name,
  advance: z
    .string()
    .describe(
      'So much silence passes, at once, for every tracked connection: whole seconds, s, m, h or d. Example: `advance: 50s`',
    ),
});

const wait = z.strictObject({
  name,
  wait: z
    .string()
    .describe(
      'Real time; for what `advance` cannot move, such as a program’s own clock. ms, s or m. Example: `wait: 35s`',
    ),
});

/** One schema per verb; a step has exactly one verb. */
export const STEP_SCHEMAS = {
  probe,
  open: openSchema,
  flow: flowSchema,
  end: endSchema,
  packet: packetSchema,
  ...GROUP_STEPS,
  ...NETWORK_STEPS,
  ...MACHINE_STEPS,
  advance,
  wait,
} as const;

export const stepSchema = z
  .union(Object.values(STEP_SCHEMAS))
  .describe('Example: `{ probe: office -> web-1 tcp/22, expect: connected }`');

export type StepDefinition = z.infer<typeof stepSchema>;
