/** Sockets of another namespace and the thread that waits for them. */
import { afterEach, beforeEach, expect, it } from 'vitest';
import { EPOLLIN, EPOLLOUT, Epoll } from '../../src/kernel/epoll.js';
import { ipBatch } from '../../src/kernel/ip.js';
import type { Netns } from '../../src/kernel/netns.js';
import { sockaddr } from '../../src/kernel/sockaddr.js';
import {
  acceptSocket,
  closeSocket,
  connectSocket,
  listenTcp,
  listenUdp,
  openSocket,
  receive,
  resetOnClose,
  sendTo,
} from '../../src/kernel/sockets.js';
import { removeNetns, scratchNetns } from './ruleset-rig.js';
import { until } from './support/until.js';

let netns: Netns;
let epoll: Epoll;
const open: number[] = [];
beforeEach(async () => {
  netns = await scratchNetns('sockets');
  await ipBatch(['link set lo up', 'address add 10.9.9.9/32 dev lo'], netns);
  epoll = new Epoll();
});
afterEach(async () => {
  epoll.close();
  for (const fd of open.splice(0)) closeSocket(fd);
  await removeNetns(netns);
});

const own = (fd: number) => {
  open.push(fd);
  return fd;
};

it('a connection is taken, carries data and ends with a reset', async () => {
  const server = own(listenTcp(netns, 'ipv4', 80));
  const accepted: number[] = [];
  epoll.add(server, EPOLLIN, () => accepted.push(own(acceptSocket(server) ?? -1)));
  const client = openSocket(netns, 'stream', 'ipv4');
  const to = sockaddr('127.0.0.1', 80);
  connectSocket(client, to);
  const [fd = -1] = await until('the server accepts', () => (accepted.length > 0 ? accepted : null));
  expect(connectSocket(client, to)).toBe('connected');
  expect(sendTo(client, Buffer.from('hello'), null)).toBeNull();
  let got = '';
  let ended = '';
  epoll.add(fd, EPOLLIN, () => {
    const received = receive(fd);
    if ('data' in received) got += received.data.toString();
    else ended = received.error;
  });
  await until('the data arrives', () => got === 'hello');
  resetOnClose(client);
  closeSocket(client);
  await until('the reset arrives', () => ended !== '');
  expect(ended).toBe('ECONNRESET');
});

it('a closed port refuses, and says so through epoll', async () => {
  const client = own(openSocket(netns, 'stream', 'ipv4'));
  const to = sockaddr('127.0.0.1', 81);
  connectSocket(client, to);
  let ready = false;
  epoll.add(client, EPOLLOUT, () => {
    ready = true;
    epoll.remove(client);
  });
  await until('the answer is there', () => ready);
  expect(connectSocket(client, to)).toBe('ECONNREFUSED');
});

it('a UDP server answers from the address that was asked', async () => {
  const server = own(listenUdp(netns, 'ipv4', 53, '10.9.9.9'));
  epoll.add(server, EPOLLIN, () => {
    const received = receive(server);
    if ('data' in received) sendTo(server, received.data, received.from);
  });
  const client = own(openSocket(netns, 'dgram', 'ipv4'));
  connectSocket(client, sockaddr('10.9.9.9', 53));
  sendTo(client, Buffer.from('who'), null);
  const answer = await until('the answer comes', () => {
    const received = receive(client);
    return 'data' in received ? received.data : null;
  });
  expect(answer.toString()).toBe('who');
});

it('what was removed is told no more, and handlers may remove others in the same turn', async () => {
  const servers = [53, 54].map((port) => own(listenUdp(netns, 'ipv4', port)));
  const told: number[] = [];
  for (const fd of servers) {
    epoll.add(fd, EPOLLIN, () => {
      told.push(fd);
      for (const each of servers) epoll.remove(each);
    });
  }
  const client = own(openSocket(netns, 'dgram', 'ipv4'));
  for (const port of [53, 54]) sendTo(client, Buffer.from('x'), sockaddr('127.0.0.1', port));
  await until('one is told', () => told.length > 0);
  const later = own(listenUdp(netns, 'ipv4', 55));
  let heard = false;
  epoll.add(later, EPOLLIN, () => {
    heard = true;
    receive(later);
  });
  sendTo(client, Buffer.from('x'), sockaddr('127.0.0.1', 55));
  await until('a later one is told', () => heard);
  expect(told).toHaveLength(1);
});
