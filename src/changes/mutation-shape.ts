/** The shape of every change as it crosses a socket: who sends another one is told the place, and nothing is half done. */
import { z } from 'zod';
import { PEERING_STATUSES } from '../cloud/gateways/types.js';
import type { Mutation } from './verbs.js';

const numberOrNull = z.number().nullable();
const words = z.array(z.string());
const direction = z.enum(['ingress', 'egress']);

const rule = z.object({
  direction,
  protocol: z.string(),
  fromPort: numberOrNull,
  toPort: numberOrNull,
  peer: z.string(),
  description: z.string().nullable(),
});
const listener = z.union([
  z.object({ protocol: z.enum(['tcp', 'udp']), port: z.number() }),
  z.object({ protocol: z.literal('raw'), number: z.number() }),
]);
const entry = z.object({
  number: z.number(),
  direction,
  action: z.enum(['allow', 'deny']),
  protocol: z.string(),
  fromPort: numberOrNull,
  toPort: numberOrNull,
  cidr: z.string(),
});
const machine = z.object({
  name: z.string(),
  subnet: z.string(),
  groups: words.nullable(),
  privateIp: z.string().nullable(),
  publicIp: z.union([z.boolean(), z.string()]),
  listen: z.array(listener),
});
const timeouts = z.object({
  tcpEstablishedTimeout: z.number(),
  udpStreamTimeout: z.number(),
  udpTimeout: z.number(),
});
const membership = { instance: z.string(), group: z.string() };
const servers = { on: z.string(), listeners: z.array(listener) };

const SHAPES: { readonly [Type in Mutation['type']]: z.ZodRawShape } = {
  authorize: { group: z.string(), rules: z.array(rule) },
  revoke: { group: z.string(), rules: z.array(rule), ruleIds: words },
  modify: { group: z.string(), rule: z.string(), to: rule.partial() },
  attach: membership,
  detach: membership,
  'prefix-list': { name: z.string(), add: words, remove: words },
  'source-dest-check': { instance: z.string(), enabled: z.boolean() },
  subnet: { name: z.string(), routeTable: z.string().optional(), networkAcl: z.string().optional() },
  'network-acl': {
    name: z.string(),
    set: z.array(entry),
    remove: z.array(z.object({ direction, number: z.number() })),
  },
  routes: {
    table: z.string(),
    add: z.array(z.object({ to: z.string(), via: z.string() })),
    remove: words,
  },
  peering: { name: z.string(), status: z.enum(PEERING_STATUSES) },
  'connection-tracking': { instance: z.string(), timeouts: timeouts.partial() },
  launch: { machine },
  terminate: { machine: z.string() },
  listen: servers,
  close: servers,
};

export const mutationShape = z.discriminatedUnion(
  'type',
  Object.entries(SHAPES).map(([type, shape]) => z.object({ type: z.literal(type), ...shape })) as [
    z.ZodObject<{ type: z.ZodLiteral<string> }>,
  ],
);
