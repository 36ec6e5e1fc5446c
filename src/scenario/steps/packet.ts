/** `packet` sends one packet that is written byte for byte. */
import { z } from 'zod';
import { hasPorts, isIcmp, isIcmpError, normaliseProtocol } from '../../cloud/protocol.js';
import { defaultHopLimit, type PacketSpec, packetSpecText, TCP_FLAGS } from '../../cloud/text/packet-spec.js';
import { makeProbe, type ProbeSpec } from '../../cloud/text/probe.js';
import { PACKET_OUTCOMES, type PacketOutcome } from '../../verdict/types.js';
import {
  type Expectation,
  familySchema,
  nameSchema,
  type StepBase,
  type StepContext,
  type StepKind,
  stageSchema,
  trafficOutcome,
} from './step-kind.js';

export interface PacketStep extends StepBase {
  readonly type: 'packet';
  readonly packet: PacketSpec;
  readonly expect: Expectation<PacketOutcome>;
}

const port = z.int().min(0).max(65_535);
const byte = z.int().min(0).max(255);

const schema = z.strictObject({
  name: nameSchema,
  packet: z
    .strictObject({
      from: z.string().describe('The machine or interface that sends it. Example: `from: web-1`'),
      to: z.string().describe('The machine or interface on whose link it should arrive. Example: `to: web-2.eth1`'),
      protocol: z
        .union([z.string(), z.int()])
        .describe('tcp, udp, icmp, icmpv6 or a protocol number. Example: `protocol: tcp`'),
      sourcePort: port.optional().describe('Default: an unused one. Example: `sourcePort: 80`'),
      ports: port.optional().describe('The destination port. Example: `ports: 5000`'),
      flags: z.array(z.enum(TCP_FLAGS)).optional().describe('For tcp; default syn. Example: `flags: [syn, ack]`'),
      type: byte.optional().describe('For icmp and icmpv6; default: an echo request. Example: `type: 3`'),
      code: byte.optional().describe('For icmp and icmpv6; default 0. Example: `code: 4`'),
      source: z.string().optional().describe('A forged source address. Example: `source: 10.0.1.99`'),
      destination: z
        .string()
        .optional()
        .describe('Instead of the address of `to`, such as a broadcast address. Example: `destination: 10.0.1.255`'),
      family: familySchema,
      about: z
        .string()
        .optional()
        .describe('For an ICMP error: the open flow whose packet it quotes. Example: `about: ssh`'),
      mtu: z.int().min(68).max(65_535).optional().describe('The MTU that an ICMP error reports. Example: `mtu: 1400`'),
      hopLimit: byte
        .min(1)
        .optional()
        .describe('The TTL of IPv4. Default 64, of neighbour discovery 255. Example: `hopLimit: 1`'),
      fragment: z
        .int()
        .min(64)
        .max(8960)
        .optional()
        .describe('Sends it in three or more fragments of at most this many bytes. Example: `fragment: 1480`'),
    })
    .describe(
      'One packet, written byte for byte. Example: `packet: { from: web-1, to: web-2, protocol: tcp, sourcePort: 80, ports: 5000 }`',
    ),
  expect: z
    .enum(PACKET_OUTCOMES)
    .exclude(['unknown'])
    .describe('delivered: seen on the link of `to`; dropped: reported by the kernel. Example: `expect: dropped`'),
  at: stageSchema,
});

type PacketDefinition = z.infer<typeof schema>['packet'];

export const packet: StepKind<PacketStep, z.infer<typeof schema>> = {
  schemas: { packet: schema },
  read(place, { packet: definition, expect: outcome, at = null }) {
    const { problems, path, line } = place;
    const spec = readSpec({ ...place, path: [...path, 'packet'] }, definition);
    if (spec === undefined) return undefined;
    if (outcome === 'delivered' && at !== null) {
      problems.add([...path, 'at'], { message: 'a delivered packet stops nowhere', hint: 'Leave `at` out.' });
    }
    const expect = { outcome, stage: at, leg: null };
    return {
      step: { type: 'packet', name: packetSpecText(spec), line, packet: spec, expect },
      rehearse(rehearsal) {
        if (spec.about !== null) rehearsal.flows.use([...path, 'packet', 'about'], spec.about);
        if (rehearsal.hasEnds(spec.probe)) rehearsal.checkPacket([...path, 'packet'], spec);
      },
    };
  },
  run: async (live, { packet: spec, expect }) => trafficOutcome(await live.traffic.packets.send(spec), expect),
};

function readSpec({ problems, path }: StepContext, definition: PacketDefinition): PacketSpec | undefined {
  const protocol = problems.attempt([...path, 'protocol'], () => normaliseProtocol(String(definition.protocol)));
  if (protocol === undefined) return undefined;
  const misplaced = misplacedKey(protocol, definition);
  if (misplaced !== null) {
    const message = `a packet of protocol ${protocol} has no \`${misplaced}\``;
    problems.add([...path, misplaced], { message, hint: 'Leave it out.', on: 'key' });
    return undefined;
  }
  const { from, to, family = null } = definition;
  const probe = problems.attempt(path, () => makeProbe({ from, to, what: traffic(protocol, definition), family }));
  if (probe === undefined) return undefined;
  const spec = packetSpec(probe, protocol, definition);
  if (!isIcmpError(probe) && (spec.about ?? spec.mtu) !== null) {
    const key = spec.about === null ? 'mtu' : 'about';
    problems.add([...path, key], { message: `only an ICMP error has \`${key}\``, hint: 'Write `type: 3, code: 4`.' });
  }
  return spec;
}

function packetSpec(probe: ProbeSpec, protocol: string, definition: PacketDefinition): PacketSpec {
  return {
    probe,
    port: definition.ports ?? null,
    sourcePort: definition.sourcePort ?? null,
    flags: definition.flags ?? (protocol === 'tcp' ? ['syn'] : []),
    source: definition.source ?? null,
    destination: definition.destination ?? null,
    about: definition.about ?? null,
    mtu: definition.mtu ?? null,
    hopLimit: definition.hopLimit ?? defaultHopLimit(probe),
    fragment: definition.fragment ?? null,
  };
}

/** SCTP has ports, which no security group looks at (S80). */
const SCTP = '132';

function misplacedKey(protocol: string, packet: PacketDefinition): keyof PacketDefinition | null {
  const withPorts = hasPorts(protocol) || protocol === SCTP;
  if (packet.flags !== undefined && protocol !== 'tcp') return 'flags';
  if (packet.ports !== undefined && !withPorts) return 'ports';
  if (packet.sourcePort !== undefined && !withPorts) return 'sourcePort';
  if (packet.type !== undefined && !isIcmp(protocol)) return 'type';
  return packet.code !== undefined && !isIcmp(protocol) ? 'code' : null;
}

function traffic(protocol: string, { ports, type, code }: PacketDefinition): string {
  if (isIcmp(protocol)) return type === undefined ? protocol : `${protocol}/${type}/${code ?? 0}`;
  return hasPorts(protocol) ? `${protocol}/${ports ?? ''}` : protocol;
}
