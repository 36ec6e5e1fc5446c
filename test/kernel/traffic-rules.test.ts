/** Protocols, ports, families and peers of single rules: statements S1 to S32 with real packets. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { RunningLab } from './support/running-lab.js';

const ANY = '0.0.0.0/0';
const ANY6 = '::/0';

/** Each server has a group of its own, named like it. */
const SERVERS = {
  closed: { ingress: [], listen: ['tcp/80', 'udp/53'] },
  web: { ingress: [{ protocol: 'tcp', ports: '80-81', from: ANY }], egress: [], listen: ['tcp/80', 'udp/80'] },
  dns: { ingress: [{ protocol: 'udp', ports: '53-54', from: ANY }], egress: [], listen: ['udp/53', 'tcp/53'] },
  ping: { ingress: [{ protocol: 'icmp', type: 8, code: -1, from: ANY }], egress: [], listen: [] },
  pings: { ingress: [{ protocol: 'icmp', from: ANY }], listen: [] },
  unreach: { ingress: [{ protocol: 'icmp', type: 3, code: 4, from: ANY }], listen: [] },
  ping6: { ingress: [{ protocol: 'icmpv6', type: 128, from: ANY6 }], egress: [], listen: [] },
  pings6: { ingress: [{ protocol: 'icmpv6', from: ANY6 }], listen: [] },
  range: {
    ingress: [{ protocol: 'tcp', ports: '7000-8000', from: ANY }],
    listen: ['tcp/6999', 'tcp/7000', 'tcp/8000', 'tcp/8001'],
  },
  tcp53: { ingress: [{ protocol: 'tcp', ports: 53, from: ANY }], listen: ['tcp/53', 'udp/53'] },
  alltcp: { ingress: [{ protocol: 'tcp', ports: '0-65535', from: ANY }], listen: ['tcp/65535', 'udp/53'] },
  all: {
    ingress: [{ protocol: -1, ports: 80, from: ANY }],
    listen: ['tcp/443', 'udp/53', 47, 50, 132],
  },
  esp: { ingress: [{ protocol: 50, from: ANY }], listen: [50, 51, 'tcp/80'] },
  sctp: { ingress: [{ protocol: 132, ports: 5000, from: ANY }], listen: [132] },
  six: { ingress: [{ protocol: 6, ports: 22, from: ANY }], listen: ['tcp/22', 'tcp/23'] },
  only4: { ingress: [{ protocol: 'tcp', ports: 80, from: ANY }], listen: ['tcp/80'] },
  only6: { ingress: [{ protocol: 'tcp', ports: 80, from: ANY6 }], listen: ['tcp/80'] },
  carrier: { ingress: [{ protocol: 'tcp', ports: 80, from: '100.68.0.18/18' }], listen: ['tcp/80'] },
  narrow: { ingress: [{ protocol: 'tcp', ports: 80, from: '10.0.1.205/32' }], listen: ['tcp/80'] },
  listed: { ingress: [{ protocol: 'tcp', ports: 80, from: 'offices' }], listen: ['tcp/80'] },
};

type Server = { ingress: object[]; egress?: object[]; listen: (string | number)[] };
const servers = Object.entries<Server>(SERVERS);

