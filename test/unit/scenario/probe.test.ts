import { describe, expect, it } from 'vitest';
import { endpointName } from '../../../src/cloud/text/endpoint.js';
import { parseProbe, probeText, resolveProbe } from '../../../src/cloud/text/probe.js';
import { parseScenario } from '../../../src/scenario/parse-scenario.js';
import { errorOf } from '../cloud/shop.js';
import { shopFile } from './files.js';

const { cloud } = parseScenario(shopFile(), 'x.yaml');

describe('parseProbe', () => {
  it.each([
    ['a -> b tcp/22', 'tcp', 22, null, null],
    ['a->b TCP/0', 'tcp', 0, null, null],
    ['  a  ->  b  udp/65535 ', 'udp', 65535, null, null],
    ['a -> b icmp', 'icmp', null, 8, 0],
    ['a -> b icmp/13', 'icmp', null, 13, 0],
    ['a -> b icmp/3/4', 'icmp', null, 3, 4],
    ['a -> b icmpv6', 'icmpv6', null, 128, 0],
    ['a -> b 47', '47', null, null, null],
    ['a -> b proto/132', '132', null, null, null],
    ['a -> b 6/443', 'tcp', 443, null, null],
  ])('%s', (text, protocol, port, icmpType, icmpCode) => {
    const expected = { from: 'a', to: 'b', family: null, protocol, port, icmpType, icmpCode };
    expect(parseProbe(text)).toEqual(expected);
    expect(parseProbe(probeText(parseProbe(text)))).toEqual(expected);
  });

  it.each([
    'a b tcp/22',
    'a -> b',
    'a -> b tcp',
    'a -> b tcp/1-9',
    'a -> b tcp/65536',
    'a -> b all',
    'a -> b icmp/256',
    'a -> b 256',
    'a -> b http',
    '',
  ])('refuses %j', (text) => {
    expect(errorOf(() => parseProbe(text))).toMatch(/^InvalidParameterValue: /);
  });
});

describe('resolveProbe', () => {
  it.each([
    ['office -> web-1 tcp/443', '198.51.100.10', '198.18.0.1', 'ipv4'],
    ['office -> db-1 tcp/443', '198.51.100.10', '10.0.2.4', 'ipv4'],
    ['web-1 -> db-1 tcp/443', '10.0.1.4', '10.0.2.4', 'ipv4'],
    ['db-1 -> web-1 tcp/443', '10.0.2.4', '10.0.1.4', 'ipv4'],
    ['db-1 -> web-1.public tcp/443', '10.0.2.4', '198.18.0.1', 'ipv4'],
    ['web-1.public -> office tcp/443', '10.0.1.4', '198.51.100.10', 'ipv4'],
    ['dual -> web-1 icmpv6', '2001:db8:ffff::10', '2001:db8:1::4', 'ipv6'],
    ['dual -> 2001:DB8:1:0::4 tcp/1', '2001:db8:ffff::10', '2001:db8:1::4', 'ipv6'],
    ['dual -> web-1 tcp/1', '203.0.113.7', '198.18.0.1', 'ipv4'],
  ])('%s', (text, sourceAddress, destinationAddress, family) => {
    expect(resolveProbe(cloud, parseProbe(text))).toMatchObject({ sourceAddress, destinationAddress, family });
  });

  it('family: ipv6 is enough to choose IPv6', () => {
    const { from, to, destinationAddress } = resolveProbe(cloud, parseProbe('dual -> web-1 tcp/1', 'ipv6'));
    expect([endpointName(cloud, from), endpointName(cloud, to), destinationAddress]).toEqual([
      'dual',
      'web-1.eth0',
      '2001:db8:1::4',
    ]);
  });

  it.each([
    ['office -> web-1 icmpv6', 'office has no IPv6 address'],
    ['office -> 2001:db8:1::4 tcp/1', 'office has no IPv6 address'],
    ['web-1 -> 2001:db8:1::4 icmp', '"web-1 -> 2001:db8:1::4 icmp" mixes IPv4 and IPv6'],
    ['web-1 -> internet tcp/1', 'there is no machine internet in the lab securecart-web'],
  ])('%s: %s', (text, message) => {
    expect(errorOf(() => resolveProbe(cloud, parseProbe(text)))).toContain(message);
  });
});
