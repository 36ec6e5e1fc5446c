/** The services that every VPC offers to its interfaces (4.7): names, metadata, time, leases; all in this process. */
import { createServer, type Socket } from 'node:net';
import type { Family } from '../../cloud/groups/types.js';
import { RESOLVER, TIME, vpcResolver } from '../../cloud/network/link-local.js';
import type { Vpc } from '../../cloud/network/types.js';
import type { Cloud } from '../../cloud/types.js';
import type { Epoll } from '../../kernel/epoll.js';
import { fabricNamespace } from '../../kernel/lab-names.js';
import type { Netns } from '../../kernel/netns.js';
import { listenTcp, listenUdp } from '../../kernel/sockets.js';
import type { Staged } from '../../lab/lab.js';
import { serveDatagrams } from '../datagrams.js';
import { OpenSet, type Wanted } from '../open-set.js';
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
  readonly #open = new OpenSet();

  constructor(context: ServiceContext) {
    this.#context = context;
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

  #ofFamily(cloud: Cloud, vpc: Vpc, family: Family): Wanted[] {
    const dns = (message: Buffer) => answerDns(this.#context.cloud(), vpc.id, message);
    const resolvers = [...(family === 'ipv4' ? vpcResolver(vpc) : []), RESOLVER[family]];
    return [
      ...resolvers.map((address) => this.#udp(cloud, vpc, { family, address, port: PORT.dns }, dns)),
      this.#udp(cloud, vpc, { family, address: TIME[family], port: PORT.ntp }, (data) => answerTime(data, Date.now())),
      this.#tcp(cloud, vpc, { family, port: PORT.dns }, (socket) => serveDnsStream(socket, dns)),
      this.#tcp(cloud, vpc, { family, port: PORT.http }, (socket) => this.#metadata.accept(vpc.id, socket)),
    ];
  }

  #dhcp(cloud: Cloud, vpc: Vpc): Wanted[] {
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
  ): Wanted {
    return this.#wanted(cloud, vpc, `${address} ${port}`, (netns) =>
      serveDatagrams(this.#context.epoll, listenUdp(netns, family, port, address), answer),
    );
  }

  /** Node takes over a socket that was made in the VPC's namespace; what it accepts is there as well. */
  #tcp(
    cloud: Cloud,
    vpc: Vpc,
    { family, port }: { family: Family; port: number },
    serve: (socket: Socket) => void,
  ): Wanted {
    return this.#wanted(cloud, vpc, `${family} ${port}`, (netns) => {
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

  #wanted(cloud: Cloud, { id, name }: Vpc, what: string, open: Wanted['open']): Wanted {
    const netns = () => this.#context.netns(fabricNamespace(cloud.name, name));
    return { key: `${id} ${what}`, netns, isReady: false, open };
  }
}

function familiesOf(vpc: Vpc): Family[] {
  return vpc.ipv6Cidr === null ? ['ipv4'] : ['ipv4', 'ipv6'];
}
