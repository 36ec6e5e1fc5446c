/** The process behind `sglab up`: holds one lab, serves its socket, ends when the lab goes down. */
import fs from 'node:fs';
import path from 'node:path';
import { EXIT, SglabError } from '../errors.js';
import { labDirectory } from '../lab/run-directory.js';
import { errorDocument } from '../report/error.js';
import { loadScenario } from '../scenario/load.js';
import { LiveLab } from './live-lab.js';
import { serveLab } from './server.js';

/** What the controller tells the `sglab up` that waits for it. */
export type ControllerMessage =
  | { readonly type: 'progress'; readonly done: number; readonly total: number }
  | { readonly type: 'ready'; readonly lab: string; readonly machines: number }
  | {
      readonly type: 'error';
      readonly error: { readonly code: string; readonly message: string; readonly hint: string | null };
      readonly exitCode: number;
    };

/** @param lab overrides the name in the file */
export async function runController(file: string, lab: string | null): Promise<void> {
  const stop = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => stop.abort());
  // The terminal it was started from may go; the lab stays.
  process.on('SIGHUP', () => {});
  try {
    const scenario = await loadScenario(file);
    const cloud = lab === null ? scenario.cloud : { ...scenario.cloud, name: lab };
    const live = await LiveLab.up(cloud, {
      file: path.resolve(file),
      leftovers: 'resume',
      signal: stop.signal,
      onProgress: (done, total) => tell({ type: 'progress', done, total }),
    });
    await serve(live, path.resolve(file), stop);
  } catch (error) {
    const exitCode = error instanceof SglabError ? error.exitCode : EXIT.expectationFailed;
    tell({ type: 'error', ...errorDocument(error), exitCode });
    process.exitCode = exitCode;
  } finally {
    if (process.connected) process.disconnect();
  }
}

async function serve(live: LiveLab, file: string, stop: AbortController): Promise<void> {
  process.on('uncaughtException', (error) => leaveWord(live.lab.name, error));
  let down: Promise<void> | null = null;
  const takeDown = () => {
    down ??= live.down();
    return down;
  };
  const server = await serveLab(live, file, takeDown).catch(async (error) => {
    await takeDown();
    throw error;
  });
  const stopped = () => void takeDown().finally(() => server.close());
  stop.signal.addEventListener('abort', stopped);
  if (stop.signal.aborted) stopped();
  const { cloud } = live;
  const machines = Object.keys(cloud.instances).length + Object.keys(cloud.externalHosts).length;
  tell({ type: 'ready', lab: cloud.name, machines });
  live.lab.prepareChanges().catch(() => {}); // the change that needs it will say what is wrong
  if (process.connected) process.disconnect();
  server.on('request', (_request, response) => {
    // The answer to `down` leaves before the socket closes.
    response.on('close', () => {
      if (down !== null) void down.finally(() => server.close());
    });
  });
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
