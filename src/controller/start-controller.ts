/** `sglab up` starts the controller as a separate process and waits until its lab is ready. */

import { endpointUrl } from '../ec2/loopback-port.js';
import { EXIT, type ExitCode, SglabError } from '../errors.js';
import { isStopped, spawn } from '../kernel/process.js';
import { LabInUseError } from '../lab/errors.js';
import { readHolder } from '../lab/run-directory.js';
import type { ImportReport } from '../source/import-report.js';
import { call } from './client.js';
import type { ControllerMessage, ControllerOptions } from './controller.js';
import { readCredentials } from './credentials.js';
import { NoControllerError } from './errors.js';
import { type LabSource, type Loaded, loadSource } from './lab-source.js';
import { MAIN } from './main-script.js';
import type { LabStatus } from './protocol.js';
import { Silence } from './silence.js';

export interface StartOptions extends ControllerOptions {
  readonly signal: AbortSignal;
  readonly onProgress: (done: number, total: number) => void;
}

export interface Ready {
  readonly lab: string;
  readonly machines: number;
  /** URL of the lab's EC2 API. */
  readonly endpoint: string;
  readonly region: string;
  /** A file with the last words of the controller before this one, which ended by itself; null if none did. */
  readonly crashLog: string | null;
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
  const { name, region } = loaded.cloud;
  const running = await statusOf(name, options.signal);
  if (running !== null) return alreadyUp(running, loaded, options);
  options.signal.throwIfAborted();
  try {
    return { ...(await build(source, loaded, options)), region, imported: loaded.imported };
  } catch (error) {
    if (!(error instanceof SglabError) || error.code !== 'LabInUse') throw error;
    const quicker = await statusOf(name, options.signal); // of another `sglab up` that came at the same time
    if (quicker === null) throw error;
    return alreadyUp(quicker, loaded, options);
  }
}

async function build(
  source: LabSource,
  { cloud }: Loaded,
  options: StartOptions,
): Promise<Omit<Ready, 'region' | 'imported'>> {
  const { subprocess } = spawn(
    process.execPath,
    [MAIN, 'controller', ...controllerArguments(source, cloud.region, options)],
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
  try {
    return await waitUntilReady(subprocess, cloud.name, options);
  } finally {
    if (subprocess.connected) subprocess.disconnect?.();
    subprocess.unref();
  }
}

function alreadyUp(running: LabStatus, { cloud, file, imported }: Loaded, { port, auth }: ControllerOptions): Ready {
  const { lab, endpoint } = running;
  if (running.file !== file || running.cloud.region !== cloud.region) throw new LabInUseError(lab, readHolder(lab));
  if (port !== null && endpoint !== endpointUrl(port)) {
    throw new SglabError('LabInUse', `the lab ${lab} is up already, its EC2 API is at ${endpoint}`, {
      hint: `leave out --port, or end it with \`sglab down ${lab}\``,
    });
  }
  if (!auth && readCredentials(lab) !== null) {
    throw new SglabError('LabInUse', `the lab ${lab} is up already, and its EC2 API asks for credentials`, {
      hint: `leave out --no-auth, or end it with \`sglab down ${lab}\``,
    });
  }
  return {
    lab,
    machines: machineCount(running),
    endpoint,
    region: cloud.region,
    crashLog: null,
    already: true,
    imported,
  };
}

function controllerArguments(
  { file, lab }: LabSource,
  region: string,
  { port, auth, repairs }: ControllerOptions,
): string[] {
  return [
    ...(file === null ? ['--region', region] : [file]),
    ...(lab === null ? [] : ['--lab', lab]),
    ...(port === null ? [] : ['--port', String(port)]),
    ...(auth ? [] : ['--no-auth']),
    ...(repairs ? ['--repair'] : []),
  ];
}

type Controller = ReturnType<typeof spawn>['subprocess'];

/**
 * Rejects after the controller has ended, so that the caller finds nothing of it left, or when it does not go on.
 * @throws ControllerSilentError
 */
async function waitUntilReady(
  controller: Controller,
  lab: string,
  { onProgress, signal: stop }: StartOptions,
): Promise<Omit<Ready, 'region' | 'imported'>> {
  const { pid = 0 } = controller;
  const silence = new Silence(lab, pid);
  const end = () => {
    controller.kill('SIGTERM');
    if (isStopped(pid)) silence.fail(0);
  };
  stop.addEventListener('abort', end);
  const ready = new Promise<Omit<Ready, 'region' | 'imported'>>((resolve, reject) => {
    let failure: SglabError | null = null;
    controller.on('message', (received: unknown) => {
      const message = received as ControllerMessage;
      silence.end();
      if (message.type === 'progress') onProgress(message.done, message.total);
      else if (message.type === 'error') failure = errorOf(message);
      // A controller that was asked to stop while it sent this takes its lab down again: its exit settles the promise.
      else if (!stop.aborted) resolve(readyOf(message));
    });
    controller.once('exit', (code, signal) => {
      const ended = `the controller ended (${signal ?? `exit code ${code}`})`;
      // A message with the reason may still be on its way.
      setImmediate(() => reject(failure ?? new SglabError('ControllerEnded', ended, { exitCode: EXIT.hostCannot })));
    });
  });
  try {
    return await Promise.race([ready, silence.failed]);
  } finally {
    stop.removeEventListener('abort', end);
    silence.close();
  }
}

function readyOf({ lab, machines, endpoint, crashLog }: ControllerMessage & { type: 'ready' }) {
  return { lab, machines, endpoint, crashLog, already: false };
}

function errorOf({ error, exitCode }: ControllerMessage & { type: 'error' }): SglabError {
  return new SglabError(error.code, error.message, {
    exitCode: exitCode as ExitCode,
    ...(error.hint === null ? {} : { hint: error.hint }),
  });
}

async function statusOf(lab: string, signal: AbortSignal): Promise<LabStatus | null> {
  try {
    return await call(lab, 'status', {}, signal);
  } catch (error) {
    if (error instanceof NoControllerError) return null;
    throw error;
  }
}

function machineCount({ cloud }: LabStatus): number {
  return Object.keys(cloud.instances).length + Object.keys(cloud.externalHosts).length;
}
