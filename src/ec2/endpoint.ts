/** The EC2 API over HTTP, on loopback. Nothing here runs a command: an action can do no more than its handler does to the cloud. */
import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { admitForm, admitHost, checkRegion } from './admission.js';
import { type ApiAnswer, type ApiLab, Ec2Api } from './ec2-api.js';
import { describeError, Ec2Error } from './ec2-error.js';
import { parseForm, readBody } from './form.js';
import { limitConnections } from './limit-connections.js';
import { DEFAULT_PORT, endpointUrl, listenOnLoopback, type PortChoice } from './loopback-port.js';
import { answerSts, isForSts, isOtherService, refuseService, stsError } from './other-services.js';
import { renderError } from './render-answer.js';
import { type Credentials, checkSignature, queryOf, readSignature, type Signature } from './signature.js';

const CONTENT_TYPE = 'text/xml;charset=UTF-8';
const FORBIDDEN = 403;
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
  #credentials: Credentials | null = null;

  private constructor(server: Server, port: number) {
    this.#server = server;
    this.port = port;
    server.on('request', (request, response) => void this.#respond(request, response));
  }

  /** Holds a port; requests are put off until there is a lab. @throws SglabError when no port is to be had */
  static async listen(choice: Omit<PortChoice, 'first'>): Promise<Endpoint> {
    const server = createServer({
      headersTimeout: HEAD_TIMEOUT,
      requestTimeout: REQUEST_TIMEOUT,
      keepAliveTimeout: IDLE_TIMEOUT,
      connectionsCheckingInterval: 1000,
    });
    limitConnections(server);
    server.on('clientError', refuseGarbage);
    return new Endpoint(server, await listenOnLoopback(server, { first: DEFAULT_PORT, ...choice }));
  }

  get url(): string {
    return endpointUrl(this.port);
  }

  /** @param credentials of those whose requests are answered; null: any request that is signed at all */
  serve(lab: ApiLab, credentials: Credentials | null): void {
    this.#credentials = credentials;
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
    let signature: Signature | null = null;
    try {
      admitHost(request);
      signature = readSignature(request);
      if (isOtherService(signature.service)) return refuseService(signature.service, request, requestId);
      admitForm(request);
      const body = request.method === 'POST' ? await readBody(request) : Buffer.alloc(0);
      if (this.#lab === null || this.#api === null) throw notReady();
      this.#admitSigner(request, body, signature);
      const parameters = parametersOf(request, body);
      if (isForSts(parameters)) return answerSts(this.#lab.cloud, parameters, requestId);
      checkRegion(signature, this.#lab.cloud.region);
      return await this.#api.answer(parameters, requestId, signature.accessKeyId);
    } catch (error) {
      const description = describeError(error);
      if (signature?.service === 'sts') return stsError(description, requestId);
      return { status: description.status, body: renderError(description, requestId) };
    }
  }

  #admitSigner(request: IncomingMessage, body: Buffer, signature: Signature): void {
    const credentials = this.#credentials;
    if (credentials !== null) checkSignature(request, body, { signature, credentials, now: Date.now() });
    // A web page cannot make a browser send a header of its choice to another origin unasked; a URL it can.
    else if (signature.form === 'query') {
      const text = 'Without credentials (--no-auth), this endpoint takes signatures in the Authorization header only.';
      throw new Ec2Error('MissingAuthenticationToken', text, FORBIDDEN);
    }
  }
}

/** Of a POST the body, else the query; a signature that stands there is no parameter. */
function parametersOf(request: IncomingMessage, body: Buffer): URLSearchParams {
  const parameters = parseForm(request.method === 'POST' ? body : Buffer.from(queryOf(request)));
  for (const name of [...parameters.keys()]) if (name.startsWith('X-Amz-')) parameters.delete(name);
  return parameters;
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
