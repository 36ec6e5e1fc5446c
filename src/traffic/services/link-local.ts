/** The services that every VPC offers to its interfaces (4.7): names, metadata, time, leases; all in this process. */
import { createServer, type Socket } from 'node:net';
import type { Family } from '../../cloud/groups/types.js';
import { RESOLVER, TIME, vpcResolver } from '../../cloud/network/link-local.js';
import type { Vpc } from '../../cloud/network/types.js';
import type { Cloud } from '../../cloud/types.js';
import type { Epoll } from '../../kernel/epoll.js';
import { vpcRouterNamespace } from '../../kernel/lab-names.js';
import type { OpenNamespaces } from '../../kernel/netns.js';
import { listenTcp, listenUdp } from '../../kernel/sockets.js';
import { serveDatagrams } from '../datagrams.js';
import { type DesiredResource, OpenSet, type Staged } from '../open-set.js';
import { answerDhcp, routerOf } from './dhcp-answer.js';
import { answerDns, serveDnsStream } from './dns-zone.js';
import { MetadataServer } from './metadata-server.js';

const PORT = { dns: 53, dhcp: 67, http: 80, ntp: 123 } as const;

export interface ServiceContext {
  readonly epoll: Epoll;
  readonly namespaces: OpenNamespaces;
  readonly cloud: () => Cloud;
}

/**
 * VPCs may use the same addresses: each has its own sockets, in the namespace of its router, where the input chain lets in
 * nothing else. UDP sockets are bound to one address each, so that the answer comes from it.
 */
export class LinkLocalServices {
  readonly #context: ServiceContext;
  readonly #metadata: MetadataServer;
  readonly #open: OpenSet;

  constructor(context: ServiceContext) {
    this.#context = context;
    this.#open = new OpenSet(context.namespaces);
    this.#metadata = new MetadataServer(context.cloud);
  }

  /** Opens what the cloud's VPCs have more, and closes what they have no longer (OpenSet.stage). */
  stage(cloud: Cloud): Staged {
    return this.#open.stage(
      Object.values(cloud.vpcs).flatMap((vpc) => [
        ...familiesOf(vpc).flatMap((family) => this.#ofFamily(cloud, vpc, family)),
        ...this.#dhcp(cloud, vpc),
      ]),
    );
  }

  close(): void {
    this.#open.close();
  }

  #ofFamily(cloud: Cloud, vpc: Vpc, family: Family): DesiredResource[] {
    const dns = (message: Buffer) => answerDns(this.#context.cloud(), vpc.id, message);
    const resolvers = [...(family === 'ipv4' ? vpcResolver(vpc) : []), RESOLVER[family]];
    return [
      ...resolvers.map((address) => this.#udp(cloud, vpc, { family, address, port: PORT.dns }, dns)),
      this.#udp(cloud, vpc, { family, address: TIME[family], port: PORT.ntp }, (data) => answerTime(data, Date.now())),
      this.#tcp(cloud, vpc, { family, port: PORT.dns }, (socket) => serveDnsStream(socket, dns)),
      this.#tcp(cloud, vpc, { family, port: PORT.http }, (socket) => this.#metadata.accept(vpc.id, socket)),
    ];
  }

  #dhcp(cloud: Cloud, vpc: Vpc): DesiredResource[] {
    const subnets = Object.values(cloud.subnets).filter(({ vpcId }) => vpcId === vpc.id);
    return subnets.map((subnet) =>
      this.#udp(cloud, vpc, { family: 'ipv4', address: routerOf(subnet), port: PORT.dhcp }, (message) =>
        answerDhcp(this.#context.cloud(), subnet, message),
      ),
    );
  }

  #udp(
    cloud: Cloud,
    vpc: Vpc,
    { family, address, port }: { family: Family; address: string; port: number },
    answer: (data: Buffer) => Buffer | null,
  ): DesiredResource {
    return this.#desired(cloud, vpc, `${address} ${port}`, (netns) =>
      serveDatagrams(this.#context.epoll, listenUdp(netns, family, port, address), answer),
    );
  }

  /** Node takes over a socket that was made in the VPC's namespace; what it accepts is there as well. */
  #tcp(
    cloud: Cloud,
    vpc: Vpc,
    { family, port }: { family: Family; port: number },
    serve: (socket: Socket) => void,
  ): DesiredResource {
    return this.#desired(cloud, vpc, `${family} ${port}`, (netns) => {
      const connections = new Set<Socket>();
      const server = createServer((socket) => {
        connections.add(socket);
        socket.once('close', () => connections.delete(socket));
        serve(socket);
      });
      server.listen({ fd: listenTcp(netns, family, port) });
      return {
        close: () => {
          server.close();
          for (const socket of connections) socket.destroy();
        },
      };
    });
  }

  #desired(cloud: Cloud, { id, name }: Vpc, what: string, open: DesiredResource['open']): DesiredResource {
    return { key: `${id} ${what}`, namespace: vpcRouterNamespace(cloud.name, name), isReady: false, open };
  }
}

function familiesOf(vpc: Vpc): Family[] {
  return vpc.ipv6Cidr === null ? ['ipv4'] : ['ipv4', 'ipv6'];
}

/** Time as 169.254.169.123 gives it: NTP version 4 without authentication (RFC 5905, figure 8). */
const LENGTH = 48;
const MODE_CLIENT = 3;
const MODE_SERVER = 4;
const STRATUM = 3;
/** log2 of seconds: a poll of 16 s, a precision of about a microsecond. */
const POLL = 4;
const PRECISION = -20;
/** Seconds from 1900, NTP's epoch, to 1970. */
const EPOCH = 2_208_988_800;

/** The server's answer to a client's packet, or null for anything else. `now` is in milliseconds since 1970. */
export function answerTime(message: Buffer, now: number): Buffer | null {
  if (message.length < LENGTH || (message.readUInt8(0) & 7) !== MODE_CLIENT) return null;
  const answer = Buffer.alloc(LENGTH);
  answer.writeUInt8((message.readUInt8(0) & 0x38) | MODE_SERVER, 0);
  answer.writeUInt8(STRATUM, 1);
  answer.writeInt8(POLL, 2);
  answer.writeInt8(PRECISION, 3);
  answer.write('LCL', 12, 'latin1');
  message.copy(answer, 24, 40, 48); // the client's transmit time comes back as origin
  for (const at of [16, 32, 40]) writeTime(answer, at, now);
  return answer;
}

function writeTime(packet: Buffer, at: number, milliseconds: number): void {
  const seconds = Math.floor(milliseconds / 1000);
  packet.writeUInt32BE((seconds + EPOCH) % 2 ** 32, at);
  packet.writeUInt32BE(Math.floor(((milliseconds % 1000) / 1000) * 2 ** 32), at + 4);
}
