/** Steps about long-lived flows and single packets. */
import { z } from 'zod';
import { TCP_FLAGS } from '../cloud/text/packet-spec.js';
import { FLOW_OUTCOMES, FLOW_SENDS, LEGS, PACKET_OUTCOMES, STAGES } from '../verdict/types.js';
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

const port = z.int().min(0).max(65_535);
const byte = z.int().min(0).max(255);

export const packetSchema = z.strictObject({
  name: stepName,
  packet: z
    .strictObject({
      from: z.string().describe('The machine or interface that sends it. Example: `from: web-1`'),
      to: z.string().describe('The machine or interface on whose link it should arrive. Example: `to: web-2.eth1`'),
      protocol: z
        .union([z.string(), z.int()])
        .describe('tcp, udp, icmp, icmpv6 or a protocol number. Example: `protocol: tcp`'),
      sourcePort: port.optional().describe('Default: a fresh one. Example: `sourcePort: 80`'),
      ports: port.optional().describe('The destination port. Example: `ports: 5000`'),
      flags: z.array(z.enum(TCP_FLAGS)).optional().describe('Of tcp; default syn. Example: `flags: [syn, ack]`'),
      type: byte.optional().describe('For icmp and icmpv6; default: an echo request. Example: `type: 3`'),
      code: byte.optional().describe('For icmp and icmpv6; default 0. Example: `code: 4`'),
      source: z.string().optional().describe('A forged source address. Example: `source: 10.0.1.99`'),
      destination: z
        .string()
        .optional()
        .describe('Instead of the address of `to`, such as a broadcast address. Example: `destination: 10.0.1.255`'),
      family,
      about: z
        .string()
        .optional()
        .describe('Of an ICMP error: the open flow a packet of which it quotes. Example: `about: ssh`'),
      mtu: z.int().min(68).max(65_535).optional().describe('The MTU that an ICMP error tells. Example: `mtu: 1400`'),
      fragment: z
        .int()
        .min(64)
        .max(8960)
        .optional()
        .describe('Sends it in three or more fragments of at most so many bytes. Example: `fragment: 1480`'),
    })
    .describe(
      'One packet, written byte for byte. Example: `packet: { from: web-1, to: web-2, protocol: tcp, sourcePort: 80, ports: 5000 }`',
    ),
  expect: z
    .enum(PACKET_OUTCOMES)
    .exclude(['unknown'])
    .describe('delivered: seen on the link of `to`; dropped: reported by the kernel. Example: `expect: dropped`'),
  at,
});
