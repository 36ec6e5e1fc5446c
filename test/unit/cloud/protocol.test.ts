import { describe, expect, it } from 'vitest';
import { normaliseProtocol, normaliseRange } from '../../../src/cloud/protocol.js';
import { errorOf } from './shop.js';

describe('protocols', () => {
  it.each([
    ['tcp', 'tcp'],
    ['TCP', 'tcp'],
    ['6', 'tcp'],
    ['17', 'udp'],
    ['1', 'icmp'],
    ['58', 'icmpv6'],
    ['-1', '-1'],
    ['0', '0'],
    ['50', '50'],
    ['255', '255'],
  ])('%s is stored as %s', (text, stored) => {
    expect(normaliseProtocol(text)).toBe(stored);
  });

  it.each(['all', 'http', '256', '-2', '06', '', 'toString'])('refuses %j in AWS’s words', (text) => {
    expect(errorOf(() => normaliseProtocol(text))).toBe(
      `InvalidParameterValue: Invalid value '${text}' for IP protocol. Unknown protocol.`,
    );
  });
});

describe('ranges', () => {
  it.each([
    ['tcp', 0, 65535, 0, 65535],
    ['udp', 53, 53, 53, 53],
    ['icmp', 8, -1, 8, -1],
    ['icmp', -1, -1, -1, -1],
    ['icmp', 3, 4, 3, 4],
    ['icmpv6', null, null, -1, -1],
    ['icmpv6', 128, 0, 128, 0],
    ['-1', 80, 80, null, null],
    ['-1', 0, 0, null, null],
    ['132', 5000, 5000, null, null],
    ['50', null, null, null, null],
  ])('%s %s–%s is stored as %s–%s', (protocol, from, to, fromPort, toPort) => {
    expect(normaliseRange(protocol, from, to)).toEqual({ fromPort, toPort });
  });

  const PORTS_MISSING = 'Invalid value for portRange. Must specify both from and to ports with TCP/UDP.';
  it.each([
    ['tcp', null, null, PORTS_MISSING],
    ['udp', 53, null, PORTS_MISSING],
    ['icmp', null, null, "Invalid value 'Must specify both from and to ports with ICMP.' for portRange."],
    ['tcp', -1, 80, 'TCP/UDP (from) port (-1) out of range'],
    ['tcp', 80, 65536, 'TCP/UDP (to) port (65536) out of range'],
    ['tcp', 1.5, 80, 'TCP/UDP (from) port (1.5) out of range'],
    ['tcp', 90, 80, 'Invalid TCP/UDP port range (90:80)'],
    ['icmp', 8, 65535, 'ICMP code (65535) out of range'],
    ['icmp', 256, -1, 'ICMP type (256) out of range'],
    ['icmp', -1, 4, 'ICMP code (4) out of range'],
  ])('%s %s–%s: %4$s', (protocol, from, to, message) => {
    expect(errorOf(() => normaliseRange(protocol, from, to))).toBe(`InvalidParameterValue: ${message}`);
  });
});
