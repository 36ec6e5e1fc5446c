/** Steps about long-lived flows. */
import { z } from 'zod';
import { FLOW_OUTCOMES, FLOW_SENDS, LEGS, STAGES } from '../observe/types.js';
import { stepName } from './schema-parts.js';

const family = z
  .enum(['ipv4', 'ipv6'])
  .optional()
  .describe('Default: what both ends have, IPv4 first. Example: `family: ipv6`');
const at = z.enum(STAGES).optional().describe('Where it stops. Example: `at: sg-ingress`');
const leg = z
  .enum(LEGS)
  .optional()
  .describe('On which way it stops; what the server sends is the reply. Example: `leg: reply`');

export const openSchema = z.strictObject({
  name: stepName,
  open: z
    .strictObject({
      flow: z.string().describe('How later steps call it. Example: `flow: ssh`'),
      probe: z.string().describe('Its ends, as in a probe. Example: `probe: office -> web-1 tcp/22`'),
      send: z
        .enum(['client', 'both'])
        .optional()
        .describe('client: the first packet gets no answer (not for TCP). Default both. Example: `send: client`'),
      family,
    })
    .describe(
      'Opens a long-lived TCP, UDP, ping or other flow to a server of `listen`. Example: `open: { flow: ssh, probe: office -> web-1 tcp/22 }`',
    ),
});

export const flowSchema = z.strictObject({
  name: stepName,
  flow: z.string().describe('The name of an open flow: one more exchange on it. Example: `flow: ssh`'),
  send: z
    .enum(FLOW_SENDS)
    .optional()
    .describe(
      'client or server: one message, which must arrive; both (default): a request and its answer. Example: `send: server`',
    ),
  expect: z
    .enum(FLOW_OUTCOMES)
    .exclude(['unknown'])
    .describe('goes-on, stalls, or reset when the other side knows no such flow. Example: `expect: stalls`'),
  at,
  leg,
});

export const endSchema = z.strictObject({
  name: stepName,
  end: z.string().describe('Ends an open flow; of TCP with a FIN. Example: `end: ssh`'),
});
