/** The process behind `sglab up`: holds one lab, serves its socket, ends when the lab goes down. */
import { randomUUID } from 'node:crypto';
import fs from 'node:fs';
import type { Server } from 'node:http';
import path from 'node:path';
import { Endpoint } from '../ec2/endpoint.js';
import { EXIT, errorDocument, SglabError } from '../errors.js';
import { onDisk } from '../kernel/on-disk.js';
import { LiveLab } from '../lab/live-lab.js';
import { labDirectory } from '../lab/run-directory.js';
import { type LabSource, loadSource } from './lab-source.js';
import { serveLab } from './server.js';

/** What the controller tells the `sglab up` that waits for it. */
export type ControllerMessage =
  | { readonly type: 'progress'; readonly done: number; readonly total: number }
  | { readonly type: 'ready'; readonly lab: string; readonly machines: number; readonly endpoint: string }
  | {
      readonly type: 'error';
      readonly error: { readonly code: string; readonly message: string; readonly hint: string | null };
      readonly exitCode: number;
    };

/** @param port of the EC2 endpoint; null: the one it had before, or a free one */
export async function runController(source: LabSource, port: number | null): Promise<void> {
  const stop = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => stop.abort());
  // The terminal it was started from may go; the lab stays.
  process.on('SIGHUP', () => {});
  let endpoint: Endpoint | null = null;
  try {
    const { cloud, file } = await loadSource(source);
    endpoint = await Endpoint.listen({ wanted: port, before: portBefore(cloud.name) });
    const live = await LiveLab.up(cloud, {
      file,
      leftovers: 'resume',
      origin: { caller: 'sglab', action: file === null ? 'serve' : `up ${file}`, requestId: randomUUID() },
      signal: stop.signal,
      onProgress: (done, total) => tell({ type: 'progress', done, total }),
    });
    await serve({ live, file, endpoint }, stop);
  } catch (error) {
    endpoint?.destroy();
    const exitCode = error instanceof SglabError ? error.exitCode : EXIT.expectationFailed;
    tell({ type: 'error', ...errorDocument(error), exitCode });
    process.exitCode = exitCode;
  } finally {
    if (process.connected) process.disconnect();
  }
}

interface Served {
  readonly live: LiveLab;
  readonly file: string | null;
  readonly endpoint: Endpoint;
}

async function serve({ live, file, endpoint }: Served, stop: AbortController): Promise<void> {
  process.on('uncaughtException', (error) => leaveWord(live.lab.name, error));
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
  tell({ type: 'ready', lab: cloud.name, machines, endpoint: endpoint.url });
  live.lab.prepareChanges().catch(() => {}); // the change that needs it will say what is wrong
  if (process.connected) process.disconnect();
  server.on('request', (_request, response) => {
    // The answer to `down` leaves before the socket closes.
    response.on('close', () => {
      if (down !== null) void down.finally(() => server.close());
    });
  });
}

async function start({ live, file, endpoint }: Served, takeDown: () => Promise<void>): Promise<Server> {
  rememberPort(live.lab.name, endpoint.port);
  const server = await serveLab(live, { file, endpoint: endpoint.url }, takeDown);
  endpoint.serve(live);
  return server;
}

/** Nobody reads this process's stderr: a defect leaves its trace beside the journal. The lab filters on. */
function leaveWord(lab: string, error: Error): void {
  const log = path.join(labDirectory(lab), 'controller.log');
  fs.appendFileSync(log, `${new Date().toISOString()} process ${process.pid}: ${error.stack ?? error.message}\n`);
  process.exit(EXIT.expectationFailed);
}

/** Whoever started it may be gone. */
function tell(message: ControllerMessage): void {
  if (process.connected) process.send?.(message, () => {});
}

const portFile = (lab: string) => path.join(labDirectory(lab), 'endpoint.port');

/** null when the lab had none, or its file is lost. */
function portBefore(lab: string): number | null {
  try {
    const port = Number(fs.readFileSync(portFile(lab), 'utf8'));
    return Number.isInteger(port) && port > 0 && port < 2 ** 16 ? port : null;
  } catch {
    return null;
  }
}

/** @throws KernelError */
function rememberPort(lab: string, port: number): void {
  onDisk(() => fs.writeFileSync(portFile(lab), `${port}\n`));
}
