/** The services that every VPC offers to its interfaces (4.7): names, metadata, time, leases; all in this process. */
import { createServer, type Socket } from 'node:net';
import { RESOLVER, TIME, vpcResolver } from '../cloud/link-local.js';
import type { Cloud, Family, Vpc } from '../cloud/types.js';
import type { Epoll } from '../kernel/epoll.js';
import type { Netns } from '../kernel/netns.js';
import { listenTcp, listenUdp } from '../kernel/sockets.js';
import { fabricNamespace } from '../lab/names.js';
import { serveDatagrams } from '../traffic/datagrams.js';
import { answerDhcp, routerOf } from './dhcp-answer.js';
import { answerDns } from './dns-answer.js';
import { serveDnsStream } from './dns-stream.js';
import { MetadataServer } from './metadata-server.js';
import { answerTime } from './time-answer.js';

const PORT = { dns: 53, dhcp: 67, http: 80, ntp: 123 } as const;

export interface ServiceContext {
  readonly epoll: Epoll;
  readonly netns: (namespace: string) => Netns;
  readonly cloud: () => Cloud;
}

/**
 * VPCs may use the same addresses: each has its own sockets, in the namespace of its router, where the input chain lets in
 * nothing else. UDP sockets are bound to one address each, so that the answer comes from it.
 */
export class LinkLocalServices {
  readonly #context: ServiceContext;
  readonly #metadata: MetadataServer;
  readonly #open: { close(): void }[] = [];

  constructor(context: ServiceContext) {
    this.#context = context;
    this.#metadata = new MetadataServer(context.cloud);
  }

  /** Once, when the lab stands. @throws KernelError */
  open(): void {
    for (const vpc of Object.values(this.#context.cloud().vpcs)) {
      for (const family of familiesOf(vpc)) this.#openFamily(vpc, family);
      this.#openDhcp(vpc);
    }
  }

  close(): void {
    for (const service of this.#open.splice(0)) service.close();
  }

  #openFamily(vpc: Vpc, family: Family): void {
    const dns = (message: Buffer) => answerDns(this.#context.cloud(), vpc.id, message);
    const resolvers = [...(family === 'ipv4' ? vpcResolver(vpc) : []), RESOLVER[family]];
    for (const address of resolvers) this.#serveUdp(vpc, family, { address, port: PORT.dns }, dns);
    this.#serveUdp(vpc, family, { address: TIME[family], port: PORT.ntp }, (data) => answerTime(data, Date.now()));
    this.#serveTcp(vpc, family, PORT.dns, (socket) => serveDnsStream(socket, dns));
    this.#serveTcp(vpc, family, PORT.http, (socket) => this.#metadata.accept(vpc.id, socket));
  }

  #openDhcp(vpc: Vpc): void {
    const subnets = Object.values(this.#context.cloud().subnets).filter(({ vpcId }) => vpcId === vpc.id);
    for (const subnet of subnets) {
      this.#serveUdp(vpc, 'ipv4', { address: routerOf(subnet), port: PORT.dhcp }, (message) =>
        answerDhcp(this.#context.cloud(), subnet, message),
      );
    }
  }

  #serveUdp(
    vpc: Vpc,
    family: Family,
    { address, port }: { address: string; port: number },
    answer: (data: Buffer) => Buffer | null,
  ): void {
    this.#open.push(serveDatagrams(this.#context.epoll, listenUdp(this.#fabric(vpc), family, port, address), answer));
  }

  /** Node takes over a socket that was made in the VPC's namespace; what it accepts is there as well. */
  #serveTcp(vpc: Vpc, family: Family, port: number, serve: (socket: Socket) => void): void {
    const connections = new Set<Socket>();
    const server = createServer((socket) => {
      connections.add(socket);
      socket.once('close', () => connections.delete(socket));
      serve(socket);
    });
    server.listen({ fd: listenTcp(this.#fabric(vpc), family, port) });
    this.#open.push({
      close: () => {
        server.close();
        for (const socket of connections) socket.destroy();
      },
    });
  }

  #fabric(vpc: Vpc): Netns {
    return this.#context.netns(fabricNamespace(this.#context.cloud().name, vpc.name));
  }
}

function familiesOf(vpc: Vpc): Family[] {
  return vpc.ipv6Cidr === null ? ['ipv4'] : ['ipv4', 'ipv6'];
}
