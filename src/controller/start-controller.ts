/** `sglab up` starts the controller as a separate process and waits until its lab is ready. */

import { fileURLToPath } from 'node:url';
import { endpointUrl } from '../ec2/loopback-port.js';
import { EXIT, type ExitCode, SglabError } from '../errors.js';
import { spawn } from '../kernel/process.js';
import { LabInUseError } from '../lab/errors.js';
import { readHolder } from '../lab/run-directory.js';
import type { ImportReport } from '../source/import-report.js';
import { call, NoControllerError } from './client.js';
import type { ControllerMessage } from './controller.js';
import { type LabSource, type Loaded, loadSource } from './lab-source.js';
import type { LabStatus } from './protocol.js';

export interface StartOptions {
  /** The port of the EC2 endpoint; null: any free one. */
  readonly port: number | null;
  readonly signal: AbortSignal;
  readonly onProgress: (done: number, total: number) => void;
}

export interface Ready {
  readonly lab: string;
  readonly machines: number;
  /** URL of the lab's EC2 API. */
  readonly endpoint: string;
  readonly region: string;
  /** Whether the lab was up before, from the same file. */
  readonly already: boolean;
  /** The parts that the import of another program's file left out and assumed. */
  readonly imported: ImportReport | null;
}

/**
 * @throws DefinitionError for the file; LabInUseError for a lab of that name from elsewhere; SglabError for a port in
 * use; whatever building it throws
 */
export async function startController(source: LabSource, options: StartOptions): Promise<Ready> {
  const loaded = await loadSource(source);
  const { region } = loaded.cloud;
  const running = await statusOf(loaded.cloud.name);
  if (running !== null) return alreadyUp(running, loaded, options.port);
  options.signal.throwIfAborted();
  const { subprocess } = spawn(
    process.execPath,
    [MAIN, 'controller', ...controllerArguments(source, region, options.port)],
    {
      stdin: 'ignore',
      stdout: 'ignore',
      stderr: 'ignore',
      ipc: true,
      detached: true,
      cleanup: false,
      reject: false,
      buffer: false,
    },
  );
  const stop = () => subprocess.kill('SIGTERM');
  options.signal.addEventListener('abort', stop);
  try {
    return { ...(await waitUntilReady(subprocess, options)), region, imported: loaded.imported };
  } finally {
    options.signal.removeEventListener('abort', stop);
    if (subprocess.connected) subprocess.disconnect?.();
    subprocess.unref();
  }
}

function alreadyUp(running: LabStatus, { cloud, file, imported }: Loaded, port: number | null): Ready {
  const { lab, endpoint } = running;
  if (running.file !== file || running.cloud.region !== cloud.region) throw new LabInUseError(lab, readHolder(lab));
  if (port !== null && endpoint !== endpointUrl(port)) {
    throw new SglabError('LabInUse', `the lab ${lab} is up already, its EC2 API is at ${endpoint}`, {
      hint: `leave out --port, or end it with \`sglab down ${lab}\``,
    });
  }
  return { lab, machines: machineCount(running), endpoint, region: cloud.region, already: true, imported };
}

function controllerArguments({ file, lab }: LabSource, region: string, port: number | null): string[] {
  return [
    ...(file === null ? ['--region', region] : [file]),
    ...(lab === null ? [] : ['--lab', lab]),
    ...(port === null ? [] : ['--port', String(port)]),
  ];
}

type Controller = ReturnType<typeof spawn>['subprocess'];

/** Rejects only after the controller has ended, so that the caller finds nothing of it left. */
function waitUntilReady(
  controller: Controller,
  { onProgress, signal: stop }: StartOptions,
): Promise<Omit<Ready, 'region' | 'imported'>> {
  return new Promise((resolve, reject) => {
    let failure: SglabError | null = null;
    controller.on('message', (received: unknown) => {
      const message = received as ControllerMessage;
      if (message.type === 'progress') onProgress(message.done, message.total);
      else if (message.type === 'error') failure = errorOf(message);
      // A controller that was asked to stop while it sent this takes its lab down again: its exit settles the promise.
      else if (!stop.aborted)
        resolve({ lab: message.lab, machines: message.machines, endpoint: message.endpoint, already: false });
    });
    controller.once('exit', (code, signal) => {
      const ended = `the controller ended (${signal ?? `exit code ${code}`})`;
      // A message with the reason may still be on its way.
      setImmediate(() => reject(failure ?? new SglabError('ControllerEnded', ended, { exitCode: EXIT.hostCannot })));
    });
  });
}

function errorOf({ error, exitCode }: ControllerMessage & { type: 'error' }): SglabError {
  return new SglabError(error.code, error.message, {
    exitCode: exitCode as ExitCode,
    ...(error.hint === null ? {} : { hint: error.hint }),
  });
}

async function statusOf(lab: string): Promise<LabStatus | null> {
  try {
    return await call(lab, 'status', {});
  } catch (error) {
    if (error instanceof NoControllerError) return null;
    throw error;
  }
}

function machineCount({ cloud }: LabStatus): number {
  return Object.keys(cloud.instances).length + Object.keys(cloud.externalHosts).length;
}

/** The script to start for a further sglab process. */
export const MAIN = fileURLToPath(new URL('../cli/main.js', import.meta.url));
