/** Real programs inside machines: commands that end, and servers that stay. */
import fs from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { byId } from '../cloud/by-id.js';
import { resolveMachine } from '../cloud/endpoint.js';
import type { Cloud, Listener } from '../cloud/types.js';
import { EXIT, SglabError } from '../errors.js';
import type { Netns } from '../kernel/netns.js';
import { type RunResult, run, spawn } from '../kernel/process.js';
import { bindSocket, closeSocket, openSocket } from '../kernel/sockets.js';
import { machineCommand, machineNamespace, makeScratchDirectory } from '../lab/machine.js';

export interface Machine {
  readonly name: string;
  readonly netns: Netns;
}

/** @throws CloudError for a word that is no machine of the cloud */
export function findMachine(cloud: Cloud, word: string, netns: (name: string) => Netns): Machine {
  const found = resolveMachine(cloud, word);
  const name = found.kind === 'external' ? found.name : byId(cloud.instances, found.id).name;
  return { name, netns: netns(machineNamespace(cloud, { kind: found.kind, name })) };
}

/** Runs a command to its end; 124 as exit code means that it took too long, as with timeout(1). */
export async function execIn(
  cloud: Cloud,
  { name, netns }: Machine,
  argv: readonly string[],
  timeoutMs: number,
): Promise<RunResult> {
  const { file, args, env } = machineCommand(cloud.name, name, ['timeout', String(timeoutMs / 1000), ...argv]);
  const cwd = makeScratchDirectory(cloud.name, name);
  return run(file, args, { env, cwd, namespace: netns, allowFailure: true });
}

export interface Server {
  readonly argv: readonly string[];
  /** Started when something accepts here; at once if null. */
  readonly ready: Listener | null;
  readonly withinMs: number;
}

const POLL_MS = 50;
/** As much of a server's last words as helps. */
const LOG_TAIL = 2000;

/** Starts a server that lives until the lab goes down. @throws SglabError with its last words when it does not get ready */
export async function startIn(cloud: Cloud, { name, netns }: Machine, server: Server): Promise<void> {
  const cwd = makeScratchDirectory(cloud.name, name);
  const log = path.join(cwd, `${path.basename(server.argv[0] ?? 'program')}.log`);
  const { file, args, env } = machineCommand(cloud.name, name, server.argv);
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

function notReady(server: Server, ended: boolean, log: string): SglabError {
  const why = ended ? 'ended' : `was not ready within ${server.withinMs / 1000} s`;
  const words = fs.readFileSync(log, 'utf8').slice(-LOG_TAIL).trim();
  return new SglabError('NotReady', `${server.argv.join(' ')} ${why}${words === '' ? '' : `: ${words}`}`, {
    exitCode: EXIT.expectationFailed,
    hint: 'run it by hand with `sglab exec` to see what it misses',
  });
}

/** A port is served when nobody else can take it: asking so sends no packet that a program could mistake for a client. */
function isServed(netns: Netns, ready: Listener): boolean {
  if (ready.protocol === 'raw') return true;
  const fd = openSocket(netns, ready.protocol === 'tcp' ? 'stream' : 'dgram', 'ipv4');
  try {
    return bindSocket(fd, '0.0.0.0', ready.port) === 'EADDRINUSE';
  } finally {
    closeSocket(fd);
  }
}
