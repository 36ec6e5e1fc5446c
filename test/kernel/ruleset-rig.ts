import { expect } from 'vitest';
import { openCapture } from '../../src/kernel/capture.js';
import { ipBatch } from '../../src/kernel/ip.js';
import { libcCalls } from '../../src/kernel/libc.js';
import { closeNetns, inNetns, type Netns, openNetns } from '../../src/kernel/netns.js';
import { type LogRecord, openLog } from '../../src/kernel/nflog.js';
import { run } from '../../src/kernel/process.js';
import { sockaddr } from '../../src/kernel/sockaddr.js';
import {
  acceptSocket,
  closeSocket,
  connectSocket,
  listenTcp,
  listenUdp,
  openSocket,
  receive,
  type SocketFamily,
  sendTo,
} from '../../src/kernel/sockets.js';
import { writeSysctls } from '../../src/kernel/sysctl.js';
import { LOG_GROUP } from '../../src/ruleset/names.js';

const AF_PACKET = 17;
const SOCK_RAW = 3;

/** Makes a namespace of the test's own; the test must call `remove` before it ends. */
export async function scratchNetns(role: string): Promise<Netns> {
  const name = `sglabtest-rs-${process.pid}-${role}`;
  await run('ip', ['netns', 'add', name]);
  return openNetns(name);
}

export async function removeNetns(netns: Netns): Promise<void> {
  closeNetns(netns);
  await run('ip', ['netns', 'delete', netns.name], { allowFailure: true });
}

export async function load(netns: Netns, text: string): Promise<void> {
  await run('nft', ['-f', '-'], { namespace: netns, input: text });
}

/**
 * nft's JSON listing without the parts that differ between equal rulesets: handles, counts, the order of sets and
 * elements.
 */
export async function listing(netns: Netns): Promise<unknown[]> {
  const { stdout } = await run('nft', ['-j', 'list', 'ruleset'], { namespace: netns });
  const { nftables } = JSON.parse(stdout) as { nftables: Record<string, unknown>[] };
  const items = nftables.filter((item) => !('metainfo' in item)).map(plain) as Record<string, unknown>[];
  // Rules keep their order within their chain: a stable sort by chain preserves it.
  return items.map((item): [string, unknown] => [place(item), item]).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
}

function place(item: Record<string, unknown>): string {
  const [kind = '', value] = Object.entries(item)[0] ?? [];
  const { family, table, chain, name } = value as Record<string, string>;
  return [kind, family, table, chain ?? name].join(' ');
}

function plain(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plain);
  if (value === null || typeof value !== 'object') return value;
  const entries = Object.entries(value).flatMap(([key, item]): [string, unknown][] => {
    if (key === 'handle' || key === 'packets' || key === 'bytes') return [];
    const inner = plain(item);
    const isUnordered = (key === 'elem' || key === 'set') && Array.isArray(inner);
    return [[key, isUnordered ? inner.map((e) => JSON.stringify(e)).sort() : inner]];
  });
  return Object.fromEntries(entries);
}

export async function eventually<T>(look: () => T | null, milliseconds = 30_000): Promise<T | null> {
  const end = Date.now() + milliseconds;
  for (;;) {
    const found = look();
    if (found !== null || Date.now() > end) return found;
    await new Promise((resolve) => setTimeout(resolve, 3));
  }
}

/** An instance, its card and its VPC; the VPC is a single machine with many addresses. */
export class Rig {
  static readonly GUEST = '10.0.1.5';
  static readonly GUEST6 = '2001:db8:1:1::5';
  static readonly PEER = '10.0.1.9';
  static readonly PEER6 = '2001:db8:1:1::9';
  static readonly ROUTER6 = '2001:db8:1:1::1';

  readonly #log: Pick<LogRecord, 'prefix' | 'mark'>[] = [];
  readonly #closers: (() => void)[] = [];

