/** The only place that starts processes. */

import fs from 'node:fs';
import os from 'node:os';
import { execa, type Options, type ResultPromise } from 'execa';
import { KernelError } from './errors.js';
import { libcCalls } from './libc.js';
import { inNetns, type Netns } from './netns.js';

/** For tools that would keep what they are told in the home of whoever runs sglab, as `nft -i` keeps a history. */
export const HOMELESS = { HOME: '/dev/null' } as const;

export interface RunOptions {
  /** Given to the process's standard input. */
  readonly input?: string;
  /** Network namespace to start it in; the host's own without it. */
  readonly namespace?: Netns;
  /** Return a non-zero exit code instead of throwing. */
  readonly allowFailure?: boolean;
  /** Milliseconds after which it is ended. */
  readonly timeout?: number;
  /** Added to this process's own environment. */
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  /** In a session of its own, where a Ctrl-C on the terminal does not reach it. */
  readonly detached?: boolean;
}

export interface RunResult {
  readonly stdout: string;
  readonly stderr: string;
  /** 128 + signal where a signal ended it; 127 where it could not be started. */
  readonly exitCode: number;
}

/** Runs a command to its end. No shell is involved: arguments reach the program as they are. */
export async function run(file: string, args: readonly string[], options: RunOptions = {}): Promise<RunResult> {
  const { subprocess } = spawn(file, args, {
    reject: false,
    stdin: options.input === undefined ? 'ignore' : 'pipe',
    ...(options.input === undefined ? {} : { input: options.input }),
    ...(options.timeout === undefined ? {} : { timeout: options.timeout }),
    ...(options.env === undefined ? {} : { env: options.env }),
    ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
    ...(options.detached === undefined ? {} : { detached: options.detached }),
    ...(options.namespace === undefined ? {} : { namespace: options.namespace }),
  });
  const result = await subprocess;
  const outcome = {
    stdout: String(result.stdout ?? ''),
    stderr: String(result.stderr ?? '') || (result.exitCode === undefined ? (result.shortMessage ?? '') : ''),
    exitCode: result.exitCode ?? (result.signal ? 128 : 127),
  };
  if (outcome.exitCode !== 0 && !options.allowFailure) {
    throw new KernelError({
      command: result.command,
      namespace: options.namespace?.name,
      exitCode: outcome.exitCode,
      stderr: outcome.stderr,
    });
  }
  return outcome;
}

/** Starts a process and hands it over running. execa ends it when this process exits. */
export function spawn(
  file: string,
  args: readonly string[],
  { namespace, ...options }: Options & { namespace?: Netns },
): { subprocess: ResultPromise<Options> } {
  // The subprocess is thenable: the wrapping object keeps `await` from swallowing it.
  const start = () => ({ subprocess: execa(file, args, options as Options) });
  return namespace ? inNetns(namespace, start) : start();
}

/** Is there a process with this id that still runs? One that ended and waits for its parent to look is none. */
export function isAlive(pid: number): boolean {
  try {
    const status = fs.readFileSync(`/proc/${pid}/stat`, 'latin1');
    // "1234 (name) S ...": the name may hold anything, brackets too.
    return !/^[ZX]/.test(status.slice(status.lastIndexOf(')') + 2));
  } catch {
    return false;
  }
}

/** ioctl(2): close on exec. */
const FIOCLEX = 0x5451;

/**
 * Keeps this process's open files from programs that it starts and that may outlive it: libpcap's sockets would be
 * inherited, and who has one of these has the kernel's reports, so that no later process of ours could get them.
 */
export function keepOpenFiles(): void {
  for (const fd of fs.readdirSync('/proc/self/fd').map(Number)) {
    if (fd > 2) libcCalls.ioctl(fd, FIOCLEX, Buffer.alloc(0)); // the one of the listing itself is gone by now
  }
}

type PassedOn = 'SIGINT' | 'SIGQUIT';

/** How long the kernel may take to tell a whole group. */
const GROUP_MS = 20;

/**
 * Passes signals on that were sent to this process alone. What went to its whole group, as a Ctrl-C on the terminal does,
 * the command has got already. A witness in the group tells the two apart: it keeps these signals pending.
 * @returns ends the passing on
 */
export function passOn(signals: readonly PassedOn[], send: (signal: PassedOn) => void): () => void {
  let witness = startWitness(signals);
  let stopped = false;
  const onSignal = (signal: PassedOn) => {
    setTimeout(() => {
      if (stopped) return; // the signal ended the command: a new witness would keep this process alive
      if (!isPending(witness.pid, signal)) return send(signal);
      witness.stop();
      witness = startWitness(signals);
    }, GROUP_MS);
  };
  for (const signal of signals) process.on(signal, onSignal);
  return () => {
    stopped = true;
    for (const signal of signals) process.off(signal, onSignal);
    witness.stop();
  };
}

/** It ends with its standard input, so also when this process is killed. */
function startWitness(signals: readonly PassedOn[]): { pid: number; stop: () => void } {
  const blocked = `--block-signal=${signals.map((signal) => signal.slice('SIG'.length)).join(',')}`;
  const { subprocess } = spawn('env', [blocked, 'cat'], { stdio: ['pipe', 'ignore', 'ignore'], reject: false });
  return { pid: subprocess.pid ?? 0, stop: () => subprocess.kill('SIGKILL') };
}

function isPending(pid: number, signal: PassedOn): boolean {
  try {
    const pending = /^ShdPnd:\s*([0-9a-f]+)$/m.exec(fs.readFileSync(`/proc/${pid}/status`, 'latin1'))?.[1] ?? '0';
    return (BigInt(`0x${pending}`) >> BigInt(os.constants.signals[signal] - 1)) % 2n === 1n;
  } catch {
    return true; // it was ended by the signal before it could block it
  }
}
