/** Single packets, written byte for byte: delivered as a capture in the instance sees it, dropped as the kernel says. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { RunReport } from '../../src/verdict/types.js';
import { TestHost } from './support/test-host.js';

let host: TestHost;

beforeAll(async () => {
  host = await TestHost.start();
});
afterAll(() => host.stop());

const LAB = {
  name: 'packets',
  vpcs: {
    v: {
      cidr: '10.0.0.0/16',
      ipv6Cidr: '2001:db8:1::/56',
      internetGateway: true,
      subnets: { s: { cidr: '10.0.1.0/24', ipv6Cidr: '2001:db8:1::/64', public: true } },
    },
  },
  securityGroups: {
    web: {
      ingress: [
        { protocol: 'tcp', ports: 80, from: '0.0.0.0/0', description: 'HTTP' },
        { protocol: 'udp', ports: 53, from: ['0.0.0.0/0', '::/0'] },
        { protocol: 'icmp', type: 3, code: 4, from: '0.0.0.0/0' },
        { protocol: 'icmpv6', type: 2, from: '::/0' },
        { protocol: 132, from: '0.0.0.0/0' },
      ],
    },
    app: {},
  },
  instances: {
    web: { subnet: 's', securityGroups: 'web', publicIp: true, listen: ['tcp/80'] },
    app: { subnet: 's', securityGroups: 'app' },
  },
  internet: { office: '198.51.100.10', router: '198.51.100.1' },
};

const DELIVERED = 'delivered';
const INGRESS = 'dropped sg-ingress';
const NO_ROUTE = 'dropped route';

/** What is sent from `app` to `web` unless it says otherwise, and what becomes of it. */
const PACKETS: readonly (readonly [object, string])[] = [
  [{ protocol: 'tcp', ports: 80 }, DELIVERED],
  [{ protocol: 'tcp', ports: 80, flags: ['ack', 'psh'] }, DELIVERED],
  [{ protocol: 'tcp', ports: 80, flags: [] }, DELIVERED],
  [{ protocol: 'tcp', sourcePort: 80, ports: 5000 }, INGRESS],
  [{ protocol: 'tcp', ports: 80, source: '10.0.1.99' }, 'dropped source-dest-check'],
  [{ from: 'office', protocol: 'tcp', ports: 80, source: '192.0.2.1' }, DELIVERED],
  [{ from: 'office', protocol: 'tcp', ports: 81 }, INGRESS],
  [{ protocol: 'icmp' }, INGRESS],
  [{ protocol: 'icmp', type: 3, code: 1 }, INGRESS],
  [{ protocol: 'icmp', type: 3, code: 4, mtu: 1400 }, DELIVERED],
  [{ protocol: 'icmpv6', type: 1, code: 4 }, INGRESS],
  [{ protocol: 'icmpv6', type: 2, mtu: 1400 }, DELIVERED],
  [{ protocol: 'udp', ports: 53, fragment: 1400 }, DELIVERED],
  [{ protocol: 'udp', ports: 54, fragment: 1400 }, INGRESS],
  [{ protocol: 'udp', ports: 53, fragment: 1400, family: 'ipv6' }, DELIVERED],
  [{ protocol: 'udp', ports: 54, fragment: 1400, family: 'ipv6' }, INGRESS],
  [{ from: 'office', protocol: 'udp', ports: 53, fragment: 600 }, DELIVERED],
  [{ protocol: 'udp', ports: 53, destination: '10.0.1.255' }, NO_ROUTE],
  [{ protocol: 'udp', ports: 53, destination: '255.255.255.255' }, NO_ROUTE],
  [{ protocol: 'udp', ports: 53, destination: '239.1.2.3' }, NO_ROUTE],
  [{ protocol: 'udp', ports: 53, destination: 'ff02::123' }, NO_ROUTE],
  [{ protocol: 132, sourcePort: 5, ports: 6000 }, DELIVERED],
  [{ protocol: 47 }, INGRESS],
  [{ from: 'router', protocol: 'icmp', type: 3, code: 4, mtu: 1400, about: 'web' }, DELIVERED],
  [{ from: 'router', protocol: 'icmp', type: 3, code: 1, about: 'web' }, INGRESS],
  [{ from: 'app', protocol: 'icmp', type: 3, code: 1, about: 'web' }, INGRESS],
  [{ from: 'router', to: 'office', protocol: 'icmp', type: 3, code: 1, about: 'web' }, DELIVERED],
];

it('a packet of any kind is delivered or dropped as the rules say', async () => {
  const steps = PACKETS.map(([packet, outcome]) => {
    const [expected, at] = outcome.split(' ');
    return { packet: { from: 'app', to: 'web', ...packet }, expect: expected, ...(at === undefined ? {} : { at }) };
  });
  const open = { open: { flow: 'web', probe: 'office -> web tcp/80' } };
  const file = host.write('packets.yaml', { ...LAB, steps: [open, ...steps] });
  const { stdout, stderr } = await host.sglab(['run', file, '--json']);
  if (stdout === '') throw new Error(stderr);
  const [, ...results] = (JSON.parse(stdout) as RunReport).steps;
  const became = results.map(({ name, outcome, stage }) => [name, stage === null ? outcome : `${outcome} ${stage}`]);
  expect(became).toEqual(PACKETS.map(([, outcome], at) => [results[at]?.name, outcome]));
  expect(results[0]?.explanation).toBe('it arrived at web.eth0');
});
