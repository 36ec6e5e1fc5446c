/** Real programs inside machines: commands that end, and servers that stay. */
import fs from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Listener } from '../cloud/instances/types.js';
import { byId } from '../cloud/lookup.js';
import { resolveMachine } from '../cloud/text/endpoint.js';
import type { Cloud } from '../cloud/types.js';
import { EXIT, SglabError } from '../errors.js';
import { inNetns, type Netns, type OpenNamespaces } from '../kernel/netns.js';
import { keepOpenFiles, type RunResult, run, spawn } from '../kernel/process.js';
import { bindSocket, closeSocket, openSocket } from '../kernel/sockets.js';
import { machineCommand, machineNamespace, makeScratchDirectory } from './machine.js';

export interface Machine {
  readonly kind: 'instance' | 'external';
  readonly name: string;
  readonly netns: Netns;
}

/** @throws CloudError for a word that is no machine of the cloud */
export function findMachine(cloud: Cloud, word: string, namespaces: OpenNamespaces): Machine {
  const found = resolveMachine(cloud, word);
  const name = found.kind === 'external' ? found.name : byId(cloud.instances, found.id).name;
  return { kind: found.kind, name, netns: namespaces.netns(machineNamespace(cloud, { kind: found.kind, name })) };
}

/** Runs a command to its end; 124 as exit code means that it took too long, as with timeout(1). */
export async function execIn(
  cloud: Cloud,
  machine: Machine,
  argv: readonly string[],
  timeoutMs: number,
): Promise<RunResult> {
  const { file, args, env } = machineCommand(cloud, machine, ['timeout', String(timeoutMs / 1000), ...argv]);
  const cwd = makeScratchDirectory(cloud.name, machine.name);
  return run(file, args, { env, cwd, namespace: machine.netns, allowFailure: true });
}

export interface Server {
  readonly argv: readonly string[];
  /** Started when something accepts here; at once if null. */
  readonly ready: Listener | null;
  readonly withinMs: number;
}

const POLL_MS = 50;
/** As much of a server's last words as helps. */
const LAST_LINES = 3;

/** Starts a server that lives until the lab goes down. @throws SglabError with its last words when it does not get ready */
export async function startIn(cloud: Cloud, machine: Machine, server: Server): Promise<void> {
  const { netns } = machine;
  const cwd = makeScratchDirectory(cloud.name, machine.name);
  const log = path.join(cwd, `${path.basename(server.argv[0] ?? 'program')}.log`);
  const { file, args, env } = machineCommand(cloud, machine, server.argv);
  keepOpenFiles();
  const { subprocess } = spawn(file, args, {
    namespace: netns,
    cwd,
    env: { ...env },
    stdin: 'ignore',
    stdout: { file: log, append: true },
    stderr: { file: log, append: true },
    detached: true,
    cleanup: false,
    reject: false,
    buffer: false,
  });
  let ended = false;
  subprocess.once('exit', () => {
    ended = true;
  });
  subprocess.unref();
  const deadline = Date.now() + server.withinMs;
  while (server.ready !== null && !isServed(netns, server.ready)) {
    if (ended || Date.now() > deadline) throw notReady(server, ended, log);
    await sleep(POLL_MS);
  }
}

function notReady({ withinMs }: Server, ended: boolean, log: string): SglabError {
  const why = ended ? 'it ended' : `it was not ready within ${withinMs / 1000} s`;
  const words = fs.readFileSync(log, 'utf8').trim().split('\n').slice(-LAST_LINES).join(' ');
  return new SglabError('NotReady', words === '' ? why : `${why}: ${words}`, {
    exitCode: EXIT.expectationFailed,
    hint: 'run it by hand with `sglab exec` to see what is missing',
  });
}

/** Asked of the kernel: a packet would be taken for a client. */
export function isServed(netns: Netns, ready: Listener): boolean {
  switch (ready.protocol) {
    case 'tcp':
      return isListening(netns, ready.port);
    case 'udp':
      return isTaken(netns, ready.port);
    case 'raw':
      return true;
  }
}

/** Between bind and listen the port is taken already, and still refuses: only the state says that a program accepts. */
function isListening(netns: Netns, port: number): boolean {
  const sockets = inNetns(netns, () => ['tcp', 'tcp6'].map(readSockets)).join('');
  const local = port.toString(16).toUpperCase().padStart(4, '0');
  return new RegExp(`^ *\\d+: [0-9A-F]+:${local} [0-9A-F:]+ ${STATE_LISTEN} `, 'm').test(sockets);
}

/** TCP_LISTEN, as proc(5) writes it. */
const STATE_LISTEN = '0A';

/** @returns nothing where the kernel has no such sockets: IPv6 may be off */
function readSockets(table: string): string {
  const file = `/proc/thread-self/net/${table}`;
  return fs.existsSync(file) ? fs.readFileSync(file, 'utf8') : '';
}

function isTaken(netns: Netns, port: number): boolean {
  const fd = openSocket(netns, 'dgram', 'ipv4');
  try {
    return bindSocket(fd, '0.0.0.0', port) === 'EADDRINUSE';
  } finally {
    closeSocket(fd);
  }
}
