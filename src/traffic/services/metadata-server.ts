/** The instance metadata service, version 2: a session token first, then documents with it. */
import { randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Instance } from '../../cloud/instances/types.js';
import { byId, interfacesOfVpc } from '../../cloud/lookup.js';
import type { Cloud } from '../../cloud/types.js';
import { metadataOf, readTree } from './metadata-tree.js';

const TOKEN_PATH = '/latest/api/token';
const TTL_HEADER = 'x-aws-ec2-metadata-token-ttl-seconds';
const TOKEN_HEADER = 'x-aws-ec2-metadata-token';
const MAX_TTL_SECONDS = 21_600;

interface Token {
  readonly instanceId: string;
  /** Milliseconds since 1970. */
  readonly expires: number;
}

/** Serves connections from all VPCs of a lab. */
export class MetadataServer {
  readonly #cloud: () => Cloud;
  readonly #http: Server;
  readonly #vpcOf = new WeakMap<Socket, string>();
  readonly #tokens = new Map<string, Token>();

  constructor(cloud: () => Cloud) {
    this.#cloud = cloud;
    this.#http = createServer((request, response) => this.#serve(request, response));
  }

  accept(vpcId: string, socket: Socket): void {
    this.#vpcOf.set(socket, vpcId);
    this.#http.emit('connection', socket);
  }

  #serve(request: IncomingMessage, response: ServerResponse): void {
    const { status, body, headers = {} } = this.#answer(request);
    const length = Buffer.byteLength(body);
    response.writeHead(status, { Server: 'EC2ws', 'Content-Type': 'text/plain', 'Content-Length': length, ...headers });
    response.end(request.method === 'HEAD' ? undefined : body);
  }

  #answer(request: IncomingMessage): Answer {
    const instance = this.#instanceOf(request.socket);
    if (instance === null) return failure(404, 'Not Found');
    const [path = '/'] = (request.url ?? '/').split('?');
    if (path.replace(/\/$/, '') === TOKEN_PATH) return this.#makeToken(instance, request);
    if (request.method !== 'GET' && request.method !== 'HEAD') return failure(405, 'Method Not Allowed');
    // AWS's default for new instances: version 2 only.
    if (!this.#isValid(request.headers[TOKEN_HEADER], instance)) return failure(401, 'Unauthorized');
    const names = path.split('/').filter((name) => name !== '');
    const document = readTree(metadataOf(this.#cloud(), instance), names);
    return document === null ? failure(404, 'Not Found') : { status: 200, body: document };
  }

  /** The client is identified by its source address: the source check lets an interface use no other. */
  #instanceOf(socket: Socket): Instance | null {
    const cloud = this.#cloud();
    const { remoteAddress = '' } = socket;
    const eni = interfacesOfVpc(cloud, this.#vpcOf.get(socket) ?? '').find(
      ({ privateIpAddresses, ipv6Addresses }) =>
        privateIpAddresses.includes(remoteAddress) || ipv6Addresses.includes(remoteAddress),
    );
    return eni === undefined ? null : byId(cloud.instances, eni.instanceId);
  }

  #makeToken(instance: Instance, { method, headers }: IncomingMessage): Answer {
    if (method !== 'PUT') return failure(405, 'Method Not Allowed');
    // A proxy that forwards other clients' requests sends this header; it gets no token for them.
    if (headers['x-forwarded-for'] !== undefined) return failure(403, 'Forbidden');
    const ttl = String(headers[TTL_HEADER] ?? '');
    const seconds = /^\d{1,5}$/.test(ttl) ? Number(ttl) : 0;
    if (seconds < 1 || seconds > MAX_TTL_SECONDS) return failure(400, 'Bad Request');
    const now = Date.now();
    for (const [known, { expires }] of this.#tokens) if (expires < now) this.#tokens.delete(known);
    const token = `${randomBytes(40).toString('base64url')}==`;
    this.#tokens.set(token, { instanceId: instance.id, expires: now + seconds * 1000 });
    return { status: 200, body: token, headers: { [TTL_HEADER]: String(seconds) } };
  }

  #isValid(token: string | string[] | undefined, instance: Instance): boolean {
    const known = typeof token === 'string' ? this.#tokens.get(token) : undefined;
    return known !== undefined && known.instanceId === instance.id && known.expires >= Date.now();
  }
}

interface Answer {
  readonly status: number;
  readonly body: string;
  readonly headers?: Readonly<Record<string, string>>;
}

function failure(status: number, words: string): Answer {
  return { status, body: `${status} - ${words}\n` };
}
