/** Rules change in one transaction: who streams through a card meanwhile does not notice. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Mutation } from '../../src/changes/verbs.js';
import { parseRule } from '../../src/cloud/text/rule.js';
import { sockaddr } from '../../src/kernel/sockaddr.js';
import { closeSocket, connectSocket, listenUdp, openSocket, receive, sendTo } from '../../src/kernel/sockets.js';
import { RunningLab } from './support/running-lab.js';

const CHANGES = 150;
/** Datagrams sent before the receiver looks: far fewer than its buffer holds. */
const BURST = 50;
const PAYLOAD = Buffer.alloc(64);

let lab: RunningLab;

beforeAll(async () => {
  lab = await RunningLab.up({
    name: 'blink',
    vpcs: { v: { cidr: '10.0.0.0/16', subnets: { s: { cidr: '10.0.1.0/24' } } } },
    securityGroups: {
      client: {},
      server: {
        ingress: [
          { protocol: 'udp', ports: 5001, from: '0.0.0.0/0', description: 'untracked' },
          { protocol: 'udp', ports: 5002, from: 'client', description: 'tracked' },
        ],
      },
      other: { ingress: { protocol: 'all', from: 'client' } },
    },
    instances: {
      c: { subnet: 's', securityGroups: 'client', privateIp: '10.0.1.10' },
      v: { subnet: 's', securityGroups: 'server', privateIp: '10.0.1.20' },
      bystander: { subnet: 's', securityGroups: 'other' },
    },
  });
});
afterAll(() => lab?.stop());

/** A stream of datagrams between two machines, sent as fast as one thread can. */
async function openStream(port: number) {
  const receiver = await lab.host.withNetns('sglab-blink-v', (netns) => listenUdp(netns, 'ipv4', port));
  const sender = await lab.host.withNetns('sglab-blink-c', (netns) => openSocket(netns, 'dgram', 'ipv4'));
  connectSocket(sender, sockaddr('10.0.1.20', port));
  let sent = 0;
  let received = 0;
  const drain = () => {
    while ('data' in receive(receiver)) received += 1;
  };
  return {
    burst: () => {
      for (let i = 0; i < BURST; i++) if (sendTo(sender, PAYLOAD, null) === null) sent += 1;
      drain();
    },
    count: () => {
      drain();
      return { sent, lost: sent - received };
    },
    close: () => [sender, receiver].forEach(closeSocket),
  };
}

const WORDS = ['tcp/22 from 10.0.1.0/24', 'udp/4000-5000 from 10.9.0.0/16', 'icmp from client', 'all from 10.8.0.0/24'];

/** Pairs of changes on both cards, of which each second one undoes the first; none is about the streams. */
function unrelated(index: number): Mutation {
  const pair = Math.floor(index / 2);
  const isUndone = index % 2 === 1;
  if (pair % 5 === 4) return { type: isUndone ? 'detach' : 'attach', instance: 'bystander', group: 'client' };
  const rules = [parseRule(WORDS[pair % WORDS.length] ?? '')];
  const group = pair % 3 === 0 ? 'client' : 'server';
  return isUndone ? { type: 'revoke', group, rules, ruleIds: [] } : { type: 'authorize', group, rules };
}

it('unrelated changes as fast as they go lose no packet of a stream, tracked or untracked', async () => {
  const streams = [await openStream(5001), await openStream(5002)];
  try {
    let changing = true;
    const changes = (async () => {
      for (let index = 0; index < CHANGES; index++) await lab.mutate(unrelated(index));
    })().finally(() => {
      changing = false;
    });
    while (changing) {
      for (const { burst } of streams) burst();
      await new Promise(setImmediate);
    }
    await changes;
    for (const { sent, lost } of streams.map(({ count }) => count())) {
      expect(sent).toBeGreaterThan(CHANGES * BURST);
      expect(lost).toBe(0);
    }
  } finally {
    for (const { close } of streams) close();
  }
});
