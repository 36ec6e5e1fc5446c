import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ipBatch } from '../../src/kernel/ip.js';
import type { Netns } from '../../src/kernel/netns.js';
import { openLog } from '../../src/kernel/nflog.js';
import { sockaddr } from '../../src/kernel/sockaddr.js';
import { bindSocket, closeSocket, listenUdp, openSocket, receive, sendTo } from '../../src/kernel/sockets.js';
import { writeSysctls } from '../../src/kernel/sysctl.js';
import { internetGatewayRuleset } from '../../src/ruleset/gateway-routers.js';
import { LOG_GROUP } from '../../src/ruleset/names.js';
import { render } from '../../src/ruleset/nft-text.js';
import type { Ruleset } from '../../src/ruleset/ruleset.js';
import { vpcRouterRuleset } from '../../src/ruleset/vpc-router.js';
import { cloud, group, groupId, networkInterface, VPC } from '../unit/ruleset/clouds.js';
import { eventually, load, removeNetns, scratchNetns } from './ruleset-rig.js';

/** 10.0.1.5 has a public address, 10.0.1.6 has none; both are addresses of `inside`. The internet is one machine. */
const of = cloud(
  [group(1)],
  [networkInterface(5, [groupId(1)], { publicIp: '203.0.113.5' }), networkInterface(6, [groupId(1)])],
);
const OUTSIDE = '198.51.100.10';

let inside: Netns;
let router: Netns;
let outside: Netns;
const prefixes: string[] = [];
const closers: (() => void)[] = [];

beforeAll(async () => {
  [inside, router, outside] = [await scratchNetns('in'), await scratchNetns('router'), await scratchNetns('out')];
  await ipBatch(
    [
      `link add vpc type veth peer name eth0 netns ${inside.name}`,
      `link add internet type veth peer name eth0 netns ${outside.name}`,
      'link add void type bridge',
      ...['vpc', 'internet', 'void'].map((link) => `link set ${link} up`),
      'address add 10.0.1.1/32 dev vpc',
      'address add 203.0.113.1/32 dev internet',
      'route add 10.0.1.5 dev vpc',
      'route add 10.0.1.6 dev vpc',
      `route add ${OUTSIDE} dev internet`,
      'route add default dev void',
    ],
    router,
  );
  writeSysctls(router, { 'ipv4.ip_forward': 1 });
  const end = (addresses: readonly string[], via: string) => [
    'link set eth0 up',
    ...addresses.map((address) => `address add ${address}/32 dev eth0`),
    `route add ${via} dev eth0`,
    `route add default via ${via}`,
  ];
  await ipBatch(end(['10.0.1.5', '10.0.1.6'], '10.0.1.1'), inside);
  await ipBatch(end([OUTSIDE], '203.0.113.1'), outside);
  await waitForCarrier();
  const capture = openLog(router, LOG_GROUP, ({ prefix }) => prefixes.push(prefix));
  closers.push(() => capture.close());
});

afterAll(async () => {
  for (const close of closers) close();
  for (const netns of [inside, router, outside]) await removeNetns(netns);
});

/** The kernel may tell a new link as much as a second later that its partner is there: packets before that are lost. */
async function waitForCarrier(): Promise<void> {
  for (let tries = 0; tries < 20; tries++) {
    const both = [await sent(outside, OUTSIDE, inside, '10.0.1.5'), await sent(inside, '10.0.1.5', outside, OUTSIDE)];
    if (!both.includes(null)) return;
  }
  throw new Error('the links of the rig do not carry packets');
}

/** Sends a datagram and tells what the receiver took for its sender; null when nothing arrives. */
async function sent(from: Netns, source: string, to: Netns, destination: string): Promise<string | null> {
  prefixes.length = 0;
  const [server, client] = [listenUdp(to, 'ipv4', 7), openSocket(from, 'dgram', 'ipv4')];
  bindSocket(client, source, 0);
  sendTo(client, Buffer.from('x'), sockaddr(destination, 7));
  const got = await eventually(() => {
    const received = receive(server);
    return 'data' in received ? [...received.from.subarray(4, 8)].join('.') : null;
  }, 300);
  for (const fd of [server, client]) closeSocket(fd);
  return got;
}

async function loadRouter(ruleset: Ruleset): Promise<void> {
  await load(router, `flush ruleset\n${render(ruleset)}`);
}

describe('the internet gateway', () => {
  beforeAll(() => loadRouter(internetGatewayRuleset(of, VPC.id)));

  it('gives an interface its public address, in both directions (S106)', async () => {
    expect(await sent(outside, OUTSIDE, inside, '203.0.113.5')).toBe(OUTSIDE);
    expect(await sent(inside, '10.0.1.5', outside, OUTSIDE)).toBe('203.0.113.5');
  });

  it('drops who has none (S107), and what nobody has', async () => {
    expect(await sent(inside, '10.0.1.6', outside, OUTSIDE)).toBeNull();
    expect(prefixes).toEqual(['drop route no-public-address']);
    expect(await sent(inside, '10.0.1.5', outside, '8.8.8.8')).toBeNull();
    expect(prefixes).toEqual(['drop route no-route']);
  });
});

describe('the fabric', () => {
  beforeAll(() => loadRouter(vpcRouterRuleset(of, VPC.id)));

  it('forwards to where somebody is', async () => {
    expect(await sent(outside, OUTSIDE, inside, '10.0.1.6')).toBe(OUTSIDE);
  });

  it('tells a free address of the VPC from a destination without route, and itself answers nothing', async () => {
    expect(await sent(outside, OUTSIDE, inside, '10.0.1.99')).toBeNull();
    expect(prefixes).toEqual(['drop route no-interface']);
    expect(await sent(outside, OUTSIDE, inside, '8.8.8.8')).toBeNull();
    expect(prefixes).toEqual(['drop route no-route']);
    expect(await sent(outside, OUTSIDE, inside, '10.0.1.1')).toBeNull();
    expect(prefixes).toEqual(['drop route no-interface']);
  });

  it("lets no gateway's link bring in an address of the VPC (S119)", async () => {
    expect(await sent(inside, '10.0.1.5', outside, OUTSIDE)).toBeNull();
    expect(prefixes).toEqual(['drop route spoofed']);
  });
});
