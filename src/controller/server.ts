/** The server's side of the controller's socket. */
import { randomUUID } from 'node:crypto';
import fs from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { applyMutation, mutationText } from '../changes/mutation.js';
import { limitConnections } from '../ec2/limit-connections.js';
import { EXIT, errorDocument, SglabError } from '../errors.js';
import { diskError } from '../kernel/errors.js';
import { initOf } from '../lab/init.js';
import type { Lab } from '../lab/lab.js';
import { controlSocket } from '../lab/run-directory.js';
import { gradeLab } from '../lessons/grade-lab.js';
import { ruleDescriber } from '../verdict/describe-rule.js';
import { explainInLab } from '../verify/explain/explain-in-lab.js';
import { FlowRecorder } from './flow-recorder.js';
import { probeMatrix } from './matrix.js';
import type { Calls, ErrorAnswer, LabStatus } from './protocol.js';
import { asMalformed, readRequest } from './request-shape.js';
import { streamReports } from './stream-reports.js';
import { watchVerdicts } from './verdict-watch.js';

/** The work that one request makes. */
interface Work {
  /** Aborts when nobody waits for the answer any more. */
  readonly signal: AbortSignal;
  /** Told that the work goes on. */
  readonly onProgress: () => void;
}

type Handlers = {
  [Name in keyof Calls]: (request: Calls[Name]['request'], work: Work) => Promise<Calls[Name]['response']>;
};

/** Milliseconds for a request's head, and for all of it: clients are processes of this host. */
const REQUEST_TIMEOUT = 10_000;

/** What the handlers need besides the lab; `onDown` takes the lab down. */
interface Served {
  readonly about: Pick<LabStatus, 'file' | 'endpoint'>;
  readonly onDown: () => Promise<void>;
}

/** Serves a lab on its socket until it is closed. */
export async function serveLab(live: Lab, served: Served): Promise<Server> {
  const handlers = handlersOf(live, served);
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

function handlersOf(live: Lab, { about, onDown }: Served): Handlers {
  const flows = new FlowRecorder(live);
  watchVerdicts(live);
  return {
    status: async () => ({ lab: live.name, pid: process.pid, ...about, cloud: live.cloud }),
    enter: async ({ machine }) => ({
      cloud: live.cloud,
      init: await initOf(live.cloud, live.traffic.machine(machine)),
    }),
    probe: ({ probe }, { signal }) => live.traffic.probe(probe, signal),
    explain: ({ probe }, { signal }) => explainInLab(live, probe, signal),
    grade: ({ goals }, work) => gradeLab(live, goals, work),
    describeRules: async ({ ids }) => {
      const describe = ruleDescriber(live.cloud);
      return { texts: Object.fromEntries(ids.map((id) => [id, describe(id)])) };
    },
    matrix: (request, work) => probeMatrix(live, request, work),
    mutate: async ({ mutation }, { signal }) => {
      const action = asMalformed('mutate', () => mutationText(mutation));
      await live.change(
        (before) => {
          signal.throwIfAborted(); // its turn came too late
          return asMalformed('mutate', () => applyMutation(before, mutation));
        },
        { caller: 'sglab', action, requestId: randomUUID() },
      );
      return {};
    },
    dryRun: async ({ mutation }) => ({
      script: await live.dryRun((before) => asMalformed('dryRun', () => applyMutation(before, mutation))),
    }),
    advance: async ({ seconds }) => {
      await flows.settle();
      const aged = await live.advance(seconds);
      flows.advance(seconds);
      return aged;
    },
    flowLogs: async ({ interfaceIds }) => ({ interfaces: await flows.records(interfaceIds) }),
    drift: async () => ({ drift: await live.integrity.drift() }),
    repair: async () => ({ mended: await live.integrity.repair() }),
    down: async () => {
      await onDown();
      return {};
    },
  };
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
