/** Real programs inside machines: commands that end, and servers that stay. */
import fs from 'node:fs';
import type { Socket } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import type { Readable } from 'node:stream';
import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises';
import type { Listener } from '../cloud/instances/types.js';
import { byId } from '../cloud/lookup.js';
import { resolveMachine } from '../cloud/text/endpoint.js';
import type { Cloud } from '../cloud/types.js';
import { EXIT, SglabError } from '../errors.js';
import { inNetns, type Netns, type OpenNamespaces } from '../kernel/netns.js';
import { bindSocket, closeSocket, openSocket } from '../kernel/sockets.js';
import { initOf, type Machine, OUTLIVING, type Subprocess, spawnInside } from './init.js';
import { machineNamespace, makeScratchDirectory } from './machine.js';

/** @throws CloudError for a word that is no machine of the cloud */
export function findMachine(cloud: Cloud, word: string, namespaces: OpenNamespaces): Machine {
  const found = resolveMachine(cloud, word);
  const name = found.kind === 'external' ? found.name : byId(cloud.instances, found.id).name;
  return { kind: found.kind, name, netns: namespaces.netns(machineNamespace(cloud, { kind: found.kind, name })) };
}

export interface ExecResult {
  readonly stdout: string;
  readonly stderr: string;
  /** 128 + signal if a signal ended it; 127 if there is no such program. Null: it took too long. */
  readonly exitCode: number | null;
}

/** How long a command may take to end when it is asked to. */
const ENDING_MS = 1000;

/** Runs a command to its end. What it leaves in the background goes on as long as the machine does, and is not waited for. */
export async function execIn(
  cloud: Cloud,
  machine: Machine,
  argv: readonly string[],
  timeoutMs: number,
): Promise<ExecResult> {
  const init = await initOf(cloud, machine);
  const { subprocess } = spawnInside({ netns: machine.netns, init }, argv, OUTLIVING);
  subprocess.stdin?.end();
  const outputs = [collect(subprocess.stdout), collect(subprocess.stderr)];
  const exitCode = await exitWithin(subprocess, timeoutMs);
  const [stdout = '', stderr = ''] = await Promise.all(outputs.map((soFar) => soFar()));
  return { stdout, stderr, exitCode };
}

/** Ends it with everything that it started in its group when the time is over. @returns its exit code; null if it took too long */
async function exitWithin(subprocess: Subprocess, timeoutMs: number): Promise<number | null> {
  let isLate = false;
  const end = (name: NodeJS.Signals) => {
    isLate = true;
    signalGroup(subprocess.pid, name);
  };
  const asked = setTimeout(() => end('SIGTERM'), timeoutMs);
  const killed = setTimeout(() => end('SIGKILL'), timeoutMs + ENDING_MS);
  try {
    const exitCode = await exitOf(subprocess);
    return isLate ? null : exitCode;
  } finally {
    clearTimeout(asked);
    clearTimeout(killed);
  }
}

function exitOf(subprocess: Subprocess): Promise<number> {
  return new Promise((resolve, reject) => {
    subprocess.once('error', reject);
    subprocess.once('exit', (code: number | null, name: NodeJS.Signals | null) =>
      resolve(code ?? 128 + (name === null ? 0 : os.constants.signals[name])),
    );
  });
}

function signalGroup(leader: number | undefined, name: NodeJS.Signals): void {
  try {
    if (leader !== undefined) process.kill(-leader, name);
  } catch {
    // it ended meanwhile
  }
}

/** As much of the end of an output as is kept, in characters. */
const KEPT = 2 ** 24;

/**
 * Collects what a command writes. When it has ended, the next turn of the event loop reads all that it wrote. Whatever it has left
 * in the background may go on writing, and is neither waited for nor ended by a pipe that nobody reads.
 * @returns a function that gives the output so far
 */
function collect(stream: Readable | null | undefined): () => Promise<string> {
  const chunks: string[] = [];
  let length = 0;
  stream?.setEncoding('utf8').on('data', (data: string) => {
    length += data.length;
    chunks.push(data);
    while (length > KEPT) length -= chunks.shift()?.length ?? 0;
  });
  return async () => {
    await nextTurn();
    await nextTurn();
    if (stream !== null && stream !== undefined && 'unref' in stream) (stream as Socket).unref();
    return chunks.join('');
  };
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

/** A log is opened inside, where no link leads out. */
const LOGGED = ['sh', '-c', 'exec "$@" >>"$0" 2>&1'];

/** Starts a server that lives until the lab goes down. @throws SglabError with its last words when it does not get ready */
export async function startIn(cloud: Cloud, machine: Machine, server: Server): Promise<void> {
  const { netns } = machine;
  const log = `${path.basename(server.argv[0] ?? 'program')}.log`;
  const argv = [...LOGGED, log, ...server.argv];
  const { subprocess } = spawnInside({ netns, init: await initOf(cloud, machine) }, argv, OUTLIVING);
  for (const stream of [subprocess.stdin, subprocess.stdout, subprocess.stderr]) stream?.destroy();
  let ended = false;
  subprocess.once('exit', () => {
    ended = true;
  });
  subprocess.unref();
  const deadline = Date.now() + server.withinMs;
  while (server.ready !== null && !isServed(netns, server.ready)) {
    if (ended || Date.now() > deadline) {
      throw notReady(server, ended, lastLines(path.join(makeScratchDirectory(cloud.name, machine.name), log)));
    }
    await sleep(POLL_MS);
  }
}

function notReady({ withinMs }: Server, ended: boolean, words: string): SglabError {
  const why = ended ? 'it ended' : `it was not ready within ${withinMs / 1000} s`;
  return new SglabError('NotReady', words === '' ? why : `${why}: ${words}`, {
    exitCode: EXIT.expectationFailed,
    hint: 'run it by hand with `sglab exec` to see what is missing',
  });
}

/** Of a file that a program inside may have put there: a link is not followed, and a pipe not waited for. */
function lastLines(file: string): string {
  const { O_RDONLY, O_NOFOLLOW, O_NONBLOCK } = fs.constants;
  try {
    const fd = fs.openSync(file, O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
    try {
      const text = fs.fstatSync(fd).isFile() ? fs.readFileSync(fd, 'utf8') : '';
      return text.trim().split('\n').slice(-LAST_LINES).join(' ');
    } finally {
      fs.closeSync(fd);
    }
  } catch {
    return '';
  }
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
