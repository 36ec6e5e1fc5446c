import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { SecurityGroupRule } from '../../src/cloud/groups/types.js';
import { ipBatch } from '../../src/kernel/ip.js';
import { run } from '../../src/kernel/process.js';
import { sockaddr } from '../../src/kernel/sockaddr.js';
import { bindSocket, reportErrors, sendTo, takeSocketError } from '../../src/kernel/sockets.js';
import { cardRuleset } from '../../src/ruleset/card.js';
import { MARK_UDP, MARK_UNTRACKED } from '../../src/ruleset/names.js';
import { difference, render } from '../../src/ruleset/nft-text.js';
import type { Ruleset } from '../../src/ruleset/ruleset.js';
import { cloud, group, groupId, interfaceId, networkInterface, rule } from '../unit/ruleset/clouds.js';
import { load, Rig } from './ruleset-rig.js';

let rig: Rig;
let loaded: Ruleset;

beforeAll(async () => {
  rig = await Rig.build();
});
afterAll(() => rig.remove());

function card(rules: readonly (readonly [number, string])[], members: readonly string[] = []): Ruleset {
  const own: SecurityGroupRule[] = rules.map(([index, text]) => rule(index, text));
  return cardRuleset(
    cloud(
      [group(1, own), group(2)],
      [
        networkInterface(5, [groupId(1)]),
        networkInterface(9, [groupId(2)], { privateIpAddresses: members, ipv6Addresses: [] }),
      ],
    ),
    interfaceId(5),
  );
}

/** Replaces the ruleset and forgets all connections. */
async function start(rules: readonly (readonly [number, string])[], members: readonly string[] = []): Promise<void> {
  loaded = card(rules, members);
  await load(rig.card, render(loaded));
  await run('conntrack', ['-F'], { namespace: rig.card });
  rig.clearLog();
}

/** What a change of rules does to the running card: the difference, nothing else. */
async function change(rules: readonly (readonly [number, string])[], members: readonly string[] = []): Promise<void> {
  const next = card(rules, members);
  await load(rig.card, difference(loaded, next) ?? '');
  loaded = next;
  rig.clearLog();
}

let port = 20_000;
beforeEach(() => {
  port += 1;
});

const OUT: readonly [number, string] = [1, 'egress -1 - 0.0.0.0/0'];

/** A TCP connection from the peer to the instance, open. */
async function tcpFlow() {
  const listener = rig.listen(rig.guest, 'tcp', port);
  const { fd, connected } = rig.connect(rig.peer, Rig.GUEST, port);
  expect(await connected()).toBe('connected');
  return { client: fd, server: await rig.accept(listener) };
}