  private constructor(
    readonly guest: Netns,
    readonly card: Netns,
    readonly peer: Netns,
  ) {}

  static async build(): Promise<Rig> {
    const [guest, card, peer] = [await scratchNetns('guest'), await scratchNetns('card'), await scratchNetns('peer')];
    const rig = new Rig(guest, card, peer);
    writeSysctls(card, { 'ipv6.conf.all.disable_ipv6': 1, 'ipv6.conf.default.disable_ipv6': 1 });
    for (const call of ['iptables', 'ip6tables']) writeSysctls(card, { [`bridge.bridge-nf-call-${call}`]: 1 });
    for (const end of [guest, peer]) writeSysctls(end, { 'ipv4.ip_nonlocal_bind': 1 });
    await ipBatch(
      [
        `link add guest type veth peer name eth0 netns ${guest.name}`,
        `link add uplink type veth peer name eth0 netns ${peer.name}`,
        'link add br0 type bridge mcast_snooping 0 forward_delay 0',
        ...['guest', 'uplink'].map((link) => `link set ${link} master br0`),
        ...['br0', 'guest', 'uplink'].map((link) => `link set ${link} up`),
      ],
      card,
    );
    await ipBatch(endCommands([`${Rig.GUEST}/24`, `${Rig.GUEST6}/64`]), guest);
    await ipBatch(endCommands([`${Rig.PEER}/24`, '10.0.1.8/24', `${Rig.PEER6}/64`]), peer);
    const capture = openLog(card, LOG_GROUP, ({ prefix, mark }) => rig.#log.push({ prefix, mark }));
    rig.#closers.push(() => capture.close());
    return rig;
  }

  async remove(): Promise<void> {
    this.forget();
    for (const netns of [this.guest, this.card, this.peer]) await removeNetns(netns);
  }

  /** Closes every socket and the log. */
  forget(): void {
    for (const close of this.#closers.splice(0)) close();
  }

  /** The first report with that prefix since the last call; null if none comes in time. */
  async logged(prefix: string, milliseconds?: number): Promise<number | null> {
    const record = await eventually(() => this.#log.find((item) => item.prefix === prefix) ?? null, milliseconds);
    this.#log.length = 0;
    return record?.mark ?? null;
  }

  clearLog(): void {
    this.#log.length = 0;
  }

  /** The marks of the card's connections of a protocol. */
  async connectionMarks(protocol: string, more: readonly string[] = []): Promise<number[]> {
    const { stdout } = await run('conntrack', ['-L', '-p', protocol, ...more], { namespace: this.card });
    return Array.from(stdout.matchAll(/mark=(\d+)/g), ([, mark]) => Number(mark));
  }

  socket(netns: Netns, kind: 'stream' | 'dgram', family: SocketFamily = 'ipv4'): number {
    return this.#own(openSocket(netns, kind, family));
  }

  listen(netns: Netns, kind: 'tcp' | 'udp', port: number, family: SocketFamily = 'ipv4'): number {
    return this.#own(kind === 'tcp' ? listenTcp(netns, family, port) : listenUdp(netns, family, port));
  }

  /** A TCP connection that is being opened: `connected` waits for the result. */
  connect(from: Netns, address: string, port: number): { fd: number; connected: () => Promise<string | null> } {
    const fd = this.socket(from, 'stream', address.includes(':') ? 'ipv6' : 'ipv4');
    const name = sockaddr(address, port);
    const ask = () => {
      const state = connectSocket(fd, name);
      return state === 'EINPROGRESS' || state === 'EALREADY' ? null : state;
    };
    ask();
    return { fd, connected: () => eventually(ask, 500) };
  }

  async accept(listener: number): Promise<number> {
    const fd = await eventually(() => acceptSocket(listener));
    if (fd === null) throw new Error('nobody connected');
    return this.#own(fd);
  }

  /**
   * Sends from one end of a connection.
   * @returns whether it arrives at the other end within 0.3 s
   */
  async passes(from: number, to: number, address: Buffer | null = null): Promise<boolean> {
    sendTo(from, Buffer.from('x'), address);
    const got = await eventually(() => {
      const received = receive(to);
      return 'data' in received ? received : null;
    }, 300);
    return got !== null;
  }

  /**
   * Sends a raw IPv4 packet from the VPC to the instance once for each frame type, and waits for the last one.
   * @returns the types that arrive
   */
  async etherTypesThatArrive(types: readonly (readonly number[])[]): Promise<string[]> {
    const seen: string[] = [];
    const marker = Buffer.from('sglab-frame-test');
    const [to, from] = [await linkOf(this.guest), await linkOf(this.peer)];
    const capture = openCapture(this.guest, 'eth0', {}, (frame) => {
      const isOurs = frame.subarray(0, 6).equals(to.address) && frame.includes(marker);
      if (isOurs) seen.push(frame.subarray(12, 14).toString('hex'));
    });
    this.#closers.push(() => capture.close());
    const fd = inNetns(this.peer, () => libcCalls.socket(AF_PACKET, SOCK_RAW, 0));
    this.#own(fd);
    for (const type of types) {
      const frame = Buffer.concat([to.address, from.address, Buffer.from(type), udpPacket(marker)]);
      expect(sendTo(fd, frame, linkAddress(from.index))).toBeNull();
    }
    const last = Buffer.from(types.at(-1) ?? []).toString('hex');
    await eventually(() => (seen.includes(last) ? true : null));
    return seen;
  }

  /** Both ends know each other without asking: the card passes no neighbour discovery but the router's. */
  async knowNeighbours(): Promise<void> {
    const know = async (end: Netns, address: string, other: Netns) => {
      const mac = (await linkOf(other)).address.toString('hex').replace(/..(?=.)/g, '$&:');
      await ipBatch([`neighbour replace ${address} lladdr ${mac} dev eth0 nud permanent`], end);
    };
    await know(this.guest, Rig.PEER6, this.peer);
    await know(this.peer, Rig.GUEST6, this.guest);
  }

  #own(fd: number): number {
    this.#closers.push(() => closeSocket(fd));
    return fd;
  }
}

function endCommands(addresses: readonly string[]): string[] {
  return [
    'link set lo up',
    'link set eth0 up',
    ...addresses.map((address) => `address add ${address} dev eth0${address.includes(':') ? ' nodad' : ''}`),
  ];
}

async function linkOf(netns: Netns): Promise<{ index: number; address: Buffer }> {
  const { stdout } = await run('ip', ['-j', 'link', 'show', 'eth0'], { namespace: netns });
  const [link] = JSON.parse(stdout) as { ifindex: number; address: string }[];
  return { index: link?.ifindex ?? 0, address: Buffer.from((link?.address ?? '').replaceAll(':', ''), 'hex') };
}

/** sockaddr_ll of packet(7): only the index of the link matters for sending. */
function linkAddress(index: number): Buffer {
  const address = Buffer.alloc(20);
  address.writeUInt16LE(AF_PACKET, 0);
  address.writeInt32LE(index, 4);
  address.writeUInt8(6, 11);
  return address;
}

/** A UDP packet from the peer to the instance, port 9 to port 9, without checksum of its payload. */
function udpPacket(payload: Buffer): Buffer {
  const packet = Buffer.alloc(28);
  packet.set([0x45, 0, 0, 28 + payload.length, 0, 0, 0, 0, 64, 17, 0, 0, 10, 0, 1, 9, 10, 0, 1, 5]);
  packet.set([0, 9, 0, 9, 0, 8 + payload.length, 0, 0], 20);
  let sum = 0;
  for (let at = 0; at < 20; at += 2) sum += packet.readUInt16BE(at);
  packet.writeUInt16BE(~((sum & 0xffff) + (sum >>> 16)) & 0xffff, 10);
  return Buffer.concat([packet, payload]);
}
