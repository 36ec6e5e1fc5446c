/** The process behind `sglab up`: it holds one lab, serves its socket, and ends when the lab goes down. */
import { randomUUID } from 'node:crypto';
import fs from 'node:fs';
import type { Server } from 'node:http';
import path from 'node:path';
import { Endpoint } from '../ec2/endpoint.js';
import { EXIT, errorDocument, SglabError } from '../errors.js';
import { onDisk } from '../kernel/errors.js';
import { PRIVATE, replaceFile } from '../kernel/safe-file.js';
import { Lab } from '../lab/lab.js';
import { labDirectory } from '../lab/run-directory.js';
import { Console } from './console/console.js';
import { openCrashLog } from './crash-log.js';
import { dropCredentials, makeCredentials } from './credentials.js';
import { FlowRecorder } from './flow-recorder.js';
import { handlersOf } from './handlers.js';
import { type LabSource, loadSource } from './lab-source.js';
import { serveLab } from './server.js';
import { watchVerdicts } from './verdict-watch.js';

/** A message from the controller to the `sglab up` that waits for it. */
export type ControllerMessage =
  | { readonly type: 'progress'; readonly done: number; readonly total: number }
  | {
      readonly type: 'ready';
      readonly lab: string;
      readonly machines: number;
      readonly endpoint: string;
      /** A file with the last words of the controller before this one, which a defect ended; null if none did. */
      readonly crashLog: string | null;
    }
  | {
      readonly type: 'error';
      readonly error: { readonly code: string; readonly message: string; readonly hint: string | null };
      readonly exitCode: number;
    };

export interface EndpointOptions {
  /** null: the lab's previous one, or a free one. */
  readonly port: number | null;
  /** Whether requests have to be signed with the lab's secret. */
  readonly auth: boolean;
}

export interface ControllerOptions extends EndpointOptions {
  /** It takes back whatever somebody else changes in the kernel. */
  readonly repairs: boolean;
}

export async function runController(source: LabSource, { port, auth, repairs }: ControllerOptions): Promise<void> {
  const stop = new AbortController();
  process.on('uncaughtException', endAtOnce);
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => stop.abort());
  // The terminal that started it may close; the lab stays.
  process.on('SIGHUP', () => {});
  let endpoint: Endpoint | null = null;
  try {
    const { cloud, file } = await loadSource(source);
    endpoint = await Endpoint.listen({ wanted: port, before: previousPort(cloud.name) });
    const live = await Lab.up(cloud, {
      file,
      leftovers: 'resume',
      origin: { caller: 'sglab', action: file === null ? 'serve' : `up ${file}`, requestId: randomUUID() },
      signal: stop.signal,
      onProgress: (done, total) => void notifyParent({ type: 'progress', done, total }),
    });
    if (repairs) keepRepaired(live);
    await serve({ live, file, endpoint, auth }, stop);
  } catch (error) {
    endpoint?.destroy();
    const exitCode = error instanceof SglabError ? error.exitCode : EXIT.expectationFailed;
    await notifyParent({ type: 'error', ...errorDocument(error), exitCode });
    process.exit(exitCode);
  }
}

interface Served {
  readonly live: Lab;
  readonly file: string | null;
  readonly endpoint: Endpoint;
  readonly auth: boolean;
}

async function serve(served: Served, stop: AbortController): Promise<void> {
  const { live, file, endpoint } = served;
  const page = new Console(live, { file, endpoint: endpoint.url });
  let down: Promise<void> | null = null;
  const takeDown = () => {
    endpoint.close();
    page.close();
    down ??= live.down().finally(() => endpoint.destroy());
    return down;
  };
  const { server, crashLog } = await start(served, page, takeDown).catch(async (error) => {
    await takeDown();
    throw error;
  });
  // A lab that cannot be taken down ends its controller as a defect does: the next command removes what is left.
  const stopped = () => void takeDown().finally(() => server.close());
  stop.signal.addEventListener('abort', stopped);
  if (stop.signal.aborted) stopped();
  const { cloud } = live;
  const machines = Object.keys(cloud.instances).length + Object.keys(cloud.externalHosts).length;
  void notifyParent({ type: 'ready', lab: cloud.name, machines, endpoint: endpoint.url, crashLog });
  live.prepareChanges().catch(() => {}); // the change that needs it will report the error
  if (process.connected) process.disconnect();
}

async function start(
  { live, file, endpoint, auth }: Served,
  page: Console,
  takeDown: () => Promise<void>,
): Promise<{ server: Server; crashLog: string | null }> {
  const log = openCrashLog(live.name);
  process.prependListener('uncaughtException', log.write);
  savePort(live.name, endpoint.port);
  const credentials = auth ? makeCredentials(live.name) : null;
  if (!auth) dropCredentials(live.name);
  watchVerdicts(live);
  const handlers = handlersOf(live, {
    about: { file, endpoint: endpoint.url },
    flows: new FlowRecorder(live),
    openConsole: (options) => page.open(options),
    // A server that closes still answers the requests that it has; what kept the lab from going down ends this process then.
    onDown: () => takeDown().finally(() => server.close(() => void takeDown())),
  });
  await page.start(handlers);
  const server = await serveLab(live, handlers);
  endpoint.serve(live, credentials);
  return { server, crashLog: log.previous };
}

/**
 * Ends this process as `kill -9` would, whatever state it is in: the kernel releases the lock, and the lab goes on
 * filtering. An orderly exit waits for threads and runs handlers, any of which may be what is broken.
 */
function endAtOnce(error: Error): void {
  try {
    const document = errorDocument(error);
    const message = error.stack ?? error.message;
    void notifyParent({ type: 'error', error: { ...document.error, message }, exitCode: EXIT.expectationFailed });
  } finally {
    process.kill(process.pid, 'SIGKILL');
  }
}

/** Changes come in rows: one repair follows each row. */
const REPAIR_MS = 100;

/** Looks after every change in the kernel, the lab's own among them. What cannot be repaired, verdicts and `status` say. */
function keepRepaired(live: Lab): void {
  let isDue = false;
  const repair = () => {
    isDue = false;
    live.integrity.repair().catch(() => {});
  };
  live.integrity.onSuspicion(() => {
    if (!isDue) setTimeout(repair, REPAIR_MS).unref();
    isDue = true;
  });
  repair();
}

/** The parent process may be gone. @returns when the message has left */
function notifyParent(message: ControllerMessage): Promise<void> {
  return new Promise((resolve) => {
    if (process.connected) process.send?.(message, () => resolve());
    else resolve();
  });
}

const portFile = (lab: string) => path.join(labDirectory(lab), 'endpoint.port');

/** The result is null if the lab had no port, or its file is lost. */
function previousPort(lab: string): number | null {
  try {
    const port = Number(fs.readFileSync(portFile(lab), 'utf8'));
    return Number.isInteger(port) && port > 0 && port < 2 ** 16 ? port : null;
  } catch {
    return null;
  }
}

/** @throws KernelError */
function savePort(lab: string, port: number): void {
  onDisk(() => replaceFile(portFile(lab), `${port}\n`, PRIVATE));
}
