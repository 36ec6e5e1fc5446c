import { hasPorts, isIcmp, normaliseProtocol } from '../cloud/protocol.js';
import { isIcmpError } from '../cloud/text/icmp-error.js';
import type { PacketSpec } from '../cloud/text/packet-spec.js';
import { packetWords } from '../cloud/text/packet-spec.js';
import { makeProbe } from '../cloud/text/probe.js';
import type { DefinitionOf } from './read-step.js';
import type { StepPlace } from './step-place.js';
import type { PacketStep } from './types.js';

type PacketDefinition = DefinitionOf<'packet'>['packet'];

export function readPacket(
  { problems, path, line }: StepPlace,
  { packet: definition, expect, at }: DefinitionOf<'packet'>,
): PacketStep | undefined {
  const place = [...path, 'packet'];
  const protocol = problems.attempt([...place, 'protocol'], () => normaliseProtocol(String(definition.protocol)));
  if (protocol === undefined) return undefined;
  const misplaced = misplacedKey(protocol, definition);
  if (misplaced !== null) {
    const message = `a packet of protocol ${protocol} has no \`${misplaced}\``;
    problems.add([...place, misplaced], { message, hint: 'Leave it out.', on: 'key' });
    return undefined;
  }
  const { from, to, family = null } = definition;
  const probe = problems.attempt(place, () => makeProbe({ from, to, what: traffic(protocol, definition), family }));
  if (probe === undefined) return undefined;
  const packet: PacketSpec = {
    probe,
    port: definition.ports ?? null,
    sourcePort: definition.sourcePort ?? null,
    flags: definition.flags ?? (protocol === 'tcp' ? ['syn'] : []),
    source: definition.source ?? null,
    destination: definition.destination ?? null,
    about: definition.about ?? null,
    mtu: definition.mtu ?? null,
    fragment: definition.fragment ?? null,
  };
  if (!isIcmpError(probe) && (packet.about ?? packet.mtu) !== null) {
    const key = packet.about === null ? 'mtu' : 'about';
    problems.add([...place, key], { message: `only an ICMP error has \`${key}\``, hint: 'Write `type: 3, code: 4`.' });
  }
  if (expect === 'delivered' && at !== undefined) {
    problems.add([...path, 'at'], { message: 'a delivered packet stops nowhere', hint: 'Leave `at` out.' });
  }
  const name = packetWords(packet);
  return { type: 'packet', name, line, packet, expect: { outcome: expect, stage: at ?? null, leg: null } };
}

/** SCTP has ports, which no security group looks at (S80). */
const SCTP = '132';

function misplacedKey(
  protocol: string,
  packet: PacketDefinition,
): 'flags' | 'ports' | 'sourcePort' | 'type' | 'code' | null {
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
