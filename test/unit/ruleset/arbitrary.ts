import fc from 'fast-check';
import type { Cloud } from '../../../src/cloud/types.js';
import { cloud, group, groupId, networkInterface, prefixList, rule } from './clouds.js';
import type { Packet } from './reading.js';

/** Few ports, blocks and groups, so that random rules overlap and random packets hit them. */

const port = fc.constantFrom(0, 21, 22, 23, 80, 443, 8080, 65535);
const ports = fc.tuple(port, port).map(([a, b]) => `${Math.min(a, b)}-${Math.max(a, b)}`);
const icmp = fc.constantFrom('-1/-1', '8/-1', '8/0', '3/4', '128/-1', '128/0');
const what = fc.oneof(
  fc.tuple(fc.constantFrom('tcp', 'udp'), ports),
  fc.tuple(fc.constantFrom('icmp', 'icmpv6'), icmp),
  fc.tuple(fc.constantFrom('-1', '-1', '50', '132', '255'), fc.constant('-')),
);
const peer = fc.constantFrom(
  ...[
    '0.0.0.0/0',
    '10.0.0.0/8',
    '10.0.0.0/16',
    '10.0.1.0/24',
    '10.0.1.8/29',
    '10.0.1.9/32',
    '192.0.2.0/24',
    '255.255.255.255/32',
  ],
  ...['::/0', '2001:db8::/32', '2001:db8:1:1::/64', '2001:db8:1:1::9/128'],
  ...['pl-four', 'pl-six', groupId(1), groupId(2), groupId(3)],
);
const direction = fc.constantFrom('ingress', 'egress');
const rules = fc
  .uniqueArray(
    fc.tuple(direction, what, peer).map(([way, [protocol, range], from]) => `${way} ${protocol} ${range} ${from}`),
    { maxLength: 14 },
  )
  .map((texts) => texts.map((text, i) => rule(i + 1, text)));

const LISTS = [
  prefixList('four', ['10.0.0.0/16', '10.0.1.0/24', '198.51.100.0/24', '0.0.0.0/0']),
  prefixList('six', ['2001:db8:1::/48']),
];

const memberships = fc.array(fc.subarray([groupId(1), groupId(2), groupId(3)]), { minLength: 2, maxLength: 2 });

/** Interface 5 has the groups 1 and 2 with random rules; interfaces 8 and 9 are in random groups. */
export const clouds: fc.Arbitrary<Cloud> = fc
  .tuple(rules, fc.nat(14), memberships)
  .map(([all, split, [eight = [], nine = []]]) =>
    cloud(
      [group(1, all.slice(0, split)), group(2, all.slice(split)), group(3)],
      [networkInterface(5, [groupId(1), groupId(2)]), networkInterface(8, eight), networkInterface(9, nine)],
      LISTS,
    ),
  );

const icmpPoint = fc.constantFrom(8 * 256, 8 * 256 + 1, 3 * 256 + 4, 3 * 256 + 1, 128 * 256, 13 * 256);
const where = fc.oneof(
  fc.tuple(fc.constantFrom(6, 17), fc.oneof(port, fc.nat(65535))),
  fc.tuple(fc.constantFrom(1, 58), icmpPoint),
  fc.tuple(fc.constantFrom(0, 47, 50, 132, 255), fc.constant(0)),
);
const address4 = fc.constantFrom('10.0.1.8', '10.0.1.9', '10.0.1.200', '10.0.7.7', '10.9.9.9', '192.0.2.7', '8.8.8.8');
const address6 = fc.constantFrom('2001:db8:1:1::8', '2001:db8:1:1::9', '2001:db8:ffff::1', '2a00::1');

export const packets: fc.Arbitrary<Packet> = fc
  .tuple(direction, where, fc.oneof(address4, address6))
  .map(([way, [protocol, point], from]) => ({
    direction: way === 'ingress' ? 'ingress' : 'egress',
    family: from.includes(':') ? 'ipv6' : 'ipv4',
    peer: from,
    protocol,
    // Only ICMP of the packet's own family has a type and a code.
    point: protocol === (from.includes(':') ? 1 : 58) ? 0 : point,
  }));
