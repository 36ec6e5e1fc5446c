/**
 * The console: a page for a browser that shows the lab and changes it. Nobody listens before `sglab console` asks for it;
 * from then on it is there as long as the lab is. Static files are for everybody on this host, all else for who has the token.
 */
import { createServer, type IncomingMessage, type Server, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { limitConnections } from '../../ec2/limit-connections.js';
import { listenOnLoopback } from '../../ec2/loopback-port.js';
import { EXIT, errorDocument, SglabError } from '../../errors.js';
import type { Lab } from '../../lab/lab.js';
import type { Handlers, Work } from '../handlers.js';
import type { ErrorAnswer, LabStatus } from '../protocol.js';
import { readShape } from '../request-shape.js';
import { admitOrigin } from './admission.js';
import { LiveEvents } from './live-events.js';
import { MatrixWatches } from './matrix-watches.js';
import { answerWithFile, checkPageFiles, SAFE_HEADERS } from './page-files.js';
import { PAGE_SHAPES, type PageHandlers, pageHandlersOf } from './page-handlers.js';
import { SHARED_CALLS } from './protocol.js';
import { readBody } from './read-body.js';
import { cookieOf, hasCookie, isToken, makeToken, readSession, type Session, saveSession } from './session.js';
import { Terminals } from './terminals.js';

/** The first console of this host has this port, each further one the next that is free. */
const FIRST_PORT = 4680;
/** Milliseconds for a request's head and for all of it. */
const HEAD_TIMEOUT = 10_000;
const REQUEST_TIMEOUT = 30_000;

const STATUS = { badRequest: 400, unauthorized: 401, forbidden: 403, notFound: 404, tooLarge: 413 } as const;

/** HTTP's statuses for the errors of this door; every other one is a bad request. */
const STATUS_OF: Readonly<Record<string, number>> = {
  RequestRefused: STATUS.forbidden,
  NoSession: STATUS.unauthorized,
  UnknownCall: STATUS.notFound,
  NoMachine: STATUS.notFound,
  RequestTooLarge: STATUS.tooLarge,
};

type About = Pick<LabStatus, 'file' | 'endpoint'>;

interface Open {
  readonly server: Server;
  readonly events: LiveEvents;
  readonly watches: MatrixWatches;
  readonly terminals: Terminals;
}

/** What answers the page. */
interface Answering {
  readonly events: LiveEvents;
  readonly own: PageHandlers;
}

export class Console {
  readonly #live: Lab;
  readonly #about: About;
  #shared: Handlers | null = null;
  #session: Session | null = null;
  #open: Promise<Open> | null = null;

  constructor(live: Lab, about: About) {
    this.#live = live;
    this.#about = about;
  }

  /** Opens it where the controller before this one had it open. @param shared what the control socket does for its calls */
  async start(shared: Handlers): Promise<void> {
    this.#shared = shared;
    this.#session = readSession(this.#live.name);
    // Who has the page open loses it where it cannot be served any more; the lab goes on.
    if (this.#session !== null) await this.#listen().catch(() => {});
  }

  /** @returns the URL that lets in whoever has it. @throws SglabError */
  async open({ terminals }: { readonly terminals: boolean }): Promise<string> {
    checkPageFiles();
    const open = await this.#listen();
    if (!terminals) open.terminals.close();
    const session = { ...this.#requireSession(), terminals };
    if (session.terminals !== this.#session?.terminals) this.#keep(session);
    return `http://127.0.0.1:${session.port}/#token=${session.token}`;
  }

  /** Every page is told that the lab is going down. */
  close(): void {
    const ended = this.#open?.then(({ server, events, watches, terminals }) => {
      terminals.close();
      watches.close();
      events.close();
      server.close();
      server.closeAllConnections();
    });
    ended?.catch(() => {}); // it did not come to listen
  }

  #listen(): Promise<Open> {
    this.#open ??= this.#serve().catch((error) => {
      this.#open = null;
      throw error;
    });
    return this.#open;
  }

  async #serve(): Promise<Open> {
    const server = createServer({
      headersTimeout: HEAD_TIMEOUT,
      requestTimeout: REQUEST_TIMEOUT,
      connectionsCheckingInterval: 1000,
    });
    const countUpgraded = limitConnections(server);
    const before = this.#session?.port ?? null;
    const port = await listenOnLoopback(server, { first: FIRST_PORT, wanted: null, before });
    this.#keep({ token: makeToken(), terminals: false, ...this.#session, port });
    const events = new LiveEvents(this.#live, () => ({
      ...this.#about,
      terminals: this.#requireSession().terminals,
    }));
    const watches = new MatrixWatches(this.#live, events);
    const own = pageHandlersOf(this.#live, watches, this.#about.file);
    server.on('request', (request, response) => void this.#respond(request, response, { events, own }));
    const terminals = new Terminals(this.#live);
    server.on('upgrade', (request: IncomingMessage, _: Duplex, head: Buffer) => {
      countUpgraded(request);
      void this.#upgrade(request, head, terminals);
    });
    return { server, events, watches, terminals };
  }

  #keep(session: Session): void {
    saveSession(this.#live.name, session);
    this.#session = session;
  }

  #requireSession(): Session {
    if (this.#session === null) throw new Error('the console is not open');
    return this.#session;
  }

  async #respond(request: IncomingMessage, response: ServerResponse, { events, own }: Answering): Promise<void> {
    response.on('error', () => {}); // the page is gone
    try {
      admitOrigin(request);
      const url = request.url ?? '';
      if (request.method === 'GET' && answerWithFile(url, response)) return;
      if (request.method === 'POST' && url === '/session') return await this.#begin(request, response);
      if (!hasCookie(this.#requireSession(), request)) throw noSession();
      if (request.method === 'GET' && url === '/events') return events.follow(response);
      if (request.method !== 'POST' || !url.startsWith('/api/')) throw unknown(url);
      const answer = await this.#call(url.slice('/api/'.length), own, request, response);
      send(response, { status: 200, body: answer });
    } catch (error) {
      send(response, answerTo(error));
    }
  }

  /** The one thing that is served by another protocol is a terminal, where the console was opened with them. */
  async #upgrade(request: IncomingMessage, head: Buffer, terminals: Terminals): Promise<void> {
    const { socket } = request;
    socket.on('error', () => {}); // the page is gone
    try {
      admitOrigin(request);
      const session = this.#requireSession();
      if (!hasCookie(session, request)) throw noSession();
      const url = request.url ?? '';
      if (request.method !== 'GET' || url.split('?')[0] !== '/terminal') throw unknown(url);
      if (!session.terminals) throw noTerminals();
      await terminals.open(request, socket, head);
    } catch (error) {
      const response = new ServerResponse(request);
      response.shouldKeepAlive = false;
      response.assignSocket(socket);
      response.once('finish', () => socket.destroySoon());
      send(response, answerTo(error));
    }
  }

  /** The page hands in the token of its URL. */
  async #begin(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const session = this.#requireSession();
    const { token } = (await readBody(request)) as { readonly token?: unknown };
    if (typeof token !== 'string' || !isToken(session, token)) throw noSession();
    send(response, { status: 200, body: {}, headers: { 'Set-Cookie': cookieOf(session) } });
  }

  async #call(name: string, own: PageHandlers, request: IncomingMessage, response: ServerResponse): Promise<unknown> {
    const body = await readBody(request);
    const gone = new AbortController();
    response.once('close', () => gone.abort());
    const work: Work = { signal: gone.signal, onProgress: () => {} };
    if (Object.hasOwn(PAGE_SHAPES, name)) {
      const ownName = name as keyof PageHandlers;
      readShape(ownName, PAGE_SHAPES[ownName], body);
      return (own[ownName] as (body: unknown, work: Work) => Promise<unknown>)(body, work);
    }
    const shared = SHARED_CALLS.find((each) => each === name);
    if (shared === undefined || this.#shared === null) throw unknown(name);
    readShape(shared, null, body);
    return (this.#shared[shared] as (body: unknown, work: Work) => Promise<unknown>)(body, work);
  }
}

interface Answer {
  readonly status: number;
  readonly body: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

function send(response: ServerResponse, { status, body, headers = {} }: Answer): void {
  if (response.headersSent) return void response.destroy();
  const text = JSON.stringify(body);
  response.writeHead(status, {
    ...SAFE_HEADERS,
    ...headers,
    'Content-Type': 'application/json',
    'Content-Length': Buffer.byteLength(text),
    'Cache-Control': 'no-store',
  });
  response.end(text);
}

function answerTo(error: unknown): Answer {
  const exitCode = error instanceof SglabError ? error.exitCode : EXIT.expectationFailed;
  const body: ErrorAnswer = { ...errorDocument(error), exitCode };
  return { status: STATUS_OF[body.error.code] ?? STATUS.badRequest, body };
}

function noTerminals(): SglabError {
  return new SglabError('RequestRefused', 'this console has no terminals', { hint: 'run `sglab console --terminals`' });
}

function noSession(): SglabError {
  return new SglabError('NoSession', 'this browser has no session with the console', {
    hint: 'open the URL that `sglab console` prints',
  });
}

function unknown(what: string): SglabError {
  return new SglabError('UnknownCall', `the console knows no call ${JSON.stringify(what.slice(0, 100))}`);
}