const CLIENT = { subnet: 'a', securityGroups: 'client' };
const DEFINITION = {
  name: 'rules',
  vpcs: {
    v: {
      cidr: ['10.0.0.0/16', '100.68.0.0/16'],
      ipv6Cidr: '2001:db8:1::/56',
      subnets: {
        a: { cidr: '10.0.1.0/24', ipv6Cidr: '2001:db8:1:1::/64' },
        carrier: { cidr: '100.68.0.0/17' },
      },
    },
  },
  prefixLists: { offices: { entries: ['100.68.63.0/24'] } },
  securityGroups: {
    client: {},
    to443: { egress: [{ protocol: 'tcp', ports: 443, to: ANY }] },
    silent: { egress: [] },
    out4: { egress: [{ protocol: -1, to: ANY }] },
    ...Object.fromEntries(servers.map(([name, { ingress, egress }]) => [name, { ingress, ...(egress && { egress }) }])),
  },
  instances: {
    c: { ...CLIENT, privateIp: '10.0.1.205' },
    d: { ...CLIENT, privateIp: '10.0.1.206' },
    c443: { ...CLIENT, securityGroups: 'to443' },
    mute: { ...CLIENT, securityGroups: 'silent', listen: ['tcp/80'] },
    c4: { ...CLIENT, securityGroups: 'out4' },
    inside: { subnet: 'carrier', securityGroups: 'client', privateIp: '100.68.63.255' },
    outside: { subnet: 'carrier', securityGroups: 'client', privateIp: '100.68.64.0' },
    ...Object.fromEntries(servers.map(([name, { listen }]) => [name, { subnet: 'a', securityGroups: name, listen }])),
  },
};

let lab: RunningLab;
beforeAll(async () => {
  lab = await RunningLab.up(DEFINITION);
});
afterAll(() => lab?.stop());

const CONNECTED = { outcome: 'connected', stage: null, leg: null };
const REFUSED = { outcome: 'refused', stage: 'listener', leg: 'request' };
const DROPPED = { outcome: 'timed-out', stage: 'sg-ingress', leg: 'request' };
const DROPPED_AT_SENDER = { outcome: 'timed-out', stage: 'sg-egress', leg: 'request' };
const REPLY_DROPPED = { outcome: 'timed-out', stage: 'sg-egress', leg: 'reply' };
const ERROR_DROPPED = { outcome: 'timed-out', stage: 'sg-ingress', leg: 'reply' };
/** It got in, and nobody answers this. */
const SILENT = { outcome: 'timed-out', stage: 'listener', leg: 'request' };

