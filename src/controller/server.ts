/** The server's side of the controller's socket. */
import { randomUUID } from 'node:crypto';
import fs from 'node:fs';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import { text } from 'node:stream/consumers';
import { applyMutation, mutationText } from '../changes/mutation.js';
import { EXIT, errorDocument, SglabError } from '../errors.js';
import { diskError } from '../kernel/errors.js';
import type { Lab } from '../lab/lab.js';
import { controlSocket } from '../lab/run-directory.js';
import { gradeLab } from '../lessons/grade-lab.js';
import { ruleDescriber } from '../verdict/describe-rule.js';
import { explainInLab } from '../verify/explain/explain-in-lab.js';
import { FlowRecorder } from './flow-recorder.js';
import { probeMatrix } from './matrix.js';
import type { Calls, ErrorAnswer, LabStatus } from './protocol.js';
import { streamReports } from './stream-reports.js';
import { watchVerdicts } from './verdict-watch.js';

type Handlers = { [Name in keyof Calls]: (request: Calls[Name]['request']) => Promise<Calls[Name]['response']> };

/**
 * Serves a lab on its socket until it is closed.
 * @param onDown takes the lab down
 */
export async function serveLab(
  live: Lab,
  about: Pick<LabStatus, 'file' | 'endpoint'>,
  onDown: () => Promise<void>,
): Promise<Server> {
  const flows = new FlowRecorder(live);
  watchVerdicts(live);
  const handlers: Handlers = {
    status: async () => ({ lab: live.name, pid: process.pid, ...about, cloud: live.cloud }),
    probe: ({ probe }) => live.traffic.probe(probe),
    explain: ({ probe }) => explainInLab(live, probe),
    grade: ({ goals }) => gradeLab(live, goals),
    describeRules: async ({ ids }) => {
      const describe = ruleDescriber(live.cloud);
      return { texts: Object.fromEntries(ids.map((id) => [id, describe(id)])) };
    },
    matrix: (request) => probeMatrix(live, request),
    mutate: async ({ mutation }) => {
      await live.mutate(mutation, { caller: 'sglab', action: mutationText(mutation), requestId: randomUUID() });
      return {};
    },
    dryRun: async ({ mutation }) => ({ script: await live.dryRun((before) => applyMutation(before, mutation)) }),
    advance: async ({ seconds }) => {
      await flows.settle();
      const aged = await live.advance(seconds);
      flows.advance(seconds);
      return aged;
    },
    flowLogs: async ({ interfaceIds }) => ({ interfaces: await flows.records(interfaceIds) }),
    down: async () => {
      await onDown();
      return {};
    },
  };
  const server = createServer((request, response) => {
    if (request.url === '/reports') return streamReports(live, response);
    void answer(handlers, request).then(({ status, body }) => {
      response.writeHead(status, { 'Content-Type': 'application/json' }).end(JSON.stringify(body));
    });
  });
  const socket = controlSocket(live.name);
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
  return server;
}

async function answer(handlers: Handlers, request: IncomingMessage): Promise<{ status: number; body: unknown }> {
  try {
    const name = (request.url ?? '').slice(1);
    if (!Object.hasOwn(handlers, name)) throw new SglabError('UnknownCall', `the controller knows no call ${name}`);
    // This is the one boundary where a document's shape is trusted: only root can open the socket, and sglab is at both
    // ends.
    const handler = handlers[name as keyof Handlers] as (body: unknown) => Promise<unknown>;
    return { status: 200, body: await handler(JSON.parse((await text(request)) || '{}')) };
  } catch (error) {
    const exitCode = error instanceof SglabError ? error.exitCode : EXIT.expectationFailed;
    return { status: 400, body: { ...errorDocument(error), exitCode } satisfies ErrorAnswer };
  }
}
