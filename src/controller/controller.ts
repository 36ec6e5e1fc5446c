/** The process behind `sglab up`: it holds one lab, serves its socket, and ends when the lab goes down. */
import { randomUUID } from 'node:crypto';
import fs from 'node:fs';
import type { Server } from 'node:http';
import path from 'node:path';
import { Endpoint } from '../ec2/endpoint.js';
import { EXIT, errorDocument, SglabError } from '../errors.js';
import { onDisk } from '../kernel/errors.js';
import { Lab } from '../lab/lab.js';
import { labDirectory } from '../lab/run-directory.js';
import { type LabSource, loadSource } from './lab-source.js';
import { serveLab } from './server.js';

/** A message from the controller to the `sglab up` that waits for it. */
export type ControllerMessage =
  | { readonly type: 'progress'; readonly done: number; readonly total: number }
  | { readonly type: 'ready'; readonly lab: string; readonly machines: number; readonly endpoint: string }
  | {
      readonly type: 'error';
      readonly error: { readonly code: string; readonly message: string; readonly hint: string | null };
      readonly exitCode: number;
    };

/** @param port of the EC2 endpoint; null: the lab's previous one, or a free one */
export async function runController(source: LabSource, port: number | null): Promise<void> {
  const stop = new AbortController();
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
      onProgress: (done, total) => notifyParent({ type: 'progress', done, total }),
    });
    await serve({ live, file, endpoint }, stop);
  } catch (error) {
    endpoint?.destroy();
    const exitCode = error instanceof SglabError ? error.exitCode : EXIT.expectationFailed;
    notifyParent({ type: 'error', ...errorDocument(error), exitCode });
    process.exitCode = exitCode;
  } finally {
    if (process.connected) process.disconnect();
  }
}

interface Served {
  readonly live: Lab;
  readonly file: string | null;
  readonly endpoint: Endpoint;
}

async function serve({ live, file, endpoint }: Served, stop: AbortController): Promise<void> {
  process.on('uncaughtException', (error) => writeCrashFile(live.name, error));
  let down: Promise<void> | null = null;
  const takeDown = () => {
    endpoint.close();
    down ??= live.down().finally(() => endpoint.destroy());
    return down;
  };
  const server = await start({ live, file, endpoint }, takeDown).catch(async (error) => {
    await takeDown();
    throw error;
  });
  const stopped = () => void takeDown().finally(() => server.close());
  stop.signal.addEventListener('abort', stopped);
  if (stop.signal.aborted) stopped();
  const { cloud } = live;
  const machines = Object.keys(cloud.instances).length + Object.keys(cloud.externalHosts).length;
  notifyParent({ type: 'ready', lab: cloud.name, machines, endpoint: endpoint.url });
  live.prepareChanges().catch(() => {}); // the change that needs it will report the error
  if (process.connected) process.disconnect();
  server.on('request', (_request, response) => {
    // The answer to `down` must leave before the socket closes.
    response.on('close', () => {
      if (down !== null) void down.finally(() => server.close());
    });
  });
}

async function start({ live, file, endpoint }: Served, takeDown: () => Promise<void>): Promise<Server> {
  savePort(live.name, endpoint.port);
  const server = await serveLab(live, { file, endpoint: endpoint.url }, takeDown);
  endpoint.serve(live);
  return server;
}

/**
 * Writes the defect to a file beside the journal, as nobody reads this process's stderr. The lab continues to filter.
 */
function writeCrashFile(lab: string, error: Error): void {
  const log = path.join(labDirectory(lab), 'controller.log');
  fs.appendFileSync(log, `${new Date().toISOString()} process ${process.pid}: ${error.stack ?? error.message}\n`);
  process.exit(EXIT.expectationFailed);
}

/** The parent process may be gone. */
function notifyParent(message: ControllerMessage): void {
  if (process.connected) process.send?.(message, () => {});
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
  onDisk(() => fs.writeFileSync(portFile(lab), `${port}\n`));
}
