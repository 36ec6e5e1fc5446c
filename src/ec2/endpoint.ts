/** The EC2 API over HTTP, on loopback. Nothing here runs a command: an action can do no more than its handler does to the cloud. */
import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { admitForm, admitHost, checkRegion, readCredentials } from './admission.js';
import { type ApiAnswer, type ApiLab, Ec2Api } from './ec2-api.js';
import { describeError, Ec2Error } from './ec2-error.js';
import { parseForm, readBody } from './form.js';
import { limitConnections } from './limit-connections.js';
import { endpointUrl, listenOnLoopback, type PortChoice } from './loopback-port.js';
import { answerSts, isForSts, isOtherService, refuseService } from './other-services.js';
import { renderError } from './render-answer.js';

const CONTENT_TYPE = 'text/xml;charset=UTF-8';
const SERVICE_UNAVAILABLE = 503;
/** Milliseconds for a request's head and for all of it. */
const HEAD_TIMEOUT = 10_000;
const REQUEST_TIMEOUT = 30_000;
/** Clients keep idle connections for a shorter time: none sends its next request while this side hangs up. */
const IDLE_TIMEOUT = 75_000;

export class Endpoint {
  readonly port: number;
  readonly #server: Server;
  #lab: ApiLab | null = null;
  #api: Ec2Api | null = null;

  private constructor(server: Server, port: number) {
    this.#server = server;
    this.port = port;
    server.on('request', (request, response) => void this.#respond(request, response));
  }

  /** Holds a port; requests are put off until there is a lab. @throws SglabError when no port is to be had */
  static async listen(choice: PortChoice): Promise<Endpoint> {
    const server = createServer({
      headersTimeout: HEAD_TIMEOUT,
      requestTimeout: REQUEST_TIMEOUT,
      keepAliveTimeout: IDLE_TIMEOUT,
      connectionsCheckingInterval: 1000,
    });
    limitConnections(server);
    server.on('clientError', refuseGarbage);
    return new Endpoint(server, await listenOnLoopback(server, choice));
  }

  get url(): string {
    return endpointUrl(this.port);
  }

  serve(lab: ApiLab): void {
    this.#lab = lab;
    this.#api = new Ec2Api(lab);
  }

  /** Takes no more requests. Those that are being answered go on; `destroy` ends them, too. */
  close(): void {
    this.#server.close();
    this.#server.closeIdleConnections();
  }

  destroy(): void {
    this.#server.close();
    this.#server.closeAllConnections();
  }

  async #respond(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const requestId = randomUUID();
    response.on('error', () => {}); // the client is gone
    const { status, body, headers } = await this.#answer(request, requestId);
    response.writeHead(status, {
      'Content-Type': CONTENT_TYPE,
      ...headers,
      'Content-Length': Buffer.byteLength(body),
      'x-amzn-RequestId': requestId,
      'Cache-Control': 'no-cache, no-store',
    });
    response.end(body);
  }

  async #answer(request: IncomingMessage, requestId: string): Promise<ApiAnswer> {
    try {
      admitHost(request);
      const scope = readCredentials(request.headers.authorization);
      if (isOtherService(scope.service)) return refuseService(scope.service, request, requestId);
      admitForm(request);
      const parameters = parseForm(await formOf(request));
      if (this.#lab === null || this.#api === null) throw notReady();
      if (isForSts(parameters)) return answerSts(this.#lab.cloud, parameters, requestId);
      checkRegion(scope, this.#lab.cloud.region);
      return await this.#api.answer(parameters, requestId, scope.accessKeyId);
    } catch (error) {
      const description = describeError(error);
      return { status: description.status, body: renderError(description, requestId) };
    }
  }
}

async function formOf(request: IncomingMessage): Promise<Buffer> {
  if (request.method === 'POST') return readBody(request);
  return Buffer.from((request.url ?? '').slice('/?'.length));
}

function notReady(): Ec2Error {
  return new Ec2Error('ServiceUnavailable', 'The lab is still being built.', SERVICE_UNAVAILABLE);
}

/** Answers a client that is too slow, or that does not speak HTTP. */
function refuseGarbage(error: NodeJS.ErrnoException, socket: Duplex): void {
  if (error.code === 'ECONNRESET' || !socket.writable) return void socket.destroy();
  const requestId = randomUUID();
  const body = renderError({ code: 'MalformedRequest', message: 'This is not HTTP.', status: 400 }, requestId);
  const head = [
    'HTTP/1.1 400 Bad Request',
    `Content-Type: ${CONTENT_TYPE}`,
    `Content-Length: ${Buffer.byteLength(body)}`,
  ];
  socket.end([...head, `x-amzn-RequestId: ${requestId}`, 'Connection: close', '', body].join('\r\n'));
}
