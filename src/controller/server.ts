/** The server's side of the controller's socket. */
import fs from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { limitConnections } from '../ec2/limit-connections.js';
import { EXIT, errorDocument, SglabError } from '../errors.js';
import { diskError } from '../kernel/errors.js';
import type { Lab } from '../lab/lab.js';
import { controlSocket } from '../lab/run-directory.js';
import type { Handlers, Work } from './handlers.js';
import type { ErrorAnswer } from './protocol.js';
import { readRequest } from './request-shape.js';
import { streamReports } from './stream-reports.js';

/** Milliseconds for a request's head, and for all of it: clients are processes of this host. */
const REQUEST_TIMEOUT = 10_000;

/** Serves a lab on its socket until it is closed. */
export async function serveLab(live: Lab, handlers: Handlers): Promise<Server> {
  const progress = new Progress();
  live.goesOn.add(() => progress.tell());
  const server = createServer({ requestTimeout: REQUEST_TIMEOUT, connectionsCheckingInterval: 1000 });
  server.on('request', (request, response) => {
    if (request.url === '/reports') return streamReports(live, response);
    const abandoned = new AbortController();
    response.once('close', () => abandoned.abort()).on('error', () => {});
    const work = { signal: abandoned.signal, onProgress: () => progress.tell() };
    const done = progress.follow(response);
    void answer(handlers, request, work).then(({ status, body }) => {
      done();
      // A client that keeps its connection would go on asking a controller whose lab is gone.
      if (!server.listening) response.setHeader('Connection', 'close');
      response.writeHead(status, { 'Content-Type': 'application/json' }).end(JSON.stringify(body));
    });
  });
  limitConnections(server);
  await listen(server, controlSocket(live.name));
  return server;
}

async function listen(server: Server, socket: string): Promise<void> {
  fs.rmSync(socket, { force: true }); // left by a controller that was killed: this process holds the lab's lock now
  const mask = process.umask(0o177);
  try {
    server.listen(socket);
    await new Promise((resolve, reject) =>
      server.once('listening', resolve).once('error', (error) => reject(diskError(error))),
    );
  } finally {
    process.umask(mask);
  }
}

/** A client is told once in this time, in milliseconds. */
const PROGRESS_MS = 1000;

/**
 * Tells everybody who waits that the lab works on: by `102 Processing`, which leaves the one answer as it is. Work for
 * one client is progress for another that waits for its turn.
 */
class Progress {
  readonly #waiting = new Set<ServerResponse>();
  #told = 0;

  /** @returns a function that ends it, to be called before the answer */
  follow(response: ServerResponse): () => void {
    this.#waiting.add(response);
    const end = () => void this.#waiting.delete(response);
    response.once('close', end);
    return end;
  }

  tell(): void {
    if (performance.now() - this.#told < PROGRESS_MS) return;
    this.#told = performance.now();
    for (const response of this.#waiting) response.writeProcessing();
  }
}

/** A client that gave up while this process was stopped: its end is read after its request, one turn later. */
async function refuseAbandoned({ socket }: IncomingMessage): Promise<void> {
  await nextTurn();
  await nextTurn();
  if (socket.readableEnded) throw new SglabError('Abandoned', 'nobody waits for the answer any more');
}

async function answer(
  handlers: Handlers,
  request: IncomingMessage,
  work: Work,
): Promise<{ status: number; body: unknown }> {
  try {
    const { name, request: body } = readRequest(request.url ?? '', await text(request));
    const handler = handlers[name] as (body: unknown, work: Work) => Promise<unknown>;
    await refuseAbandoned(request);
    return { status: 200, body: await handler(body, work) };
  } catch (error) {
    const exitCode = error instanceof SglabError ? error.exitCode : EXIT.expectationFailed;
    return { status: 400, body: { ...errorDocument(error), exitCode } satisfies ErrorAnswer };
  }
}