describe('a rule admits exactly its packets', () => {
  it.concurrent.each([
    ['S1', 'c -> closed tcp/80', DROPPED],
    ['S1', 'c -> closed tcp/9999', DROPPED],
    ['S2', 'c -> web tcp/81', REFUSED],
    ['S3', 'c -> closed udp/53', DROPPED],
    ['S3', 'c -> closed udp/54', DROPPED],
    ['S4', 'c -> all tcp/443', CONNECTED],
    ['S4', 'c -> all udp/53', CONNECTED],
    ['S4', 'c -> all icmp', CONNECTED],
    ['S5', 'mute -> all tcp/443', DROPPED_AT_SENDER],
    ['S5', 'mute -> all udp/53', DROPPED_AT_SENDER],
    ['S5', 'mute -> all icmp', DROPPED_AT_SENDER],
    ['S5', 'mute -> all 47', DROPPED_AT_SENDER],
    ['S6', 'c -> web tcp/80', CONNECTED],
    ['S8', 'c -> dns udp/53', CONNECTED],
    ['S9', 'c -> ping icmp', CONNECTED],
    ['S10', 'c -> pings icmp', CONNECTED],
    ['S11', 'web -> c tcp/80', DROPPED_AT_SENDER],
    ['S13', 'c -> range tcp/6999', DROPPED],
    ['S13', 'c -> range tcp/7000', CONNECTED],
    ['S13', 'c -> range tcp/7500', REFUSED],
    ['S13', 'c -> range tcp/8000', CONNECTED],
    ['S13', 'c -> range tcp/8001', DROPPED],
    ['S14', 'c -> tcp53 tcp/53', CONNECTED],
    ['S14', 'c -> tcp53 udp/53', DROPPED],
    ['S15', 'c -> alltcp tcp/0', REFUSED],
    ['S15', 'c -> alltcp tcp/65535', CONNECTED],
    ['S15', 'c -> alltcp udp/53', DROPPED],
    ['S15', 'c -> alltcp icmp', DROPPED],
    ['S16', 'c -> all 47', CONNECTED],
    ['S16', 'c -> all 50', CONNECTED],
    ['S16', 'c -> all 132', CONNECTED],
    ['S17', 'c -> all tcp/444', REFUSED],
    ['S18', 'c -> esp 50', CONNECTED],
    ['S18', 'c -> esp 51', DROPPED],
    ['S18', 'c -> esp tcp/80', DROPPED],
    ['S19', 'c -> sctp 132', CONNECTED],
    ['S20', 'c -> six tcp/22', CONNECTED],
    ['S20', 'c -> six tcp/23', DROPPED],
    ['S22', 'c443 -> all tcp/443', CONNECTED],
    ['S22', 'c443 -> web tcp/80', DROPPED_AT_SENDER],
    ['S23', 'c -> ping icmp/13/0', DROPPED],
    ['S24', 'c -> pings icmp/13/0', CONNECTED],
    ['S24', 'c -> pings icmpv6', DROPPED],
    ['S25', 'c -> unreach icmp/3/1', DROPPED],
    ['S25', 'c -> unreach icmp/3/4', SILENT],
    ['S25', 'c -> unreach icmp', DROPPED],
    ['S26', 'c -> ping6 icmpv6', CONNECTED],
    ['S26', 'c -> ping6 icmp', DROPPED],
    ['S26', 'c -> ping6 icmpv6/129/0', DROPPED],
    ['S27', 'c -> pings6 icmpv6', CONNECTED],
    ['S27', 'c -> pings6 icmpv6/129/0', SILENT],
    ['S30', 'inside -> carrier tcp/80', CONNECTED],
    ['S30', 'outside -> carrier tcp/80', DROPPED],
    ['S31', 'c -> narrow tcp/80', CONNECTED],
    ['S31', 'd -> narrow tcp/80', DROPPED],
  ])('%s: %s', async (_statement, words, expected) => {
    const result = await lab.probe(words);
    expect(result).toMatchObject({ ...expected, rule: null });
  });

  it.concurrent.each([
    ['S28', 'c -> only4 tcp/80', 'ipv4', CONNECTED],
    ['S28', 'c -> only4 tcp/80', 'ipv6', DROPPED],
    ['S28', 'c -> only6 tcp/80', 'ipv4', DROPPED],
    ['S28', 'c -> only6 tcp/80', 'ipv6', CONNECTED],
    ['S29', 'c4 -> only4 tcp/80', 'ipv4', CONNECTED],
    ['S29', 'c4 -> only6 tcp/80', 'ipv6', DROPPED_AT_SENDER],
  ] as const)('%s: %s over %s', async (_statement, words, family, expected) => {
    expect(await lab.probe(words, family)).toMatchObject(expected);
  });

  it('S32: a change of a prefix list changes its rules at once', async () => {
    expect(await lab.probe('inside -> listed tcp/80')).toMatchObject(CONNECTED);
    expect(await lab.probe('outside -> listed tcp/80')).toMatchObject(DROPPED);
    await lab.mutate({ type: 'prefix-list', name: 'offices', add: ['100.68.64.0/24'], remove: ['100.68.63.0/24'] });
    expect(await lab.probe('inside -> listed tcp/80')).toMatchObject(DROPPED);
    expect(await lab.probe('outside -> listed tcp/80')).toMatchObject(CONNECTED);
  });
});

describe('answers that the rules do not let back', () => {
  it('the ICMP error of a closed UDP port is judged as ICMP by both groups (4.8)', async () => {
    // `dns` may send nothing, so its own group stops the error.
    expect(await lab.probe('c -> dns udp/54')).toMatchObject(REPLY_DROPPED);
    // `all` may send it, and the client's group lets nothing in.
    expect(await lab.probe('c -> all udp/54')).toMatchObject(ERROR_DROPPED);
    await lab.authorize('client', `icmp/3/-1 from ${ANY}`);
    expect(await lab.probe('c -> all udp/54')).toMatchObject(REFUSED);
    expect(await lab.probe('c -> all 51')).toMatchObject(REFUSED);
    await lab.revoke('client', `icmp/3/-1 from ${ANY}`);
  });
});