describe('a card on the real kernel', () => {
  it('admits what a rule allows and names the rule in the log and in the connection', async () => {
    await start([[7, `ingress tcp ${port} 10.0.1.9/32`]]);
    await tcpFlow();
    expect(await rig.logged('pass sg-ingress')).toBe(7);
    expect(await rig.connectionMarks('tcp')).toEqual([7]);
  });

  it('drops the rest in silence and reports it', async () => {
    await start([[7, `ingress tcp ${port} 10.0.1.8/32`]]);
    rig.listen(rig.guest, 'tcp', port);
    const { connected } = rig.connect(rig.peer, Rig.GUEST, port);
    expect(await rig.logged('drop sg-ingress')).toBe(0);
    expect(await connected()).toBeNull();
    expect(await rig.connectionMarks('tcp')).toEqual([]);
    rig.connect(rig.guest, Rig.PEER, port);
    expect(await rig.logged('drop sg-egress')).toBe(0);
  });

  it('lets a tracked connection go on when its rule is revoked, in both directions, but no new one (S58, S59)', async () => {
    await start([[7, `ingress tcp ${port} 10.0.1.9/32`]]);
    const { client, server } = await tcpFlow();
    await change([]);
    expect(await rig.passes(client, server)).toBe(true);
    expect(await rig.passes(server, client)).toBe(true);
    rig.connect(rig.peer, Rig.GUEST, port);
    expect(await rig.logged('drop sg-ingress')).toBe(0);
  });

  it('stops an untracked connection with the next packet when its rule is revoked (S61)', async () => {
    const rules: [number, string][] = [[7, `ingress tcp ${port} 0.0.0.0/0`], [...OUT]];
    await start(rules);
    const { client, server } = await tcpFlow();
    expect(await rig.passes(client, server)).toBe(true);
    expect(await rig.passes(server, client)).toBe(true);
    expect(await rig.connectionMarks('tcp')).toEqual([MARK_UNTRACKED + 7]);
    await change([OUT]);
    expect(await rig.passes(client, server)).toBe(false);
    expect(await rig.logged('drop sg-ingress')).toBe(0);
  });

  it('tracks an untracked connection from the moment its rule is narrowed (S62)', async () => {
    await start([[7, `ingress tcp ${port} 0.0.0.0/0`], OUT]);
    const { client, server } = await tcpFlow();
    await change([[8, `ingress tcp ${port} 10.0.1.9/32`], OUT]);
    expect(await rig.passes(client, server)).toBe(true);
    expect(await rig.connectionMarks('tcp')).toEqual([8]);
    await change([]);
    expect(await rig.passes(server, client)).toBe(true);
  });

  it('stops the answers of an untracked connection when the reverse rule is revoked, until it is tracked', async () => {
    await start([[7, `ingress tcp ${port} 0.0.0.0/0`], OUT]);
    const { client, server } = await tcpFlow();
    await change([[7, `ingress tcp ${port} 0.0.0.0/0`]]);
    expect(await rig.passes(server, client)).toBe(false);
    expect(await rig.logged('drop sg-egress')).toBe(0);
    expect(await rig.passes(client, server)).toBe(true);
    expect(await rig.connectionMarks('tcp')).toEqual([7]);
  });

  it('keeps an unanswered tracked UDP flow open when its rule is revoked', async () => {
    await start([[7, `ingress udp ${port} 10.0.1.0/24`]]);
    const server = rig.listen(rig.guest, 'udp', port);
    const client = rig.socket(rig.peer, 'dgram');
    const to = sockaddr(Rig.GUEST, port);
    expect(await rig.passes(client, server, to)).toBe(true);
    await change([]);
    expect(await rig.passes(client, server, to)).toBe(true);
    expect(await rig.passes(rig.socket(rig.peer, 'dgram'), server, to)).toBe(false);
  });

  it('judges an ICMP error by the rules and leaves its connection as it was (S82)', async () => {
    const out: [number, string] = [3, 'egress udp 0-65535 10.0.1.0/24'];
    await start([out]);
    const client = rig.socket(rig.guest, 'dgram');
    reportErrors(client, 'ipv4');
    sendTo(client, Buffer.from('x'), sockaddr(Rig.PEER, port)); // nobody listens: port unreachable comes back
    expect(await rig.logged('drop sg-ingress')).toBe(0);
    expect(takeSocketError(client)).toBeNull();
    await change([out, [4, 'ingress icmp 3/-1 10.0.1.0/24']]);
    sendTo(client, Buffer.from('x'), sockaddr(Rig.PEER, port));
    expect(await rig.logged('pass sg-ingress')).toBe(4);
    expect(takeSocketError(client)).toBe('ECONNREFUSED');
    expect(await rig.connectionMarks('udp')).toEqual([MARK_UDP + 3]);
  });

  it('admits members of a referenced group from the moment they are members (S41, S42)', async () => {
    const rules: [number, string][] = [[5, `ingress udp ${port} ${groupId(2)}`]];
    await start(rules);
    const server = rig.listen(rig.guest, 'udp', port);
    const client = rig.socket(rig.peer, 'dgram');
    const to = sockaddr(Rig.GUEST, port);
    expect(await rig.passes(client, server, to)).toBe(false);
    await change(rules, [Rig.PEER]);
    expect(await rig.passes(client, server, to)).toBe(true);
    expect(await rig.connectionMarks('udp')).toEqual([MARK_UDP + 5]);
  });

  it('needs no rule for neighbour discovery with the router, and has no exemption for anybody else (S33, S121)', async () => {
    await start([]);
    await ipBatch([`address add ${Rig.ROUTER6}/64 dev eth0 nodad`], rig.peer);
    rig.listen(rig.peer, 'tcp', port, 'ipv6');
    expect(await rig.connect(rig.guest, Rig.ROUTER6, port).connected()).toBe('connected');
    rig.clearLog();
    rig.connect(rig.guest, Rig.PEER6, port);
    expect(await rig.logged('drop sg-ingress')).toBe(0);
    await ipBatch([`address del ${Rig.ROUTER6}/64 dev eth0`], rig.peer);
  });

  it('works over IPv6, family by family (S28)', async () => {
    await start([[6, `ingress tcp ${port} ::/0`]]);
    await rig.knowNeighbours();
    rig.listen(rig.guest, 'tcp', port, 'ipv6');
    expect(await rig.connect(rig.peer, Rig.GUEST6, port).connected()).toBe('connected');
    expect(await rig.logged('pass sg-ingress')).toBe(6);
    rig.connect(rig.peer, Rig.GUEST, port);
    expect(await rig.logged('drop sg-ingress')).toBe(0);
  });

  it('drops and reports IPv6 for an interface that has none, whatever its rules say', async () => {
    // Everything else is let in and out: whatever drop is reported is about IPv6.
    const open = group(
      1,
      ['ingress -1 - ::/0', 'egress -1 - ::/0', 'ingress -1 - 0.0.0.0/0', 'egress -1 - 0.0.0.0/0'].map((text, at) =>
        rule(at + 1, text),
      ),
    );
    const middlebox = networkInterface(5, [groupId(1)], { ipv6Addresses: [], sourceDestCheck: false });
    await start([]);
    await load(rig.card, render(cardRuleset(cloud([open], [middlebox]), interfaceId(5))));
    rig.clearLog();
    sendTo(rig.socket(rig.peer, 'dgram', 'ipv6'), Buffer.from('x'), sockaddr(Rig.GUEST6, port));
    expect(await rig.logged('drop sg-ingress')).toBe(0);
    sendTo(rig.socket(rig.guest, 'dgram', 'ipv6'), Buffer.from('x'), sockaddr(Rig.PEER6, port));
    expect(await rig.logged('drop sg-egress')).toBe(0);
  });

  it('checks sources and destinations before any connection exists (S103)', async () => {
    await start([OUT, [2, 'ingress -1 - 0.0.0.0/0']]);
    await ipBatch(['address add 10.0.1.77/32 dev lo'], rig.guest);
    const spoofer = rig.socket(rig.guest, 'dgram');
    bindSocket(spoofer, '10.0.1.77', 0);
    sendTo(spoofer, Buffer.from('x'), sockaddr(Rig.PEER, port));
    expect(await rig.logged('drop source-dest-check')).toBe(0);
    await ipBatch(['route add 10.0.1.77 via 10.0.1.5 src 10.0.1.9'], rig.peer);
    sendTo(rig.socket(rig.peer, 'dgram'), Buffer.from('x'), sockaddr('10.0.1.77', port));
    expect(await rig.logged('drop source-dest-check')).toBe(0);
    expect(await rig.connectionMarks('udp')).toEqual([]);
  });

  it('stops at the port what br_netfilter does not show the rules: tagged frames', async () => {
    await start([OUT, [2, 'ingress -1 - 0.0.0.0/0']]);
    const seen = await rig.etherTypesThatArrive([
      [0x81, 0x00, 0x00, 0x07, 0x08, 0x00],
      [0x88, 0x64],
      [0x08, 0x00],
    ]);
    expect(seen).toEqual(['0800']);
  });
});
