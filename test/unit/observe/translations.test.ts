import { describe, expect, it } from 'vitest';
import { keyOfPacket, reverseKeyOfPacket } from '../../../src/observe/flow-key.js';
import { type Packet, parsePacket } from '../../../src/observe/packet.js';
import { Translations } from '../../../src/observe/translations.js';
import { TRANSLATED_AFTER, TRANSLATED_BEFORE } from '../../../src/ruleset/names.js';

const address = (text: string) =>
  text
    .split('.')
    .map((octet) => Number(octet).toString(16).padStart(2, '0'))
    .join('');
const port = (number: number) => number.toString(16).padStart(4, '0');

/** The headers of a TCP packet. */
function tcp(source: string, sourcePort: number, destination: string, destinationPort: number): Buffer {
  const header = `450000280000000040060000${address(source)}${address(destination)}`;
  return Buffer.from(`${header}${port(sourcePort)}${port(destinationPort)}${'00'.repeat(16)}`, 'hex');
}

function parsed(data: Buffer): Packet {
  const packet = parsePacket(data);
  if (packet === null) throw new Error('not a packet');
  return packet;
}

const SERVER = '198.51.100.10';
const inside = tcp('10.0.2.4', 700, SERVER, 443);
const behindNat = tcp('10.0.1.5', 50_000, SERVER, 443);
const outside = tcp('203.0.113.50', 50_000, SERVER, 443);
const twins = (text: string) => (text === '10.0.1.5' ? [text, '203.0.113.50'] : [text]);

describe('a translated flow', () => {
  it('is known by what it was, in both directions and on both sides of the internet gateway', () => {
    const translations = new Translations(twins);
    const read = translations.reader();
    expect(read({ prefix: 'drop route no-route', mark: 7, packet: inside })).toBeNull();
    expect(read({ prefix: TRANSLATED_BEFORE, mark: 7, packet: inside })).toEqual([]);
    // Another packet in between, on another core.
    read({ prefix: TRANSLATED_BEFORE, mark: 8, packet: tcp('10.0.2.9', 700, SERVER, 443) });
    const keys = read({ prefix: TRANSLATED_AFTER, mark: 7, packet: behindNat });
    expect(keys).toHaveLength(4);
    for (const packet of [behindNat, outside].map(parsed)) {
      expect([...translations.keysOf(packet)]).toEqual([keyOfPacket(packet), keyOfPacket(parsed(inside))]);
    }
    const reply = parsed(tcp(SERVER, 443, '203.0.113.50', 50_000));
    expect([...translations.keysOf(reply)]).toEqual([keyOfPacket(reply), reverseKeyOfPacket(parsed(inside))]);
  });

  it('is no other flow, and a report without its other half says nothing', () => {
    const translations = new Translations(twins);
    expect(translations.reader()({ prefix: TRANSLATED_AFTER, mark: 7, packet: behindNat })).toEqual([]);
    expect([...translations.keysOf(parsed(behindNat))]).toEqual([keyOfPacket(parsed(behindNat))]);
  });
});
